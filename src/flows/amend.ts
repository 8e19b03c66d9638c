/** Read, change, save with `If-Match`; when someone was faster, read again and decide again. */
import type { FhirResource } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { idOf } from '../fhir/reference.ts'
import { ConflictError, type Emr, EmrError, type ResourceOf, type Stored } from './ports.ts'

const mostTries = 6

/**
 * `change` returns `undefined` when nothing is left to change; the answer is then the resource as it was read. It may be
 * asked several times: first of what we last saw ourselves, which saves a read and, if it was old, is refused.
 */
export async function amend<T extends FhirResource['resourceType']>(
  emr: Emr,
  type: T,
  reference: Reference,
  change: (resource: Stored<ResourceOf<T>>) => Stored<ResourceOf<T>> | undefined,
): Promise<Stored<ResourceOf<T>>> {
  const recalled = emr.recall(type, idOf(reference))
  const likely = recalled && change(recalled)
  // That nothing is left to do, only the store may say.
  const saved = likely && (await saveUnlessChanged(emr, likely))
  if (saved) return saved
  for (let tried = 1; ; tried++) {
    const resource = await emr.read(type, idOf(reference))
    if (!resource) throw new EmrError(`${reference} is gone and cannot be changed`, { status: 404 })
    const changed = change(resource)
    if (!changed) return resource
    const saved = await saveUnlessChanged(emr, changed)
    if (saved) return saved
    if (tried === mostTries) throw new ConflictError(`${reference} is changed by others all the time`)
  }
}

async function saveUnlessChanged<R extends FhirResource>(
  emr: Emr,
  resource: Stored<R>,
): Promise<Stored<R> | undefined> {
  try {
    return await emr.save(resource)
  } catch (error) {
    if (error instanceof ConflictError) return undefined
    throw error
  }
}
