/**
 * The way to the host: our own server is asked whether we know it before a single request goes there, and how; then the
 * SMART library makes the address, and we go there with PKCE, a state and a nonce that nobody can guess.
 */
import { launchClient } from '../../../src/contract/api.ts'
import { makeNonce } from './id-token-nonce.ts'
import type { LaunchParameters } from './launch-parameters.ts'

/** Why there is no launch; the words are `launch.*`. */
export type LaunchTrouble = 'incomplete' | 'unknownHost' | 'several' | 'unreachable' | 'refused'

export interface Authorization {
  clientId: string
  scope: string
  iss: string
  launch?: string
  redirectUri: string
  pkceMode: 'required'
  stateKey: string
  completeInTarget: true
  noRedirect: true
}

export interface LaunchParts {
  fetch: typeof globalThis.fetch
  /** The SMART library's: the address to go to. Rejects where the host cannot do what we ask for. */
  authorize(authorization: Authorization): Promise<unknown>
  random(bytes: number): Uint8Array
  storage: Pick<Storage, 'setItem'>
  /** Leaves this page. */
  go(address: string): void
}

/** Resolves to what went wrong, or to nothing when the page is being left. */
export async function startLaunch(
  parameters: LaunchParameters | undefined,
  parts: LaunchParts,
): Promise<LaunchTrouble | undefined> {
  if (!parameters) return 'incomplete'
  const known = await askOwnServer(parameters, parts.fetch)
  if (typeof known === 'string') return known
  const address = await parts
    .authorize({
      ...known,
      ...(parameters.kind === 'ehr' && { launch: parameters.launch }),
      redirectUri: '/app',
      pkceMode: 'required',
      // The library's own default is 16 characters of Math.random.
      stateKey: hex(parts.random(24)),
      // The EMR may show us in a frame: the whole of the launch stays in it.
      completeInTarget: true,
      noRedirect: true,
    })
    .catch(() => undefined)
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined
  // Of a host that asks for no sign-in at all the library would open the chart without one.
  if (!url?.searchParams.has('code_challenge')) return 'refused'
  url.searchParams.set('nonce', makeNonce(parts.storage, hex(parts.random(24))))
  parts.go(url.href)
  return undefined
}

async function askOwnServer(
  parameters: LaunchParameters,
  fetch: typeof globalThis.fetch,
): Promise<{ iss: string; clientId: string; scope: string } | LaunchTrouble> {
  const { kind, iss } = parameters
  const query = new URLSearchParams({ ...(iss !== undefined && { iss }), launch: kind })
  const response = await fetch(`/api/launch-check?${query}`).catch(() => undefined)
  if (response?.status === 404) return 'unknownHost'
  if (response?.status === 409) return 'several'
  if (!response?.ok) return 'unreachable'
  const client = launchClient.safeParse(await response.json().catch(() => undefined))
  return client.success ? client.data : 'unreachable'
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
