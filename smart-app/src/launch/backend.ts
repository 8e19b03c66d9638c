/** Qasid's own API. The session lives in memory only; when it ends, another is made from the host's newest id_token. */
import { type ClinicFacts, type Session, type SessionRequest, session } from '../../../src/contract/api.ts'
import type { Reference } from '../../../src/domain/message-request.ts'
import type { LiveStream } from '../live/live-feed.ts'

export interface Backend {
  /** `undefined` when we are given no session; rejects when nothing answers. */
  clinic(): Promise<ClinicFacts | undefined>
  /** Send this request now rather than at the next tick. `false`: it goes at the next tick. */
  nudge(request: Reference): Promise<boolean>
  /** Where our own records are read; `undefined` when we are given no session. Rejects when nothing answers. */
  chart(): Promise<Session['chart'] | undefined>
  /** One call with the session, as `fetch`; a session that is over is replaced once. */
  fetch(path: string, init: RequestInit): Promise<Response>
  /** Rejects when nothing answers. */
  openLive(signal: AbortSignal): Promise<LiveStream>
}

export interface BackendProof extends Pick<SessionRequest, 'iss' | 'idToken' | 'patient'> {
  /** The host's, fresh; given away only where our server asks for it. */
  accessToken?(): Promise<string | undefined>
}

export function createBackend(fetch: typeof globalThis.fetch, proof: () => BackendProof): Backend {
  const sessions = createSessions(fetch, proof)
  const authorized = createAuthorized(fetch, sessions)
  return {
    async clinic() {
      return (await sessions.current())?.clinic
    },
    async chart() {
      return (await sessions.current())?.chart
    },
    async fetch(path, init) {
      // What a host says to somebody it does not know.
      return (await authorized(path, init)) ?? new Response(null, { status: 403 })
    },
    async nudge(request) {
      const headers = { 'Content-Type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify({ request }) }
      const response = await authorized('/api/nudge', init).catch(() => undefined)
      return response?.ok ?? false
    },
    async openLive(signal) {
      const response = await authorized('/live', { headers: { Accept: 'text/event-stream' }, signal })
      if (response?.ok && response.body) return { kind: 'stream', body: response.body }
      if (!response || response.status === 401 || response.status === 403) return { kind: 'refused' }
      throw new Error(`The live feed answered ${response.status}`)
    },
  }
}

type Authorized = (path: string, init: RequestInit) => Promise<Response | undefined>

interface Sessions {
  /** The one that stands, else a new one; `undefined` when the backend gives us none. */
  current(): Promise<Session | undefined>
  forget(): void
}

function createSessions(fetch: typeof globalThis.fetch, proof: () => BackendProof): Sessions {
  let held: Promise<Session | undefined> | undefined
  let last: Session | undefined
  const forget = () => {
    held = undefined
  }
  const open = async () => {
    const opened = await openSession(fetch, proof(), last)
    last = opened ?? last
    return opened
  }
  return {
    forget,
    async current() {
      held ??= open()
      try {
        const found = await held
        if (!found) forget()
        return found
      } catch (error) {
        forget()
        throw error
      }
    },
  }
}

/** `undefined` when there is no session. One 401 may be an ended session; a second one is an answer. */
function createAuthorized(fetch: typeof globalThis.fetch, sessions: Sessions): Authorized {
  const call = async (path: string, init: RequestInit, { token }: Session) => {
    const headers = new Headers(init.headers)
    headers.set('Authorization', `Bearer ${token}`)
    return fetch(path, { ...init, headers, cache: 'no-store' })
  }
  return async (path, init) => {
    const first = await sessions.current()
    if (!first) return undefined
    const response = await call(path, init, first)
    if (response.status !== 401) return response
    sessions.forget()
    const second = await sessions.current()
    return second ? call(path, init, second) : response
  }
}

/** Precondition Required: our records stand beside this host, and the host is asked with the clinician's token. */
const needsToken = 428

async function openSession(
  fetch: typeof globalThis.fetch,
  { accessToken, ...proof }: BackendProof,
  before: Session | undefined,
): Promise<Session | undefined> {
  const ask = (body: SessionRequest) =>
    fetch('/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
    })
  // Who asked for the token once asks for it again.
  const first = before?.chart === 'gateway' ? undefined : await ask(proof)
  if (first && first.status !== needsToken) return readSession(first)
  const token = await accessToken?.()
  if (!token) return undefined
  return readSession(await ask({ ...proof, accessToken: token, ...(before && { renews: before.token }) }))
}

async function readSession(response: Response): Promise<Session | undefined> {
  if (response.status >= 500) throw new Error(`The session was answered with ${response.status}`)
  return response.ok ? session.parse(await response.json()) : undefined
}
