/**
 * Clients as resources of the host, as Medplum has them: whoever may write a ClientApplication makes a client, and its id is the
 * client's. With a key set it is a backend, with redirect URIs an app.
 * https://www.medplum.com/docs/api/fhir/medplum/clientapplication
 */
import { z } from 'zod'
import type { Client } from './clients.ts'

const application = z.object({
  id: z.string(),
  name: z.string().default('Unnamed app'),
  status: z.enum(['active', 'off', 'error']).default('active'),
  redirectUri: z.url().optional(),
  redirectUris: z.array(z.url()).default([]),
  launchUri: z.url().optional(),
  jwksUri: z.url().optional(),
})

/** What cannot be read as a client is none. */
export function toClients(resources: readonly object[]): Client[] {
  return resources.flatMap((resource) => {
    const { data } = application.safeParse(resource)
    if (data?.status !== 'active') return []
    const redirectUris = [...data.redirectUris, ...(data.redirectUri ? [data.redirectUri] : [])]
    const { id, name, jwksUri, launchUri } = data
    if (jwksUri) return [backend(id, name, jwksUri)]
    const grants = ['authorization_code', 'refresh_token'] as const
    return redirectUris.length > 0 ? [{ id, name, grants, redirectUris, launchUrl: launchUri }] : []
  })
}

function backend(id: string, name: string, url: string): Client {
  return { id, name, grants: ['client_credentials'], redirectUris: [], keys: { kind: 'published', url } }
}
