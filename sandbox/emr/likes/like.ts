/**
 * What a real host can do, as data: the sandbox EMR behaves so, and draws its CapabilityStatement from the same rows. Every host
 * here answers a search parameter that it does not have with 400.
 */

/** As R4 names them: https://hl7.org/fhir/R4/valueset-type-restful-interaction.html */
export type Interaction =
  | 'read'
  | 'vread'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history-instance'
  | 'create'
  | 'search-type'

/** What can be done with one type. */
export interface Ability {
  interactions: readonly Interaction[]
  /** `all`: each of R4's that this server can judge. */
  searchParams: 'all' | readonly string[]
  /** A search must name all parameters of one of these rows. */
  searchNeeds?: readonly (readonly string[])[]
  /** The only types that a message may be for; anybody else is refused with 422. */
  recipients?: readonly string[]
}

export type ScopeVersion = 'v1' | 'v2'
export type ScopeLevel = 'patient' | 'user' | 'system'

/**
 * How a client comes to be known: `rfc7591` and `openemr` are endpoints, `application` is a resource of the host's own,
 * `form` is typed in by people: those clients are there from the start.
 */
export type Registration = 'rfc7591' | 'openemr' | 'application' | 'form'

export interface SmartAbility {
  scopes: readonly ScopeVersion[]
  /** What a client without a secret or key may be granted. */
  publicLevels: readonly ScopeLevel[]
  registration: Registration
  /** Is Qasid among the clients before anybody registers it? */
  knowsQasid: boolean
}

export type NotificationForm = 'r4' | 'hapi' | 'medplum'

export interface Like {
  software: { name: string; version: string }
  types: Readonly<Record<string, Ability>>
  /** If-None-Exist, and PUT, PATCH and DELETE by search; a host without them does not see If-None-Exist at all. */
  conditional: boolean
  /** What a PUT below an id that is not there does. */
  updateCreates: 'any-id' | 'ids-with-a-letter' | 'never'
  bundles: readonly ('batch' | 'transaction')[]
  /** The ids that the server gives. */
  ids: 'uuid' | 'number'
  /** `POST …/$expunge` removes the older versions, or the resource with all of them. */
  expunge: 'versions' | 'whole' | 'none'
  smart: SmartAbility | 'none'
  notifications: NotificationForm | 'none'
  /** Milliseconds for which the list that a search found answers the same search again. */
  searchesReusedFor: number
  /** The status of a visit that staff book in the pages. */
  bookedAs: 'booked' | 'proposed'
  /** Are all times written in UTC, whatever their zone was? */
  utcOnly: boolean
}

const reading = ['read', 'search-type'] as const
const all: readonly Interaction[] = [
  ...reading,
  ...(['vread', 'update', 'patch', 'delete', 'history-instance', 'create'] as const),
]

/** Everything that R4 knows, for each of these types. */
export function fully(types: readonly string[]): Record<string, Ability> {
  return Object.fromEntries(types.map((type) => [type, { interactions: all, searchParams: 'all' }]))
}

/** Read, and search by these. */
export function readable(...searchParams: string[]): Ability {
  return { interactions: reading, searchParams }
}
