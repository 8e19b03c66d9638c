/** A host's id_token: signature, issuer, audience and expiry, against the host's own keys. */
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { SmartConfiguration } from './smart-discovery.ts'

export interface IdTokens {
  /** `undefined` when anything about the token is wrong; throws when the host's keys cannot be had. */
  verify(idToken: string): Promise<{ subject: string } | undefined>
}

export function createIdTokens(host: {
  baseUrl: string
  /** The app's client id: the only audience that is for us. */
  clientId: string
  discover: (baseUrl: string) => Promise<SmartConfiguration>
}): IdTokens {
  let keys: { uri: string; set: ReturnType<typeof createRemoteJWKSet> } | undefined
  return {
    async verify(idToken) {
      const { issuer, jwksUri } = await host.discover(host.baseUrl)
      if (!issuer || !jwksUri) return undefined
      if (keys?.uri !== jwksUri) keys = { uri: jwksUri, set: createRemoteJWKSet(new URL(jwksUri)) }
      try {
        const { payload } = await jwtVerify(idToken, keys.set, {
          issuer,
          audience: host.clientId,
          algorithms: ['RS256', 'RS384', 'ES256', 'ES384'],
          requiredClaims: ['exp', 'sub'],
        })
        return payload.sub ? { subject: payload.sub } : undefined
      } catch {
        return undefined
      }
    },
  }
}
