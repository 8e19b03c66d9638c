/**
 * The worker's own access token: SMART backend services, `client_credentials` with `private_key_jwt`
 * (https://hl7.org/fhir/smart-app-launch/backend-services.html). Neither the token, the assertion nor the host's
 * words about them appear in an error.
 */
import { randomUUID } from 'node:crypto'
import { importJWK, type JWK, SignJWT } from 'jose'
import { type Clock, EmrError } from '../flows/ports.ts'
import { fetchJson } from './fetch-json.ts'
import type { TokenSource } from './fhir-call.ts'
import type { SmartConfiguration } from './smart-discovery.ts'

export type { TokenSource } from './fhir-call.ts'

/** A token typed in by hand, as in the sandbox. */
export function fixedToken(text: string): TokenSource {
  return { get: async () => text, drop: () => {} }
}

export interface Backend {
  baseUrl: string
  clientId: string
  /** SMART v2 scopes, `system/Patient.rs system/Appointment.rs`. */
  scope: string
  /** Private keys with `kid` and `alg`; the first one that the host takes is used. */
  keys: JWK[]
  discover: (baseUrl: string) => Promise<SmartConfiguration>
  now: Clock
  /** Milliseconds that the token request may take, 10 s unless told. */
  timeoutFor?: number
}

/** Hosts refuse more than 5 minutes; the rest is for clocks that differ. */
const assertionForSeconds = 4 * 60
/** Milliseconds. */
const renewBefore = 30_000

export function createBackendToken(backend: Backend): TokenSource {
  let held: { token: string; until: number } | undefined
  let asked: Promise<string> | undefined

  async function renew(): Promise<string> {
    const { token, expiresFor } = await requestToken(backend)
    held = { token, until: backend.now() + expiresFor - renewBefore }
    return token
  }

  return {
    async get() {
      if (held && backend.now() < held.until) return held.token
      asked ??= renew().finally(() => {
        asked = undefined
      })
      return asked
    },
    drop(stale) {
      if (stale === undefined || held?.token === stale) held = undefined
    },
  }
}

async function requestToken(backend: Backend): Promise<{ token: string; expiresFor: number }> {
  const doing = `Fetching a token for ${backend.clientId} from ${new URL(backend.baseUrl).origin}`
  const { tokenEndpoint, algs } = await backend.discover(backend.baseUrl)
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: backend.scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await signAssertion(backend, chooseKey(doing, backend.keys, algs), tokenEndpoint),
  })
  const request = { method: 'POST', body: form, timeoutFor: backend.timeoutFor }
  const { status, ok, body } = await fetchJson(doing, tokenEndpoint, request)
  if (!ok) throw refusal(doing, status, body)
  return readToken(doing, body)
}

/** RS384 is what a host that says nothing is sure to take; ES384 is shorter and quicker where it is named. */
function chooseKey(doing: string, keys: JWK[], algs: string[]): JWK & { alg: string } {
  const order = algs.length ? ['ES384', 'RS384'].filter((alg) => algs.includes(alg)) : ['RS384', 'ES384']
  for (const alg of order) {
    const key = keys.find((one) => one.alg === alg)
    if (key) return { ...key, alg }
  }
  throw new EmrError(`${doing}: it takes ${algs.join(', ') || 'RS384 or ES384'}, and there is no such key`)
}

async function signAssertion(
  { clientId, now }: Backend,
  key: JWK & { alg: string },
  audience: string,
): Promise<string> {
  const seconds = Math.floor(now() / 1_000)
  return new SignJWT()
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setJti(randomUUID())
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + assertionForSeconds)
    .sign(await importJWK(key))
}

/** OAuth's `error` is a code; its `error_description` may quote what we sent. */
function refusal(doing: string, status: number, body: Record<string, unknown> = {}): EmrError {
  const known = typeof body.error === 'string' && /^[a-z_]{1,40}$/.test(body.error)
  return new EmrError(`${doing}: it answered ${status}${known ? ` (${body.error})` : ''}`, { status })
}

function readToken(
  doing: string,
  answer: Record<string, unknown> = {},
): { token: string; expiresFor: number } {
  const { access_token: token, expires_in: expires } = answer
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new EmrError(`${doing}: it answered without an access token`)
  }
  const seconds = Number(expires)
  // A host that does not say how long it holds is asked again each minute.
  return { token, expiresFor: seconds > 0 ? seconds * 1_000 : 60_000 + renewBefore }
}
