/** The two clients as resources of hosts that keep them so; none of these is FHIR's own. */
import type { ClientWishes } from '../domain/client-metadata.ts'

interface ClientResource {
  as?: 'app' | 'worker'
  resource: { resourceType: string; id?: string } & Record<string, unknown>
}

/** Medplum takes its own resources over the FHIR API; `{0}` is the policy that was written before. */
export function toMedplumClients({ app, worker }: ClientWishes): ClientResource[] {
  const types = typesIn([...worker.scopes, ...worker.optionalScopes])
  return [
    {
      resource: {
        resourceType: 'AccessPolicy',
        name: worker.name,
        resource: types.map(({ type, readonly }) => ({ resourceType: type, ...(readonly && { readonly }) })),
      },
    },
    {
      as: 'worker',
      resource: {
        resourceType: 'ClientApplication',
        name: worker.name,
        jwksUri: worker.jwksUrl,
        accessPolicy: { reference: '{0}' },
      },
    },
    {
      as: 'app',
      resource: {
        resourceType: 'ClientApplication',
        name: app.name,
        redirectUris: app.redirectUrls,
        launchUri: app.launchUrl,
        pkceOptional: false,
      },
    },
  ]
}

/** Aidbox would let ids be chosen; ones that it gives are nobody else's, nor of an install before. Only RS384 is taken there. */
export function toAidboxClients({ app, worker }: ClientWishes): ClientResource[] {
  const types = typesIn([...worker.scopes, ...worker.optionalScopes])
  return [
    {
      as: 'worker',
      resource: {
        resourceType: 'Client',
        type: 'smart-backend',
        grant_types: ['client_credentials'],
        auth: {
          client_credentials: {
            client_assertion_types: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
            access_token_expiration: 3_600,
          },
        },
        jwks_uri: worker.jwksUrl,
        scope: worker.scopes,
      },
    },
    {
      resource: {
        resourceType: 'AccessPolicy',
        engine: 'matcho',
        matcho: {
          client: { id: '{0.id}' },
          params: { 'resource/type': { $enum: types.map(({ type }) => type) } },
        },
      },
    },
    {
      as: 'app',
      resource: {
        resourceType: 'Client',
        type: 'smart-app',
        grant_types: ['authorization_code', 'refresh_token'],
        auth: {
          authorization_code: {
            redirect_uri: app.redirectUrls[0],
            pkce: true,
            access_token_expiration: 3_600,
          },
        },
        smart: { launch_uri: app.launchUrl, name: app.name },
      },
    },
  ]
}

/** `system/Patient.rs` or `system/Patient.read` → Patient, only to be read. */
function typesIn(scopes: string[]): { type: string; readonly: boolean }[] {
  const writes = new Map<string, boolean>()
  for (const scope of scopes) {
    const [, type, may = ''] = /^system\/([A-Za-z]+)\.([a-z]+)/.exec(scope) ?? []
    if (type) writes.set(type, (writes.get(type) ?? false) || may === 'write' || /^[rs]*[cud]/.test(may))
  }
  return [...writes].map(([type, writable]) => ({ type, readonly: !writable }))
}
