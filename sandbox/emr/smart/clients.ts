/**
 * The clients that this EMR knows: those that are there from the start, those that registered themselves, those that are
 * resources of the host. Apps are public and use PKCE; backends sign with their own keys, which are fetched afresh for each
 * token request, so that a new key is known at once.
 */
import type { AdapterPayload } from 'oidc-provider'

export type Keys = { kind: 'published'; url: string } | { kind: 'given'; set: readonly object[] }

export interface Client {
  id: string
  name: string
  grants: readonly ('authorization_code' | 'client_credentials' | 'refresh_token')[]
  redirectUris: readonly string[]
  /** Where an EHR launch opens it; undefined: the chart does not offer it. */
  launchUrl?: string
  /** undefined: a public client. */
  keys?: Keys
  /** What it registered for; undefined: no limit of its own. */
  scope?: string
}

export interface Clients {
  find(id: string): Client | undefined
  all(): Client[]
}

/** Where clients are looked for, in this order. */
export function createClients(sources: readonly (() => readonly Client[])[]): Clients {
  const all = () => sources.flatMap((source) => source())
  return { all, find: (id) => all().find((client) => client.id === id) }
}

/** As if somebody had typed Qasid into this EMR's form. */
export function qasidClients(qasidUrl: string): Client[] {
  return [
    {
      id: 'qasid-app',
      name: 'Qasid Messages',
      grants: ['authorization_code', 'refresh_token'],
      redirectUris: [`${qasidUrl}/app`],
      launchUrl: `${qasidUrl}/launch`,
    },
    {
      id: 'qasid-worker',
      name: 'Qasid backend',
      grants: ['client_credentials'],
      redirectUris: [],
      keys: { kind: 'published', url: `${qasidUrl}/.well-known/jwks.json` },
    },
  ]
}

export function createFindClient(clients: Clients): (id: string) => Promise<AdapterPayload | undefined> {
  return async (id) => {
    const client = clients.find(id)
    if (!client) return undefined
    const { keys } = client
    return {
      client_id: id,
      client_name: client.name,
      application_type: 'web',
      grant_types: [...client.grants],
      response_types: client.grants.includes('authorization_code') ? ['code'] : [],
      redirect_uris: [...client.redirectUris],
      token_endpoint_auth_method: keys ? 'private_key_jwt' : 'none',
      ...(keys && { jwks: { keys: keys.kind === 'given' ? [...keys.set] : await fetchKeys(keys.url) } }),
    }
  }
}

/** No keys when nobody answers: the request is then refused as unauthenticated, and it may try again. */
async function fetchKeys(url: string): Promise<object[]> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_500) })
    const body: unknown = response.ok ? await response.json() : undefined
    return isKeySet(body) ? body.keys : []
  } catch {
    return []
  }
}

function isKeySet(body: unknown): body is { keys: object[] } {
  return typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys)
}
