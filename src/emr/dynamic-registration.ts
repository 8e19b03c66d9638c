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
    // The worker's last: while anything is left of ours, somebody must be able to sign in and take it back.
    const appStays = app !== undefined && !(await removeOne(app))
    const workerStays = worker !== undefined && (appStays || !(await removeOne(worker)))
    return [...(appStays ? [app.clientId] : []), ...(workerStays ? [worker.clientId] : [])]
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
  const client = readClient(endpoint, body)
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

function readClient(endpoint: string, body: Record<string, unknown> = {}): Client | undefined {
  const text = (name: string) => (typeof body[name] === 'string' && body[name] ? body[name] : undefined)
  const [clientId, clientSecret] = [text('client_id'), text('client_secret')]
  const [named, token] = [text('registration_client_uri'), text('registration_access_token')]
  // Its token goes there: nowhere but to whom we registered with.
  const uri = named && isOfSameOrigin(named, endpoint) ? named : undefined
  if (!clientId) return undefined
  return { clientId, ...(clientSecret && { clientSecret }), ...(uri && { uri }), ...(token && { token }) }
}

function isOfSameOrigin(uri: string, endpoint: string): boolean {
  return URL.canParse(uri, endpoint) && new URL(uri, endpoint).origin === new URL(endpoint).origin
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
