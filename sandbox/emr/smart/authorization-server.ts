/**
 * The OAuth and OpenID Connect side, on `oidc-provider`. What SMART adds is: `aud` must be our FHIR base, `launch` must be
 * a token of ours, and the token response carries the launch context. Each authorization stands alone: no login session is
 * kept, so that another practitioner's launch in the same browser is not mistaken for the earlier one's.
 */
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import Provider, { errors } from 'oidc-provider'
import { html } from '../pages/html.ts'
import { plainPage } from '../pages/layout.ts'
import { type Clients, createFindClient } from './clients.ts'
import type { LaunchContext, LaunchTokens } from './launch-tokens.ts'
import { createMemoryAdapter } from './memory-adapter.ts'
import { contextScopes, splitScope } from './scopes.ts'

/** The launch context of a grant; standalone launches without patient scopes have no patient. */
export type GrantContext = Pick<LaunchContext, 'practitioner'> & { patient?: string }

export interface AuthorizationServer {
  provider: Provider
  publicKey: KeyObject
}

export interface AuthorizationServerParts {
  issuer: string
  fhirUrl: string
  clients: Clients
  /** The scopes of a request that this client may be granted. */
  grantable: (requested: readonly string[], clientId: string) => string[]
  launchTokens: LaunchTokens
  contextOf: (grantId: string | undefined) => GrantContext | undefined
  now: () => number
}

export const sessionCookie = 'emr_session'

const hour = 3600

export function createAuthorizationServer(parts: AuthorizationServerParts): AuthorizationServer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signingKey = { ...privateKey.export({ format: 'jwk' }), kty: 'RSA' as const, use: 'sig' as const }
  const provider = new Provider(parts.issuer, {
    ...fixedSettings(),
    adapter: createMemoryAdapter(createFindClient(parts.clients), parts.now),
    clientBasedCORS: (_ctx, origin, client) =>
      client.redirectUris?.some((uri) => new URL(uri).origin === origin) ?? false,
    extraParams: launchParameters(parts),
    extraTokenClaims: (_ctx, token) => {
      const context = 'grantId' in token ? parts.contextOf(token.grantId) : undefined
      return context?.patient ? { patient: context.patient } : undefined
    },
    features: features(parts),
    findAccount: (_ctx, practitioner) => ({
      accountId: practitioner,
      claims: () => ({ sub: practitioner, fhirUser: `${parts.fhirUrl}/Practitioner/${practitioner}` }),
    }),
    jwks: { keys: [signingKey] },
  })
  provider.use(async (ctx, next) => {
    await next()
    addLaunchContext(ctx as unknown as KoaContextWithOIDC, parts.contextOf)
  })
  return { provider, publicKey }
}

function fixedSettings(): Configuration {
  return {
    claims: { openid: ['sub'], fhirUser: ['fhirUser'], profile: ['fhirUser'] },
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      names: { session: sessionCookie, interaction: 'emr_interaction', resume: 'emr_resume' },
      long: { httpOnly: true, sameSite: 'lax', path: '/oauth' },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    enabledJWA: { clientAuthSigningAlgValues: ['ES384', 'RS384'] },
    expiresWithSession: () => false,
    interactions: { url: (_ctx, interaction) => `/oauth/interaction/${interaction.uid}` },
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (source.scopes.has('online_access') || source.scopes.has('offline_access')),
    loadExistingGrant: async ({ oidc }) => {
      const grantId = oidc.result?.consent?.grantId
      return grantId ? oidc.provider.Grant.find(grantId) : undefined
    },
    pkce: { required: () => true },
    renderError: (ctx, out) => {
      ctx.type = 'html'
      ctx.body = plainPage(
        'This app could not be opened',
        html`<p>${out.error_description ?? out.error}</p><p><a href="/">Back to the schedule</a></p>`,
      )
    },
    responseTypes: ['code'],
    routes: { authorization: '/authorize', token: '/token', jwks: '/jwks' },
    scopes: contextScopes,
    clientAuthMethods: ['none', 'private_key_jwt'],
    ttl: {
      AccessToken: hour,
      AuthorizationCode: 60,
      ClientCredentials: hour,
      Grant: 12 * hour,
      IdToken: hour,
      Interaction: hour / 4,
      RefreshToken: 12 * hour,
      Session: hour / 4,
    },
  }
}

/** Our FHIR base is the one resource server, asked for or not; its scopes are those of the request that we may grant. */
function features({ fhirUrl, grantable }: AuthorizationServerParts): Configuration['features'] {
  return {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => fhirUrl,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource, client) => {
        if (resource !== fhirUrl) throw new errors.InvalidTarget()
        const granted = grantable(requestedScopes(ctx), client.clientId)
        if (granted.length === 0) throw new errors.InvalidScope('no requested scope can be granted', '')
        return {
          scope: granted.join(' '),
          audience: fhirUrl,
          accessTokenFormat: 'jwt',
          accessTokenTTL: hour,
          jwt: { sign: { alg: 'RS256' } },
        }
      },
    },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
  }
}

function requestedScopes({ oidc }: KoaContextWithOIDC): string[] {
  const source = oidc.entities.AuthorizationCode ?? oidc.entities.RefreshToken
  const asked = oidc.params?.scope
  return splitScope(typeof asked === 'string' ? asked : source?.scope)
}

function launchParameters(parts: AuthorizationServerParts): Configuration['extraParams'] {
  return {
    aud: (_ctx, value) => {
      if (value?.replace(/\/$/, '') === parts.fhirUrl) return
      throw new errors.InvalidRequest('aud must be the FHIR base URL of this server')
    },
    launch: (_ctx, value) => {
      if (value === undefined || parts.launchTokens.isGood(value)) return
      throw new errors.InvalidRequest('launch is unknown, used or too old; open the app from the chart again')
    },
  }
}

function addLaunchContext(
  { oidc, body, response }: KoaContextWithOIDC,
  contextOf: AuthorizationServerParts['contextOf'],
): void {
  if (oidc?.route !== 'token' || response.status !== 200) return
  const context = contextOf(oidc.entities.AccessToken?.grantId)
  if (!context || !isRecord(body)) return
  Object.assign(body, { patient: context.patient, need_patient_banner: true })
}

function isRecord(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null
}
