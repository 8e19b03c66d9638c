/**
 * The two clients that this EMR knows: Qasid's screen (public, PKCE) and Qasid's backend (signs with its own key).
 * The backend's public keys are fetched afresh for each token request, so that a new key is known at once.
 */
import type { AdapterPayload, ClientMetadata } from 'oidc-provider'

export const appClientId = 'qasid-app'
export const workerClientId = 'qasid-worker'

export function appClient(qasidUrl: string): ClientMetadata {
  return {
    client_id: appClientId,
    client_name: 'Qasid Messages',
    application_type: 'web',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [`${qasidUrl}/app`],
    token_endpoint_auth_method: 'none',
  }
}

export function createFindClient(qasidUrl: string): (id: string) => Promise<AdapterPayload | undefined> {
  return async (id) => (id === workerClientId ? workerClient(await fetchKeys(qasidUrl)) : undefined)
}

function workerClient(keys: readonly Record<string, unknown>[]): AdapterPayload {
  return {
    client_id: workerClientId,
    client_name: 'Qasid backend',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [...keys] },
  }
}

/** No keys when Qasid does not answer: its request is then refused as unauthenticated, and it may try again. */
async function fetchKeys(qasidUrl: string): Promise<Record<string, unknown>[]> {
  try {
    const response = await fetch(`${qasidUrl}/.well-known/jwks.json`, { signal: AbortSignal.timeout(2_500) })
    const body: unknown = response.ok ? await response.json() : undefined
    return isKeySet(body) ? body.keys : []
  } catch {
    return []
  }
}

function isKeySet(body: unknown): body is { keys: Record<string, unknown>[] } {
  return typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys)
}
