/**
 * Taking a resource of ours back from a server. Many servers let a client write and not delete: whoever asked hears that
 * as an answer, and may do something else. https://hl7.org/fhir/R4/http.html#delete
 */
import { type Emr, EmrError } from '../flows/ports.ts'
import type { FhirCall } from './fhir-call.ts'
import { isId, type ResourceType } from './interaction.ts'
import type { Recollection } from './recollection.ts'

const gone = [404, 410]
/** Not allowed, still referred to by others, not offered, not made. */
const refused = [403, 405, 409, 501]

export function createRemoval(call: FhirCall, seen: Pick<Recollection, 'forget'>): Emr['remove'] {
  return async (reference) => {
    const [type = '', id = ''] = reference.split('/')
    // Without an id it would be a wish about all of its type.
    if (!/^[A-Z][A-Za-z]+$/.test(type) || !isId(id)) throw new EmrError('Removing what no reference names')
    seen.forget(type, id)
    try {
      await call(`Removing ${type}/${id}`, (client, options) =>
        client.delete({ resourceType: type as ResourceType, id, options }),
      )
      return true
    } catch (error) {
      const status = error instanceof EmrError ? (error.status ?? 0) : 0
      if (gone.includes(status)) return true
      if (refused.includes(status)) return false
      throw error
    }
  }
}
