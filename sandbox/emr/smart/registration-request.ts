/**
 * What a client says of itself when it registers: RFC 7591, and OpenEMR's way of saying the same. Pure: text in, a client or a
 * refusal out. https://www.rfc-editor.org/rfc/rfc7591
 */
import { z } from 'zod'
import type { Client } from './clients.ts'
import { parseResourceScope, splitScope } from './scopes.ts'

export type Registered =
  | { kind: 'client'; client: Omit<Client, 'id'> }
  | { kind: 'refused'; error: 'invalid_client_metadata' | 'invalid_redirect_uri'; because: string }

const grant = z.enum(['authorization_code', 'client_credentials', 'refresh_token'])
const uri = z.url({ protocol: /^https?$/ })

const metadata = z.looseObject({
  client_name: z.string().default('Unnamed app'),
  redirect_uris: z.array(uri).optional(),
  grant_types: z.array(grant).optional(),
  token_endpoint_auth_method: z.string().optional(),
  application_type: z.string().optional(),
  jwks_uri: uri.optional(),
  jwks: z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) }).optional(),
  scope: z.string().optional(),
  initiate_login_uri: uri.optional(),
  launch_uris: z.array(uri).optional(),
})
type Metadata = z.infer<typeof metadata>

export type Dialect = 'rfc7591' | 'openemr'

export function readRegistration(body: unknown, dialect: Dialect): Registered {
  const parsed = metadata.safeParse(body)
  if (parsed.error) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'the body')
    return refused(`${field} cannot be read`, field === 'redirect_uris')
  }
  return dialect === 'openemr' ? readOpenEmr(parsed.data) : readRfc7591(parsed.data)
}

function readRfc7591(sent: Metadata): Registered {
  const { token_endpoint_auth_method: method, grant_types: grants = ['authorization_code'] } = sent
  if (method !== 'none' && method !== 'private_key_jwt')
    return refused('token_endpoint_auth_method must be none or private_key_jwt')
  const isPublic = method === 'none'
  if (isPublic && grants.includes('client_credentials')) return refused('client_credentials needs a key')
  return toClient(sent, grants, isPublic)
}

/** `private` is whoever has a key; the scopes say what it will do with it. */
function readOpenEmr(sent: Metadata): Registered {
  const { application_type: kind, scope } = sent
  if (kind !== 'private' && kind !== 'public') return refused('application_type must be private or public')
  if (!sent.redirect_uris?.length) return refused('redirect_uris is invalid', true)
  const scopes = splitScope(scope)
  const levels = scopes.map((word) => parseResourceScope(word)?.level)
  const isWide = levels.some((level) => level === 'system' || level === 'user')
  if (kind === 'public' && (isWide || scopes.includes('offline_access')))
    return refused('system and user scopes and offline_access are for confidential clients')
  if (kind === 'private' && !sent.jwks && !sent.jwks_uri) return refused('jwks is invalid')
  const isBackend = levels.includes('system')
  return toClient(
    sent,
    isBackend ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    kind === 'public',
  )
}

function toClient(sent: Metadata, grants: Client['grants'], isPublic: boolean): Registered {
  const { redirect_uris: redirectUris = [], jwks, jwks_uri: url } = sent
  if (grants.includes('authorization_code') && redirectUris.length === 0)
    return refused('authorization_code needs redirect_uris', true)
  if (!isPublic && Boolean(jwks) === Boolean(url)) return refused('Either jwks or jwks_uri must be there')
  const client = {
    name: sent.client_name,
    grants,
    redirectUris: grants.includes('authorization_code') ? redirectUris : [],
    launchUrl: sent.initiate_login_uri ?? sent.launch_uris?.[0],
    ...(jwks && !isPublic && { keys: { kind: 'given' as const, set: jwks.keys } }),
    ...(url && !isPublic && { keys: { kind: 'published' as const, url } }),
    ...(sent.scope && { scope: sent.scope }),
  }
  return { kind: 'client', client }
}

function refused(because: string, isRedirect = false): Registered {
  return { kind: 'refused', error: isRedirect ? 'invalid_redirect_uri' : 'invalid_client_metadata', because }
}
