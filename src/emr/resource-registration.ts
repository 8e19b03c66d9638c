/**
 * Clients that are resources of the host, written with an administrator's token: Medplum's ClientApplication and
 * AccessPolicy (https://www.medplum.com/docs/auth/client-credentials), Aidbox's Client and AccessPolicy
 * (https://www.health-samurai.io/docs/aidbox/access-control/identity-management/application-client-management).
 */
import type { ResourceRegistrar } from '../flows/install-ports.ts'
import { EmrError } from '../flows/ports.ts'
import { fetchJson } from './fetch-json.ts'

/** In the order given; a later one may name an earlier one as `{0}`, `{1}` …, and its id alone as `{0.id}`. */
export const resourceRegistration: ResourceRegistrar = {
  async register(fhirBase, resources, adminToken) {
    const made: string[] = []
    const clients: Partial<Record<'app' | 'worker', { clientId: string }>> = {}
    try {
      for (const { as, resource } of resources) {
        const id = await write(fhirBase, fillIn(resource, made), adminToken)
        made.push(`${resource.resourceType}/${id}`)
        if (as) clients[as] = { clientId: id }
      }
    } catch (error) {
      await removeAll(fhirBase, made, adminToken).catch(() => [])
      throw error
    }
    return { ...clients, made }
  },
  unregister: removeAll,
}

type Resource = Parameters<ResourceRegistrar['register']>[1][number]['resource']

function fillIn(resource: Resource, made: string[]): Resource {
  const text = JSON.stringify(resource).replace(/\{(\d)(\.id)?\}/g, (_all, index, only) => {
    const reference = made[Number(index)] ?? ''
    return only ? reference.slice(reference.indexOf('/') + 1) : reference
  })
  return JSON.parse(text) as Resource
}

/** Put under its own id where it has one. */
async function write(fhirBase: string, resource: Resource, adminToken: string): Promise<string> {
  const { resourceType, id } = resource
  const doing = `Writing ${resourceType} at ${new URL(fhirBase).origin}`
  const { status, ok, body } = await fetchJson(
    doing,
    placeOf(fhirBase, id ? `${resourceType}/${id}` : resourceType),
    {
      method: id ? 'PUT' : 'POST',
      headers: { ...bearer(adminToken), 'content-type': 'application/fhir+json' },
      body: JSON.stringify(resource),
    },
  )
  if (!ok) throw new EmrError(`${doing}: it answered ${status}`, { status })
  const given = typeof body?.id === 'string' ? body.id : id
  if (!given || !/^[A-Za-z0-9.-]{1,64}$/.test(given))
    throw new EmrError(`${doing}: it answered without an id`)
  return given
}

/** The last one first. */
async function removeAll(fhirBase: string, made: string[], adminToken: string): Promise<string[]> {
  const left: string[] = []
  for (const reference of made.toReversed()) {
    const doing = `Removing ${reference}`
    const headers = bearer(adminToken)
    const { status, ok } = await fetchJson(doing, placeOf(fhirBase, reference), { method: 'DELETE', headers })
    if (!ok && status !== 404 && status !== 410) left.push(reference)
  }
  return left
}

function placeOf(fhirBase: string, path: string): string {
  return `${fhirBase.replace(/\/+$/, '')}/${path}`
}

function bearer(token: string): { authorization: string } {
  return { authorization: `Bearer ${token}` }
}
