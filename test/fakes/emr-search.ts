/**
 * How the EMR in memory searches: Medplum's matcher, corrected where it is not FHIR. An unknown parameter is an error,
 * because many servers ignore it and would answer with everybody.
 */
import {
  evalFhirPath,
  globalSchema,
  matchesSearchRequest,
  parseSearchRequest,
  type SearchRequest,
  splitSearchOnComma,
} from '@medplum/core'
import type { FhirResource } from 'fhir/r4'
import { EmrError, type SearchParameters } from '../../src/flows/ports.ts'

type ResourceType = FhirResource['resourceType']
type MedplumResource = Parameters<typeof matchesSearchRequest>[0]

/** `_count` is dropped: it is the size of a page, and the port reads all pages. */
export function parseSearch(type: ResourceType, { _count, ...parameters }: SearchParameters): SearchRequest {
  const request = parseSearchRequest(type, parameters)
  const known = globalSchema.types[type]?.searchParams ?? {}
  const unknown = request.filters?.find((filter) => !known[filter.code])
  if (unknown) throw new EmrError(`Searching ${type}: no search parameter ${unknown.code}`, { status: 400 })
  return request
}

export function find<R extends FhirResource>(held: R[], request: SearchRequest): R[] {
  const found = held.filter(
    (one) => matchesSearchRequest(one as MedplumResource, request) && fitsUris(one, request),
  )
  for (const rule of request.sortRules?.toReversed() ?? []) {
    const direction = rule.descending ? -1 : 1
    const keys = new Map(found.map((one) => [one, sortKey(one, request, rule.code)]))
    found.sort((a, b) => direction * (keys.get(a) ?? '').localeCompare(keys.get(b) ?? ''))
  }
  return found
}

/** FHIR compares a `uri` whole; Medplum's matcher is content with a part. */
function fitsUris(resource: FhirResource, request: SearchRequest): boolean {
  return (request.filters ?? []).every((filter) => {
    const parameter = globalSchema.types[resource.resourceType]?.searchParams?.[filter.code]
    if (parameter?.type !== 'uri' || filter.operator !== 'eq') return true
    const values = evalFhirPath(parameter.expression ?? '', resource)
    return splitSearchOnComma(filter.value).some((wanted) => values.includes(wanted))
  })
}

/** Times sort by instant, however their offset is written. */
function sortKey(resource: FhirResource, request: SearchRequest, code: string): string {
  const parameter = globalSchema.types[request.resourceType]?.searchParams?.[code]
  const [value] = parameter ? evalFhirPath(parameter.expression ?? '', resource) : []
  return parameter?.type === 'date' && typeof value === 'string'
    ? new Date(value).toISOString()
    : JSON.stringify(value ?? '')
}
