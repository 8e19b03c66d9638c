/**
 * Medplum's FHIR router with the interactions that it lacks or does too loosely replaced by ours: searches
 * with pages and includes, transactions of any size, and an update that says 201 when it created and
 * refuses an If-Match that it cannot read. A batch entry takes the same way as a request of its own, and no way leads
 * past what the host that we are like can do.
 */
import {
  allOk,
  badRequest,
  created,
  notFound,
  OperationOutcomeError,
  parseSearchRequest,
} from '@medplum/core'
import {
  type FhirRepository,
  type FhirRequest,
  type FhirResponse,
  FhirRouter,
  processBatch,
} from '@medplum/fhir-router'
import type { Bundle, OperationOutcome, Parameters, Resource, ResourceType } from '@medplum/fhirtypes'
import { expungeDefinition } from './capability-statement.ts'
import { EmrRepository } from './fhir-repository.ts'
import { asHeard, refuseBeyond } from './host-limits.ts'
import type { Like } from './likes/like.ts'
import type { SearchPages } from './search-page.ts'
import { findParameter } from './search-parameters.ts'

type Query = Record<string, string | string[] | undefined>

const replaced = ['search-type', 'search-system', 'operation', 'batch']

export interface FhirRouterParts {
  pages: SearchPages
  fhirUrl: string
  like: Like
}

export function createFhirRouter({ pages, fhirUrl, like }: FhirRouterParts): FhirRouter {
  const fhir = new FhirRouter()
  const kept = fhir.router.routes.filter(
    ({ method, path, data }) =>
      !replaced.includes(data?.interaction ?? '') && !(method === 'PUT' && path.length === 2),
  )
  fhir.router.routes.splice(0, Number.POSITIVE_INFINITY, ...kept)

  const search = async (
    request: FhirRequest,
    repository: FhirRepository,
    query: Query,
  ): Promise<FhirResponse> => {
    const type = request.params.resourceType ?? ''
    const self = `${fhirUrl}/${type}${toQueryString(query)}`
    const page =
      typeof query._cursor === 'string'
        ? pages.next(asEmr(repository), type, query._cursor, self)
        : pages.first(
            asEmr(repository),
            parseSearchRequest(type as ResourceType, withoutTypes(type, query, fhirUrl)),
            self,
            mayReuse(request),
          )
    return [allOk, page as unknown as Resource]
  }

  fhir.add(
    'GET',
    ':resourceType',
    (request, repository) => search(request, repository, request.query),
    'search-type',
  )
  fhir.add(
    'POST',
    ':resourceType/_search',
    (request, repository) => search(request, repository, { ...request.query, ...(request.body as Query) }),
    'search-type',
  )
  fhir.add('PUT', ':resourceType/:id', (request, repository) => update(request, repository, like), 'update')
  fhir.add('POST', '', bundle, 'batch')
  const expunge = like.expunge === 'whole' ? expungeWhole : expungeVersions
  fhir.add('POST', ':resourceType/:id/$expunge', expunge, 'operation')
  fhir.add('GET', 'OperationDefinition/:id', defineOperation, 'operation')
  limit(fhir, like)
  return fhir
}

function limit({ router }: FhirRouter, like: Like): void {
  const limited = router.routes.map((route) => ({
    ...route,
    handler: (async (request, repository, fhir, options) => {
      refuseBeyond(like, route.data?.interaction, request)
      return route.handler(asHeard(like, request), repository, fhir, options)
    }) satisfies typeof route.handler,
  }))
  router.routes.splice(0, Number.POSITIVE_INFINITY, ...limited)
}

/** What a search found a moment ago answers it again, unless the caller wants it as of now. */
function mayReuse({ headers, config }: FhirRequest): boolean {
  const { asOfNow = false } = (config ?? {}) as { asOfNow?: boolean }
  return !asOfNow && !/no-cache|no-store/.test(headers?.['cache-control'] ?? '')
}

/** What the caller of a batch wants holds for each of its entries, which have no headers of their own. */
function forEntries(request: FhirRequest): FhirRequest {
  return mayReuse(request) ? request : { ...request, config: { ...request.config, asOfNow: true } as never }
}

/** What the caller of a batch wants as of now, each of its entries wants so. */
function asOfNow({ router }: FhirRouter): FhirRouter {
  const own = new FhirRouter()
  const routes = router.routes.map((route) => ({
    ...route,
    handler: ((request, ...rest) =>
      route.handler(
        { ...request, headers: { ...request.headers, 'cache-control': 'no-cache' } },
        ...rest,
      )) satisfies typeof route.handler,
  }))
  own.router.routes.splice(0, Number.POSITIVE_INFINITY, ...routes)
  return own
}

