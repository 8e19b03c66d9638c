/**
 * The clinician's access to the host: the token, renewed where the host gave something to renew it with, by a public
 * client's rules (the SMART library leaves out who we are). Once it has ended nobody is asked any more: only a new launch
 * helps. All of it lives in memory, and in this tab's sessionStorage so that a reload is no new launch.
 */
import { z } from 'zod'
import { type Instant, minute, second } from '../../../src/domain/time.ts'
import { HostError } from '../chart/fhir-host.ts'

/** As the SMART library keeps it. */
export interface AccessState {
  clientId?: string
  tokenUri?: string
  /** Seconds since 1970. */
  expiresAt?: number
  tokenResponse?: { access_token?: string; refresh_token?: string; id_token?: string; scope?: string }
}

export interface AccessParts {
  state: AccessState
  /** For a reload of the page. */
  keep(state: AccessState): unknown
  fetch: typeof globalThis.fetch
  now(): Instant
}

export interface Access {
  /** `Bearer …`. Throws `HostError` 401 once the access has ended. */
  authorization(): Promise<string>
  /** After the host refused this one: whether there is another to try with. */
  renew(refused: string): Promise<boolean>
  /** The newest; empty where the host gives none. */
  idToken(): string
}

const renewed = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
})
type Renewed = z.infer<typeof renewed>

/** A request under way must not end in the middle. */
const renewBefore = 30 * second
/** Of a host that does not say. */
const lastsFor = 5 * minute
/** A token that is refused so soon after it was given will be refused each time. */
const tooSoon = minute

export function createAccess({ state, keep, fetch, now }: AccessParts): Access {
  let hasEnded = false
  let renewedAt: Instant | undefined
  let renewing: Promise<boolean> | undefined
  const bearer = () => bearerOf(state)
  const isEnding = () => (state.expiresAt ?? Number.POSITIVE_INFINITY) * second - renewBefore < now()

  async function renewNow(): Promise<boolean> {
    const answer = await askForToken(state, fetch)
    if (answer.kind === 'away') return false
    if (answer.kind === 'renewed') {
      renewedAt = now()
      take(state, answer.tokens, now())
    } else {
      // What is refused once is refused again.
      delete state.tokenResponse?.refresh_token
    }
    keep(state)
    return answer.kind === 'renewed'
  }

  /** One request, however many wait for it. */
  function renewOnce(): Promise<boolean> {
    renewing ??= renewNow().finally(() => {
      renewing = undefined
    })
    return renewing
  }

  return {
    idToken: () => state.tokenResponse?.id_token ?? '',
    async authorization() {
      if (hasEnded) throw new HostError('The access to the host has ended', 401)
      // Where that fails the host may still take the old one; if not, it will say so.
      if (state.tokenResponse?.refresh_token && isEnding()) await renewOnce()
      return bearer()
    },
    async renew(refused) {
      if (hasEnded) return false
      if (bearer() !== refused) return true
      const wasNew = renewedAt !== undefined && now() < renewedAt + tooSoon
      if (!wasNew && state.tokenResponse?.refresh_token && (await renewOnce())) return true
      // A host that is away for the moment has refused nothing.
      hasEnded = wasNew || !state.tokenResponse?.refresh_token
      return false
    },
  }
}

function bearerOf({ tokenResponse }: AccessState): string {
  return tokenResponse?.access_token ? `Bearer ${tokenResponse.access_token}` : ''
}

function take(state: AccessState, { expires_in, ...tokens }: Renewed, now: Instant): void {
  state.tokenResponse = { ...state.tokenResponse, ...tokens }
  state.expiresAt = Math.floor((now + (expires_in ? expires_in * second : lastsFor)) / second)
}

type Answer = { kind: 'renewed'; tokens: Renewed } | { kind: 'refused' } | { kind: 'away' }

async function askForToken(
  { clientId = '', tokenUri, tokenResponse }: AccessState,
  fetch: typeof globalThis.fetch,
): Promise<Answer> {
  if (!tokenUri || !tokenResponse?.refresh_token) return { kind: 'refused' }
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: tokenResponse.refresh_token,
    client_id: clientId,
  })
  // No cookies: whoever else the browser is signed in as there has no say.
  const init = { method: 'POST', body, credentials: 'omit', cache: 'no-store', redirect: 'error' } as const
  const response = await fetch(tokenUri, init).catch(() => undefined)
  if (!response || response.status >= 500 || response.status === 429) return { kind: 'away' }
  if (!response.ok) return { kind: 'refused' }
  const read = renewed.safeParse(await response.json().catch(() => undefined))
  return read.success ? { kind: 'renewed', tokens: read.data } : { kind: 'refused' }
}
