/** The two clients that a host is asked to know, the clinician's app and the worker, as the manifest has them. */

/** What of plugin.manifest.json makes a client; paths are under our own base URL. */
export interface ManifestClients {
  /** RFC 7591 `software_id`. */
  id: string
  name: string
  version: string
  publisher: { name: string; url?: string; contacts: string[] }
  links?: { logo?: string; privacy?: string; terms?: string; homepage?: string }
  smart: {
    apps: {
      title: string
      launchPath: string
      redirectPaths: string[]
      scopes: ScopeSets
      optionalScopes?: ScopeSets
    }[]
    services: { scopes: ScopeSets; optionalScopes?: ScopeSets }[]
  }
}
interface ScopeSets {
  v1: string[]
  v2: string[]
}

export interface ClientWishes {
  software: Pick<ManifestClients, 'id' | 'name' | 'version' | 'publisher' | 'links'>
  app: { name: string; launchUrl: string; redirectUrls: string[]; scopes: string[] }
  worker: { name: string; jwksUrl: string; scopes: string[]; optionalScopes: string[] }
}

/** `jwksPath` leads to the keys of this install; hosts that know no v2 scopes are asked in v1's words. */
export function toWishes(
  manifest: ManifestClients,
  { baseUrl, jwksPath, v1 }: { baseUrl: string; jwksPath: string; v1: boolean },
): ClientWishes {
  const { id, name, version, publisher, links } = manifest
  const [app] = manifest.smart.apps
  const [worker] = manifest.smart.services
  if (!app || !worker) throw new TypeError('the manifest names no app or no service')
  const of = (sets: ScopeSets | undefined) => (v1 ? sets?.v1 : sets?.v2) ?? []
  return {
    software: { id, name, version, publisher, ...(links && { links }) },
    app: {
      name: `${name} ${app.title}`,
      launchUrl: `${baseUrl}${app.launchPath}`,
      redirectUrls: app.redirectPaths.map((path) => `${baseUrl}${path}`),
      scopes: of(app.scopes),
    },
    worker: {
      name: `${name} worker`,
      jwksUrl: `${baseUrl}${jwksPath}`,
      scopes: of(worker.scopes),
      optionalScopes: of(worker.optionalScopes),
    },
  }
}

/** All that a host's knowledge of us consists of, apart from names. */
export function askedOf({ app, worker }: ClientWishes): string[] {
  const addresses = [app.launchUrl, ...app.redirectUrls, worker.jwksUrl]
  return [...new Set([...addresses, ...app.scopes, ...worker.scopes, ...worker.optionalScopes])]
}

export type Metadata = Record<string, unknown>

/**
 * What is registered in a dialect of RFC 7591. OpenEMR wants a redirect URI of a backend too, and gives a public app
 * `patient/` scopes only (https://github.com/openemr/openemr/blob/master/API_README.md).
 */
export function toMetadata(
  dialect: 'rfc7591' | 'openemr',
  wishes: ClientWishes,
): { app: Metadata; worker: Metadata } {
  const [app, worker] = [toAppMetadata(wishes), toWorkerMetadata(wishes)]
  if (dialect === 'rfc7591') return { app, worker }
  const { scopes, redirectUrls } = wishes.app
  const scope = scopes.filter((one) => !/^(user|system)\//.test(one)).join(' ')
  return {
    app: { ...app, application_type: 'public', scope },
    worker: { ...worker, application_type: 'private', redirect_uris: redirectUrls },
  }
}

/** https://www.rfc-editor.org/rfc/rfc7591#section-2; launches are named in both ways that hosts read. */
function toAppMetadata({ software, app }: ClientWishes): Metadata {
  return {
    ...toSoftware(software),
    client_name: app.name,
    application_type: 'web',
    redirect_uris: app.redirectUrls,
    initiate_login_uri: app.launchUrl,
    launch_uris: [app.launchUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: app.scopes.join(' '),
  }
}

function toWorkerMetadata({ software, worker }: ClientWishes): Metadata {
  return {
    ...toSoftware(software),
    client_name: worker.name,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: worker.jwksUrl,
    scope: [...worker.scopes, ...worker.optionalScopes].join(' '),
  }
}

function toSoftware({ id, version, publisher, links }: ClientWishes['software']): Metadata {
  return {
    software_id: id,
    software_version: version,
    contacts: publisher.contacts,
    ...(links?.homepage && { client_uri: links.homepage }),
    ...(links?.logo && { logo_uri: links.logo }),
    ...(links?.terms && { tos_uri: links.terms }),
    ...(links?.privacy && { policy_uri: links.privacy }),
  }
}
