/**
 * A search and all its pages. Values that name a person or an address travel in a POST body, never in a URL; and a
 * `next` link is followed only under the server's own base, because our token goes with it.
 */
import type { FhirResource } from 'fhir/r4'
import { EmrError, type ResourceOf, type SearchParameters, type Stored } from '../flows/ports.ts'
import { type FhirCall, withoutSlash } from './fhir-call.ts'
import type { Ask, ResourceType } from './interaction.ts'
import { isPrivate, type Pairs } from './search-query.ts'

/** Servers give less where that is too much for them. */
const pageSize = 250

type Page = { kind: 'query'; pairs: Pairs } | { kind: 'link'; url: string }

/** Who can answer a first page, and who the pages after it. */
export interface PagedServer {
  baseUrl: string
  ask: Ask
  call: FhirCall
}

export async function searchAllPages<T extends ResourceType>(
  server: PagedServer,
  type: T,
  parameters: SearchParameters,
  limit?: number,
): Promise<Stored<ResourceOf<T>>[]> {
  const doing = `Searching ${type} by ${Object.keys(parameters).join(', ') || 'nothing'}`
  const pairs = toPairs(parameters, limit ?? Number.POSITIVE_INFINITY)
  const { body } = await server.ask({
    kind: 'search',
    doing,
    type,
    pairs,
    ...(limit !== undefined && { limit }),
  })
  return readAllPages(server, { doing, type, first: body }, limit)
}

/** From its first page on. */
export async function readAllPages<T extends ResourceType>(
  server: PagedServer,
  { doing, type, first }: { doing: string; type: T; first: unknown },
  limit = Number.POSITIVE_INFINITY,
): Promise<Stored<ResourceOf<T>>[]> {
  const found: Stored<ResourceOf<T>>[] = []
  const seen = new Set<string>()
  for (let body = first; ; ) {
    const bundle = readBundle(doing, body)
    found.push(...matches(bundle, type))
    const page = nextPage(doing, server.baseUrl, bundle)
    if (!page || found.length >= limit) return found.slice(0, limit)
    const key = JSON.stringify(page)
    if (seen.has(key)) throw new EmrError(`${doing}: the server's pages go in a circle`)
    seen.add(key)
    body = await fetchPage(server, doing, type, page)
  }
}

function toPairs(parameters: SearchParameters, limit: number): Pairs {
  const pairs = Object.entries(parameters).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  )
  return '_count' in parameters ? pairs : [...pairs, ['_count', String(Math.min(pageSize, limit))]]
}

async function fetchPage(
  { ask, call }: PagedServer,
  doing: string,
  type: ResourceType,
  page: Page,
): Promise<unknown> {
  if (page.kind === 'query')
    return (await ask({ kind: 'search', doing, type, pairs: page.pairs, limit: 1 })).body
  return (await call(doing, ({ httpClient }, options) => httpClient.get(page.url, options))).body
}

interface SearchBundle {
  link?: { relation?: string; url?: string }[]
  entry?: { search?: { mode?: string }; resource?: FhirResource }[]
}

function readBundle(doing: string, body: unknown): SearchBundle {
  const { resourceType, link, entry } = body as SearchBundle & { resourceType?: string }
  const readable = resourceType === 'Bundle' && Array.isArray(link ?? []) && Array.isArray(entry ?? [])
  if (!readable) throw new EmrError(`${doing}: the server answered something that is not a Bundle`)
  return { link, entry }
}

function matches<T extends ResourceType>(bundle: SearchBundle, type: T): Stored<ResourceOf<T>>[] {
  return (bundle.entry ?? [])
    .filter(({ search }) => (search?.mode ?? 'match') === 'match')
    .flatMap(({ resource }) => (resource?.resourceType === type && resource.id ? [resource] : []))
    .map((resource) => resource as Stored<ResourceOf<T>>)
}

/** A link that repeats a number or a name in its query is turned back into a form. */
function nextPage(doing: string, baseUrl: string, bundle: SearchBundle): Page | undefined {
  const link = bundle.link?.find(({ relation }) => relation === 'next')?.url
  if (!link) return undefined
  const base = `${withoutSlash(baseUrl)}/`
  const url = URL.canParse(link, base) ? new URL(link, base) : undefined
  if (!url || !isUnder(url, new URL(base))) {
    throw new EmrError(`${doing}: the server's next page is outside its base, so it was not followed`)
  }
  const pairs = [...url.searchParams] as Pairs
  return isPrivate(pairs) ? { kind: 'query', pairs } : { kind: 'link', url: url.href }
}

function isUnder(url: URL, base: URL): boolean {
  // A name and a password in the address would go along as another authorization than ours.
  return (
    url.origin === base.origin &&
    !url.username &&
    !url.password &&
    `${url.pathname}/`.startsWith(base.pathname)
  )
}