/**
 * Medplum's transactions end at 50 updates or 8 conditional entries. Ours is a batch inside one turn of the
 * repository, taken back as a whole when an entry fails.
 */
async function bundle(
  asked: FhirRequest,
  repository: FhirRepository,
  router: FhirRouter,
): Promise<FhirResponse> {
  const request = forEntries(asked)
  const sent = request.body as Bundle
  if (sent.resourceType !== 'Bundle') return [badRequest('Not a Bundle')]
  if (sent.type !== 'transaction')
    return [
      allOk,
      await processBatch(request, repository, mayReuse(request) ? router : asOfNow(router), sent),
    ]
  const answer = await asEmr(repository).withTransaction(async (inside) => {
    const result = await processBatch(request, inside, router, { ...sent, type: 'batch' })
    const failed = result.entry?.find(({ response }) => Number(response?.status) >= 400)?.response?.outcome
    if (failed) throw new OperationOutcomeError(failed as OperationOutcome)
    return result
  })
  return [allOk, { ...answer, type: 'transaction-response' }]
}

async function expungeWhole({ params }: FhirRequest, repository: FhirRepository): Promise<FhirResponse> {
  await asEmr(repository).forget(params.resourceType ?? '', params.id ?? '')
  return [allOk]
}

async function expungeVersions(request: FhirRequest, repository: FhirRepository): Promise<FhirResponse> {
  const { resourceType = '', id = '' } = request.params
  const { parameter = [] } = (request.body ?? {}) as Parameters
  const wanted = parameter.filter((one) => one.valueBoolean === true).map(({ name }) => name)
  if (wanted.join() !== 'expungePreviousVersions')
    return [badRequest('Only previous versions are expunged here')]
  await asEmr(repository).forgetVersions(resourceType, id)
  return [allOk]
}

async function defineOperation(request: FhirRequest): Promise<FhirResponse> {
  const isKnown = request.params.id === expungeDefinition.id
  return isKnown ? [allOk, expungeDefinition as unknown as Resource] : [notFound]
}

async function update(request: FhirRequest, repository: FhirRepository, like: Like): Promise<FhirResponse> {
  const { resourceType = '', id = '' } = request.params
  const resource = request.body as Resource
  if (resource.resourceType !== resourceType)
    return [badRequest('The resource is not of the type in the URL')]
  if (resource.id !== id) return [badRequest('The resource does not have the id in the URL')]
  const existed = asEmr(repository).has(resourceType, id)
  if (!existed && like.updateCreates === 'never') return [notFound]
  if (!existed && like.updateCreates === 'ids-with-a-letter' && /^\d+$/.test(id))
    return [badRequest('A new resource cannot be given a number as its id')]
  const saved = await repository.updateResource(resource, {
    ifMatch: readIfMatch(request.headers?.['if-match']),
  })
  return [existed ? allOk : created, saved]
}

/** An If-Match that cannot be read must not become an update without one. */
function readIfMatch(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const version = /^(?:W\/)?"?([A-Za-z0-9.-]+)"?$/.exec(header.trim())?.[1]
  if (!version) throw new OperationOutcomeError(badRequest('If-Match must be a single ETag'))
  return version
}

function asEmr(repository: FhirRepository): EmrRepository {
  if (repository instanceof EmrRepository) return repository
  throw new Error('The FHIR router was given a foreign repository')
}

/** `subject:Patient=1` and `subject=<our base>/Patient/1` are `subject=Patient/1`. */
function withoutTypes(type: string, query: Query, fhirUrl: string): Query {
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => {
      const [code = '', modifier = ''] = key.split(':')
      if (findParameter(type, code)?.kind !== 'reference') return [key, value]
      const toTyped = (text: string) =>
        text
          .split(',')
          .map((one) => (one.startsWith(`${fhirUrl}/`) ? one.slice(fhirUrl.length + 1) : one))
          .map((one) => (/^[A-Z]/.test(modifier) && !one.includes('/') ? `${modifier}/${one}` : one))
          .join(',')
      const typed = Array.isArray(value) ? value.map(toTyped) : toTyped(value ?? '')
      return [/^[A-Z]/.test(modifier) ? code : key, typed]
    }),
  )
}

function toQueryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    [value ?? ''].flat().map((one): [string, string] => [key, one]),
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}
