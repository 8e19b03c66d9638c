/**
 * The sandbox EMR's records, as the rest of the EMR sees them: its SMART server and its pages use this
 * interface, its FHIR routes use the same store underneath. Whoever writes, the same rules follow: a new
 * version, and Subscriptions fire.
 */
import type { FhirResource } from 'fhir/r4'

export type ResourceType = FhirResource['resourceType']
export type ResourceOf<T extends ResourceType> = Extract<FhirResource, { resourceType: T }>
export type Stored<R> = R & { id: string }

/** Search parameters as in a FHIR URL; a list means the parameter is repeated (AND). */
export type SearchParams = Record<string, string | readonly string[]>

export interface Repository {
  /** The current version, or undefined when it was never there or is deleted. */
  read<T extends ResourceType>(type: T, id: string): Promise<Stored<ResourceOf<T>> | undefined>
  /** Every match (`_count` and `_offset` cut the list); `_sort` orders it. Throws on an unknown parameter. */
  search<T extends ResourceType>(type: T, params?: SearchParams): Promise<Stored<ResourceOf<T>>[]>
  /** The server assigns the id. */
  create<R extends FhirResource>(resource: R): Promise<Stored<R>>
  /** Replaces the resource of that id, or creates it. */
  update<R extends FhirResource>(resource: Stored<R>): Promise<Stored<R>>
}
