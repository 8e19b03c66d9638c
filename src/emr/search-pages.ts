/**
 * A search and all its pages. Values that name a person or an address travel in a POST body, never in a URL, because
 * URLs end in access logs; and a `next` link is followed only under the server's own base, because our token goes
 * with it.
 */
import type { FhirResource } from 'fhir/r4'
import { EmrError, type ResourceOf, type SearchParameters, type Stored } from '../flows/ports.ts'
import { type FhirCall, withoutSlash } from './fhir-call.ts'

const pageSize = 100
/** Servers and proxies begin to refuse URLs at about 2,000 characters. */
const longestQuery = 1_500

/** Parameters whose values say who someone is or how to reach them, also when chained or modified. */
const privateName =
  /(^|[.:])(identifier|telecom|phone|email|name|family|given|phonetic|birthdate|address(-[a-z]+)?)(:|$)/

type Page = { kind: 'query'; pairs: [string, string][] } | { kind: 'link'; url: string }

export async function searchAllPages<T extends FhirResource['resourceType']>(
  server: { baseUrl: string; call: FhirCall },
  type: T,
  parameters: SearchParameters,
  limit = Number.POSITIVE_INFINITY,
): Promise<Stored<ResourceOf<T>>[]> {
  const doing = `Searching ${type} by ${Object.keys(parameters).join(', ') || 'nothing'}`
  const found: Stored<ResourceOf<T>>[] = []
  const seen = new Set<string>()
  let page: Page | undefined = { kind: 'query', pairs: toPairs(parameters, limit) }
  while (page && found.length < limit) {
    const key = JSON.stringify(page)
    if (seen.has(key)) throw new EmrError(`${doing}: the server's pages go in a circle`)
    seen.add(key)
    const bundle = readBundle(doing, await fetchPage(server.call, doing, type, page))
    found.push(...matches(bundle, type))
    page = nextPage(doing, server.baseUrl, bundle)
  }
  return found.slice(0, limit)
}

function toPairs(parameters: SearchParameters, limit: number): [string, string][] {
  const pairs = Object.entries(parameters).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  )
  return '_count' in parameters ? pairs : [...pairs, ['_count', String(Math.min(pageSize, limit))]]
}

async function fetchPage(call: FhirCall, doing: string, type: string, page: Page): Promise<unknown> {
  if (page.kind === 'link')
    return (await call(doing, ({ httpClient }, options) => httpClient.get(page.url, options))).body
  const searchParams: Record<string, string[]> = {}
  for (const [name, value] of page.pairs) searchParams[name] = [...(searchParams[name] ?? []), value]
  const postSearch = mustBePosted(page.pairs)
  return (
    await call(doing, (client, options) =>
      client.resourceSearch({ resourceType: type, searchParams, options: { ...options, postSearch } }),
    )
  ).body
}

function mustBePosted(pairs: [string, string][]): boolean {
  return isPrivate(pairs) || String(new URLSearchParams(pairs)).length > longestQuery
}

function isPrivate(pairs: [string, string][]): boolean {
  return pairs.some(([name]) => privateName.test(name))
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

function matches<T extends FhirResource['resourceType']>(
  bundle: SearchBundle,
  type: T,
): Stored<ResourceOf<T>>[] {
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
  const pairs = [...url.searchParams]
  return isPrivate(pairs) ? { kind: 'query', pairs } : { kind: 'link', url: url.href }
}

function isUnder(url: URL, base: URL): boolean {
  return url.origin === base.origin && `${url.pathname}/`.startsWith(base.pathname)
}
