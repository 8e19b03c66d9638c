/**
 * Behind the host's back, with `sandbox-admin`: `GET /sandbox/records` tells all that is there, so that a test can compare before
 * and after; `PUT` and `DELETE /sandbox/records/{Type}/{id}` do what the host's own staff could do, whatever its FHIR server
 * offers. Subscriptions fire as for anybody's change.
 */
import express, { type Request, type Router } from 'express'
import type { FhirResource } from 'fhir/r4'
import { isAdmin } from './access.ts'
import type { EmrRepository } from './fhir-repository.ts'
import type { Like } from './likes/like.ts'
import type { RecordStore } from './record-store.ts'
import type { Client } from './smart/clients.ts'

export interface SandboxRecordsParts {
  store: RecordStore
  /** With all rights. */
  emr: EmrRepository
  like: Like
  clients(): readonly Client[]
}

/** Mount at /sandbox/records. */
export function createSandboxRecords(parts: SandboxRecordsParts): Router {
  const { store, emr, like, clients } = parts
  const routes = express.Router()
  routes.use((request, response, next) => {
    if (isAdmin(request.headers.authorization)) next()
    else response.status(401).json({ error: 'Only sandbox-admin may look behind' })
  })
  routes.get('/', (_request, response) => {
    const resources = store.all().map(({ resourceType, id, meta }) => ({
      type: resourceType,
      id,
      version: meta.versionId,
    }))
    const byName = resources.toSorted((a, b) => (`${a.type}/${a.id}` < `${b.type}/${b.id}` ? -1 : 1))
    response.json({ resources: byName, clients: clients().map(({ id, name }) => ({ id, name })) })
  })
  routes.put('/:type/:id', express.json({ type: ['json', '+json'] }), async (request, response) => {
    const resource = readResource(request, like)
    if (resource) response.json(await emr.updateResource(resource as never))
    else response.status(400).json({ error: 'Not a resource of this host under this name' })
  })
  routes.delete('/:type/:id', async (request, response) => {
    const { type, id } = request.params
    const isThere = typeof store.find(type, id) === 'object'
    if (isThere) await emr.deleteResource(type, id)
    response.status(isThere ? 204 : 404).end()
  })
  return routes
}

function readResource(
  { params, body }: Request<{ type: string; id: string }>,
  { types }: Like,
): FhirResource | undefined {
  const { resourceType, id } = (body ?? {}) as Partial<FhirResource>
  const fits = resourceType === params.type && id === params.id && params.type in types
  return fits ? (body as FhirResource) : undefined
}
