/**
 * Dynamic client registration (https://www.rfc-editor.org/rfc/rfc7591) and its management
 * (https://www.rfc-editor.org/rfc/rfc7592). Of a host's refusal only the code is told.
 */
import type { Registrar } from '../flows/install-ports.ts'
import { EmrError } from '../flows/ports.ts'
import { fetchJson } from './fetch-json.ts'

type Client = NonNullable<Awaited<ReturnType<Registrar['register']>>['app']>

export const dynamicRegistration: Registrar = {
  async register(endpoint, { app, worker }, adminToken) {
    const first = await registerOne(endpoint, 'the worker', worker, adminToken)
    if (!app) return { worker: first, made: [] }
    try {
      const second = await registerOne(endpoint, 'the app', app, adminToken)
      return { worker: first, app: second, made: [] }
    } catch (error) {
      await removeOne(first).catch(() => false)
      throw error
    }
  },
  async unregister({ app, worker }) {
    const left: string[] = []
    for (const client of [app, worker]) if (client && !(await removeOne(client))) left.push(client.clientId)
    return left
  },
}

async function registerOne(
  endpoint: string,
  whom: string,
  metadata: Record<string, unknown>,
  adminToken: string | undefined,
): Promise<Client> {
  const doing = `Registering ${whom} at ${new URL(endpoint).origin}`
  const { status, ok, body } = await fetchJson(doing, endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(adminToken) },
    body: JSON.stringify(metadata),
  })
  if (!ok) throw refusal(doing, status, body?.error)
  const client = readClient(body)
  if (!client) throw new EmrError(`${doing}: it answered without a client_id`)
  return client
}

function refusal(doing: string, status: number, error: unknown): EmrError {
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : undefined
  return new EmrError(`${doing}: it answered ${status}${code ? ` (${code})` : ''}`, {
    status,
    ...(code && { code }),
  })
}

function readClient(body: Record<string, unknown> = {}): Client | undefined {
  const text = (name: string) => (typeof body[name] === 'string' && body[name] ? body[name] : undefined)
  const [clientId, clientSecret] = [text('client_id'), text('client_secret')]
  const [uri, token] = [text('registration_client_uri'), text('registration_access_token')]
  if (!clientId) return undefined
  return { clientId, ...(clientSecret && { clientSecret }), ...(uri && { uri }), ...(token && { token }) }
}

/**
 * True when it is gone. A token that opens nothing any more belongs to a client that is gone; but some servers (OpenEMR) delete
 * nothing, and answer as if there were nothing to delete: what can still be read is still there.
 */
async function removeOne({ uri, token }: Client): Promise<boolean> {
  if (!uri || !token || !URL.canParse(uri)) return false
  const doing = `Taking back a registration at ${new URL(uri).origin}`
  const headers = bearer(token)
  const removal = await fetchJson(doing, uri, { method: 'DELETE', headers })
  if (removal.ok) return true
  if (![401, 404, 410].includes(removal.status)) return false
  return !(await fetchJson(doing, uri, { headers })).ok
}

function bearer(token: string | undefined): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {}
}
