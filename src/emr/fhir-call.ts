/**
 * One request to a FHIR server: what fhir-kit-client lacks around it (timeout, a token that may have gone stale, 429)
 * and the only place that reads its errors. Those carry bodies, URLs and headers, so nothing of them but the status
 * and the OperationOutcome's code leaves this file.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'fhir-kit-client'
import { withoutHostReferences, withRelativeReferences } from '../fhir/reference.ts'
import { EmrError } from '../flows/ports.ts'
import { createRetryGate, type RetryGate, waitBeforeRetry } from './retry-after.ts'
import { isTrouble } from './trouble.ts'

/** Gives the bearer token for the next request. */
export interface TokenSource {
  get(): Promise<string>
  /** Forgets it after a 401; given the stale one, it leaves alone a newer one that another request has fetched. */
  drop(stale?: string): void
}

export interface FhirServer {
  /** Base URL of the FHIR API, `https://emr.example/fhir`. */
  baseUrl: string
  token?: TokenSource
  /** Milliseconds that one request may take, 10 s unless told. */
  timeoutFor?: number
  /** Of a store beside the host: the host's FHIR base. Patients and visits are then the host's, and named by its address. */
  hostBase?: string
  /** Shared by all ways to one server, so that all of them leave it alone for as long as it asked one of them. */
  gate?: RetryGate<Refusal>
}

export interface Answer {
  status: number
  headers: Headers
  /** Parsed JSON; `{}` when the body was empty. */
  body: Record<string, unknown>
}

export interface CallOptions {
  headers: Record<string, string>
  signal: AbortSignal
}

/** `doing` begins the error's sentence (`Reading Patient/1`): references and parameter names, never values. */
export type FhirCall = (
  doing: string,
  send: (client: Client, options: CallOptions) => Promise<unknown>,
  headers?: Record<string, string>,
) => Promise<Answer>

export type Refusal = { refused: true; status: number; headers: Headers; code?: string; foreign: boolean }

/** A function that throws `EmrError` for everything but a 2xx with JSON (or nothing) in it. */
export function createFhirCall(server: FhirServer): FhirCall {
  const { baseUrl, token, timeoutFor = 10_000, gate = createRetryGate() } = server
  // A redirect would carry the search's form, or the resource, to an address nobody configured.
  const client = new Client({ baseUrl: withoutSlash(baseUrl), requestOptions: { redirect: 'manual' } })

  return async function call(doing, send, headers = {}) {
    const closed = gate.closedBy()
    if (closed) throw refusal(doing, closed)
    const attempt = async () => {
      const bearer = await bearerOf(token)
      const signal = AbortSignal.timeout(timeoutFor)
      const authorized = bearer ? { ...headers, authorization: `Bearer ${bearer}` } : headers
      const answer = await sendOnce(doing, timeoutFor, signal, () =>
        send(client, { headers: authorized, signal }),
      )
      return { answer, bearer }
    }
    let { answer, bearer } = await attempt()
    if (answer.status === 401 && token) {
      token.drop(bearer)
      answer = (await attempt()).answer
    }
    const waitFor = waitBeforeRetry(answer)
    if (waitFor !== undefined) {
      await wait(waitFor)
      answer = (await attempt()).answer
    }
    if ('refused' in answer) {
      gate.note(answer)
      throw refusal(doing, answer)
    }
    return { ...answer, body: withOwnReferences(answer.body, server) }
  }
}

/**
 * Whatever is wrong with our token says nothing of what was asked: a token endpoint that is not found would be read as "that
 * visit is gone". So we are not known there, as long as it is no trouble that passes by itself.
 */
export async function bearerOf(token: Pick<TokenSource, 'get'> | undefined): Promise<string | undefined> {
  try {
    return await token?.get()
  } catch (error) {
    if (!(error instanceof EmrError) || isTrouble(error)) throw error
    throw new EmrError(error.message, { status: 401, cause: error })
  }
}

/** As we speak of it: relative is what is the host's, or our own in the store. */
function withOwnReferences<T>(answered: T, { baseUrl, hostBase }: FhirServer): T {
  return hostBase === undefined
    ? withRelativeReferences(answered, baseUrl)
    : withoutHostReferences(answered, { host: hostBase, store: baseUrl })
}

async function sendOnce(
  doing: string,
  timeoutFor: number,
  signal: AbortSignal,
  send: () => Promise<unknown>,
): Promise<Answer | Refusal> {
  try {
    const data = await send()
    const { response } = Client.httpFor(data as Parameters<typeof Client.httpFor>[0])
    if (!response) throw new TypeError('an answer without a response')
    // A copy leaves behind the hidden request that fhir-kit-client hangs on it, with the token in its headers.
    return { status: response.status, headers: response.headers, body: { ...(data as object) } }
  } catch (error) {
    const refused = readRefusal(error)
    if (refused) return refused
    if (signal.aborted) throw new EmrError(`${doing}: no answer within ${timeoutFor} ms`)
    throw unreachable(doing, error)
  }
}

/** fhir-kit-client throws one shape for every non-2xx and for every body that is not JSON. */
function readRefusal(error: unknown): Refusal | undefined {
  const { response, config } = error as {
    response?: { status: number; data: unknown }
    config?: { headers: Headers }
  }
  if (!response || !config) return undefined
  const { issue } = (response.data ?? {}) as { issue?: { code?: unknown }[] }
  const code = Array.isArray(issue) ? issue[0]?.code : undefined
  return {
    refused: true,
    status: response.status,
    headers: config.headers,
    code: typeof code === 'string' && /^[a-z-]{1,40}$/.test(code) ? code : undefined,
    foreign: typeof response.data === 'string',
  }
}

/** An answer that is not FHIR loses its status: a proxy's 404 page must not be read as "that visit is gone". */
function refusal(doing: string, { status, code, foreign }: Refusal): EmrError {
  if (foreign && (status < 300 || status === 404 || status === 410)) {
    return new EmrError(`${doing}: the server answered ${status} with something that is not FHIR`)
  }
  if (isOnlyNow(status, code))
    return new EmrError(`${doing}: the server answered ${status}, but only for now (${code})`)
  return new EmrError(`${doing}: the server answered ${status}${code ? ` (${code})` : ''}`, { status })
}

const passing = ['transient', 'lock-error', 'no-store', 'timeout', 'throttled']

/** A "not there" that is only for now says nothing of what is there. https://hl7.org/fhir/R4/valueset-issue-type.html */
export function isOnlyNow(status: number, code: string | undefined): boolean {
  return (status === 404 || status === 410) && passing.includes(code ?? '')
}

function unreachable(doing: string, error: unknown): EmrError {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  return code
    ? new EmrError(`${doing}: the server could not be reached (${code})`, { cause })
    : new EmrError(`${doing}: the server gave no answer that can be read`)
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
