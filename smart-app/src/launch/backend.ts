/** Qasid's own API. The session lives in memory only; when it ends, another is made from the host's newest id_token. */
import { type ClinicFacts, type Session, type SessionRequest, session } from '../../../src/contract/api.ts'
import type { Reference } from '../../../src/domain/message-request.ts'
import type { LiveStream } from '../live/live-feed.ts'

export interface Backend {
  /** `undefined` when we are given no session; rejects when nothing answers. */
  clinic(): Promise<ClinicFacts | undefined>
  /** Send this request now rather than at the next tick. `false`: it goes at the next tick. */
  nudge(request: Reference): Promise<boolean>
  /** Rejects when nothing answers. */
  openLive(signal: AbortSignal): Promise<LiveStream>
}

export function createBackend(fetch: typeof globalThis.fetch, proof: () => SessionRequest): Backend {
  const sessions = createSessions(fetch, proof)
  const authorized = createAuthorized(fetch, sessions)
  return {
    async clinic() {
      return (await sessions.current())?.clinic
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

function createSessions(fetch: typeof globalThis.fetch, proof: () => SessionRequest): Sessions {
  let held: Promise<Session | undefined> | undefined
  const forget = () => {
    held = undefined
  }
  return {
    forget,
    async current() {
      held ??= openSession(fetch, proof())
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

async function openSession(
  fetch: typeof globalThis.fetch,
  proof: SessionRequest,
): Promise<Session | undefined> {
  const response = await fetch('/api/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(proof),
    cache: 'no-store',
  })
  if (response.status >= 500) throw new Error(`The session was answered with ${response.status}`)
  return response.ok ? session.parse(await response.json()) : undefined
}
