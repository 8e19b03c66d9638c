/**
 * A host's id_token: signature, issuer, audience and expiry, against the host's own keys. SMART's libraries for browsers
 * read it without any of that, so it is done here.
 */
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { fromAnyReference } from '../fhir/reference.ts'
import { EmrError } from '../flows/ports.ts'
import type { SmartConfiguration } from './smart-discovery.ts'

/** Seconds. Two machines that both keep the right time still differ by a few. */
const clockTolerance = 60

export interface KnownUser {
  subject: string
  /** `Practitioner/…`, where the host says so (SMART's `fhirUser`, or `profile` of older ones). */
  fhirUser?: string
}

export interface IdTokens {
  /** `undefined` when anything about the token is wrong; throws `EmrError` when the host's keys cannot be had. */
  verify(idToken: string): Promise<KnownUser | undefined>
}

export function createIdTokens(host: {
  baseUrl: string
  /** The app's client id: the only audience that is for us. */
  clientId: string
  discover: (baseUrl: string) => Promise<Pick<SmartConfiguration, 'issuer' | 'jwksUri'>>
  /** Milliseconds that the host's keys may take, 5 s unless told. */
  timeoutFor?: number
}): IdTokens {
  let keys: { uri: string; find: JWTVerifyGetKey } | undefined
  return {
    async verify(idToken) {
      const { issuer, jwksUri } = await host.discover(host.baseUrl)
      if (!issuer || !jwksUri) return undefined
      if (keys?.uri !== jwksUri) keys = { uri: jwksUri, find: findKeysAt(jwksUri, host.timeoutFor) }
      try {
        const { payload } = await jwtVerify(idToken, keys.find, {
          issuer,
          audience: host.clientId,
          // Neither `none` nor those whose key would be what everybody can read.
          algorithms: ['RS256', 'RS384', 'ES256', 'ES384'],
          requiredClaims: ['exp', 'sub'],
          clockTolerance,
        })
        return payload.sub ? { subject: payload.sub, ...userIn(payload) } : undefined
      } catch (error) {
        if (error instanceof EmrError) throw error
        return undefined
      }
    },
  }
}

/** Of the kinds that may ask for a message. */
function userIn({ fhirUser, profile }: JWTPayload): { fhirUser?: string } {
  const named = [fhirUser, profile].find((one) => typeof one === 'string')
  const found = typeof named === 'string' ? fromAnyReference(named) : undefined
  return found && /^(Practitioner|PractitionerRole|Patient|RelatedPerson)\//.test(found)
    ? { fhirUser: found }
    : {}
}

/** Only here is it still to be told whether the token is wrong or the host is away. */
export function findKeysAt(uri: string, timeoutFor = 5_000): JWTVerifyGetKey {
  const set = createRemoteJWKSet(new URL(uri), { timeoutDuration: timeoutFor })
  return async (header, token) => {
    try {
      return await set(header, token)
    } catch (error) {
      if (isAboutToken(error)) throw error
      throw new EmrError(`Reading the keys of ${new URL(uri).origin}: they cannot be had`, { cause: error })
    }
  }
}

function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  )
}
