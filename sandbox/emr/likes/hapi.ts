/**
 * HAPI FHIR JPA 8 in R4 mode: a whole FHIR server without any security of its own.
 * https://hapifhir.io/hapi-fhir/docs/server_jpa/introduction.html
 */
import { resourceTypes } from '../search-parameters.ts'
import { fully, type Like } from './like.ts'

export const hapi: Like = {
  software: { name: 'HAPI FHIR Server', version: '8.4.0' },
  // A parameter that it does not know is refused with 400: strict handling is its default.
  types: fully(resourceTypes),
  conditional: true,
  // A number may be one of its own one day.
  updateCreates: 'ids-with-a-letter',
  bundles: ['batch', 'transaction'],
  ids: 'number',
  expunge: 'versions',
  smart: 'none',
  notifications: 'hapi',
  // Its `reuse_cached_search_results_millis`; a search with `Cache-Control: no-cache` is made anew.
  searchesReusedFor: 60_000,
  bookedAs: 'booked',
  utcOnly: false,
}
