/** Read, change, save with `If-Match`; when someone was faster, read again and decide again. */
import type { FhirResource } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { idOf } from '../fhir/reference.ts'
import { ConflictError, type Emr, EmrError, type ResourceOf, type Stored } from './ports.ts'

const mostTries = 6

/** `change` returns `undefined` when nothing is left to change; the answer is then the resource as it was read. */
export async function amend<T extends FhirResource['resourceType']>(
  emr: Emr,
  type: T,
  reference: Reference,
  change: (resource: Stored<ResourceOf<T>>) => Stored<ResourceOf<T>> | undefined,
): Promise<Stored<ResourceOf<T>>> {
  for (let tried = 1; ; tried++) {
    const resource = await emr.read(type, idOf(reference))
    if (!resource) throw new EmrError(`${reference} is gone and cannot be changed`, { status: 404 })
    const changed = change(resource)
    if (!changed) return resource
    try {
      return await emr.save(changed)
    } catch (error) {
      if (!(error instanceof ConflictError) || tried === mostTries) throw error
    }
  }
}
