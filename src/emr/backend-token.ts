/**
 * The worker's own access token: SMART backend services, `client_credentials` with `private_key_jwt`
 * (https://hl7.org/fhir/smart-app-launch/backend-services.html), or with a secret where a host gives nothing else.
 * Neither the token, the assertion, the secret nor the host's words about them appear in an error.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { importJWK, type JWK, SignJWT } from 'jose'
import { type Clock, EmrError } from '../flows/ports.ts'
import { fetchJson, type JsonAnswer } from './fetch-json.ts'
import type { TokenSource } from './fhir-call.ts'
import { createRetryGate, type RetryGate, readHttpDate, waitBeforeRetry } from './retry-after.ts'
import type { SmartConfiguration } from './smart-discovery.ts'

export type { TokenSource } from './fhir-call.ts'

/** A token typed in by hand, as in the sandbox. */
export function fixedToken(text: string): TokenSource {
  return { get: async () => text, drop: () => {} }
}

/** `keys`: private, with `kid` and `alg`; asked for each time, because they rotate. `secret`: RFC 6749, 2.3.1. */
export type Proof = { keys: () => Promise<JWK[]>; secret?: undefined } | { secret: string; keys?: undefined }

export type Backend = Proof & {
  baseUrl: string
  clientId: string
  /** SMART v2 scopes, `system/Patient.rs system/Appointment.rs`. */
  scope: string
  discover: (baseUrl: string) => Promise<SmartConfiguration>
  now: Clock
  /** Milliseconds that the token request may take, 10 s unless told. */
  timeoutFor?: number
}

/** Hosts refuse more than 5 minutes; the rest is for clocks that differ. */
const assertionForSeconds = 4 * 60
/** Milliseconds. */
const renewBefore = 30_000
/** Hosts tolerate about as much, so less explains no refusal. */
const sameClock = 60_000

export interface BackendToken extends TokenSource {
  /** Scopes of the newest token; `undefined` where the host does not say, which means all that were asked for. */
  granted(): string[] | undefined
}

export function createBackendToken(backend: Backend): BackendToken {
  let held: { token: string; until: number } | undefined
  let granted: string[] | undefined
  let asked: Promise<string> | undefined
  const gate = createRetryGate<JsonAnswer>()

  async function renew(): Promise<string> {
    const { token, expiresFor, scopes } = await requestToken(backend, gate)
    granted = scopes
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
    granted: () => granted,
  }
}

interface Granted {
  token: string
  expiresFor: number
  scopes?: string[]
}

async function requestToken(backend: Backend, gate: RetryGate<JsonAnswer>): Promise<Granted> {
  const doing = `Fetching a token for ${backend.clientId} from ${new URL(backend.baseUrl).origin}`
  const closed = gate.closedBy()
  if (closed) throw refusal(doing, closed, backend.now())
  const configuration = await backend.discover(backend.baseUrl)
  // A second try is a new assertion: its `jti` may be used once only.
  const ask = async () => askOnce(doing, backend, configuration)
  const first = await ask()
  const waitFor = waitBeforeRetry(first)
  if (waitFor !== undefined) await wait(waitFor)
  const answer = waitFor === undefined ? first : await ask()
  gate.note(answer)
  if (!answer.ok) throw refusal(doing, answer, backend.now())
  return readToken(doing, answer.body)
}

async function askOnce(
  doing: string,
  backend: Backend,
  { tokenEndpoint, algs }: SmartConfiguration,
): Promise<JsonAnswer> {
  const { scope, clientId, timeoutFor } = backend
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope })
  if (backend.secret !== undefined) {
    const headers = { authorization: basic(clientId, backend.secret) }
    return fetchJson(doing, tokenEndpoint, { method: 'POST', headers, body, timeoutFor })
  }
  const key = chooseKey(doing, await backend.keys(), algs)
  body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
  body.set('client_assertion', await signAssertion(backend, key, tokenEndpoint))
  return fetchJson(doing, tokenEndpoint, { method: 'POST', body, timeoutFor })
}

/** Both halves are form-encoded before they are joined: a colon or a letter beyond ASCII in one must not end it. */
function basic(clientId: string, secret: string): string {
  const encoded = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)
  return `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(secret)}`).toString('base64')}`
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
  { clientId, now }: Pick<Backend, 'clientId' | 'now'>,
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
function refusal(doing: string, { status, headers, body = {} }: JsonAnswer, now: number): EmrError {
  const known = typeof body.error === 'string' && /^[a-z_]{1,40}$/.test(body.error) ? body.error : undefined
  const mayBeTime = known === 'invalid_client' || known === 'invalid_grant'
  const clocks = mayBeTime ? sayClocks(headers, now) : ''
  return new EmrError(`${doing}: it answered ${status}${known ? ` (${known})` : ''}${clocks}`, {
    status,
    ...(known && { code: known }),
  })
}

/** An assertion from tomorrow is refused like one with a wrong signature, and nobody would think of the clock. */
function sayClocks(headers: Headers, now: number): string {
  const theirs = readHttpDate(headers.get('date'))
  if (theirs === undefined || Math.abs(now - theirs) <= sameClock) return ''
  const seconds = Math.round(Math.abs(now - theirs) / 1_000)
  return `; the clocks differ by ${seconds} seconds, ours is ${now > theirs ? 'ahead' : 'behind'}`
}

function readToken(doing: string, answer: Record<string, unknown> = {}): Granted {
  const { access_token: token, expires_in: expires, scope } = answer
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new EmrError(`${doing}: it answered without an access token`)
  }
  const seconds = Number(expires)
  // A host that does not say how long it holds is asked again each minute.
  const expiresFor = seconds > 0 ? seconds * 1_000 : 60_000 + renewBefore
  return {
    token,
    expiresFor,
    ...(typeof scope === 'string' && { scopes: scope.split(/\s+/).filter(Boolean) }),
  }
}
