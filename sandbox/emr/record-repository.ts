/** The Repository that the EMR's own parts use: the EMR may do everything, and gives out copies. */
import { parseSearchRequest } from '@medplum/core'
import type { ResourceType as MedplumType, Resource } from '@medplum/fhirtypes'
import type { FhirResource } from 'fhir/r4'
import type { EmrRepository } from './fhir-repository.ts'
import type { Repository, ResourceOf, ResourceType, SearchParams, Stored } from './repository.ts'

export function createRepository(emr: EmrRepository): Repository {
  return {
    async read<T extends ResourceType>(type: T, id: string) {
      const [record] = emr.pick(type, [id])
      return record && copy<Stored<ResourceOf<T>>>(record)
    },
    async search<T extends ResourceType>(type: T, params: SearchParams = {}) {
      const query = Object.fromEntries(Object.entries(params).map(([code, value]) => [code, [value].flat()]))
      const search = parseSearchRequest(type as MedplumType, query)
      const found = emr.match(search)
      const from = search.offset ?? 0
      const cut = found.slice(from, search.count === undefined ? undefined : from + search.count)
      return cut.map((record) => copy<Stored<ResourceOf<T>>>(record))
    },
    async create<R extends FhirResource>(resource: R) {
      return copy<Stored<R>>(await emr.createResource(resource as unknown as Resource))
    },
    async update<R extends FhirResource>(resource: Stored<R>) {
      return copy<Stored<R>>(await emr.updateResource(resource as unknown as Resource))
    },
  }
}

/** What the store holds is shared by all; the caller may change what it gets. */
function copy<R>(record: object): R {
  return structuredClone(record) as R
}
