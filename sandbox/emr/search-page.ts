/**
 * One page of a search: entries with full URLs, the total, and links. The next page is found by an opaque
 * cursor into the list of ids as it was when the search began, so that a record that changes between two
 * pages is neither skipped nor seen twice. A host may also answer the same search again from that list.
 */
import { badRequest, gone, OperationOutcomeError, type SearchRequest } from '@medplum/core'
import type { Bundle, BundleEntry, BundleLink } from 'fhir/r4'
import type { EmrRepository } from './fhir-repository.ts'
import type { Version } from './record-store.ts'
import { findIncluded } from './search-include.ts'
import { createSnapshots } from './search-snapshots.ts'

const defaultPage = 50
const largestPage = 1000

export interface SearchPages {
  /** `self` is the URL of the request, absolute; `mayReuse`: an answer of a moment ago is good enough. */
  first(repository: EmrRepository, search: SearchRequest, self: string, mayReuse: boolean): Bundle
  next(repository: EmrRepository, type: string, cursor: string, self: string): Bundle
}

export interface SearchPageParts {
  fhirUrl: string
  /** Milliseconds for which the list of a search may answer it again; 0 = never. */
  reusedFor: number
  now: () => number
}

export function createSearchPages({ fhirUrl, reusedFor, now }: SearchPageParts): SearchPages {
  const snapshots = createSnapshots(reusedFor, now)

  function toBundle(
    repository: EmrRepository,
    search: SearchRequest,
    records: Version[],
    total: number,
    link: BundleLink[],
  ): Bundle {
    const included = findIncluded(repository, search, records)
    const entry = [
      ...records.map((record) => toEntry(fhirUrl, record, 'match')),
      ...included.map((record) => toEntry(fhirUrl, record, 'include')),
    ]
    const counted = search.total === 'none' ? {} : { total }
    return { resourceType: 'Bundle', type: 'searchset', ...counted, link, ...(entry.length > 0 && { entry }) }
  }

  return {
    first(repository, search, self, mayReuse) {
      const type = search.resourceType
      const size = pageSize(search.count)
      const from = search.offset ?? 0
      const link: BundleLink[] = [{ relation: 'self', url: self }]
      const recent = mayReuse ? snapshots.findRecent(self) : undefined
      const found = recent ? repository.pick(type, recent.ids) : repository.match(search)
      const ids = recent?.ids ?? found.map(({ id }) => id)
      const hasMore = size > 0 && from + size < ids.length
      const isKept = hasMore || reusedFor > 0
      const key = recent?.key ?? (isKept ? snapshots.remember({ type, ids, size, search, self }) : '')
      if (hasMore) link.push(nextLink(fhirUrl, type, key, from + size))
      return toBundle(repository, search, found.slice(from, from + size), ids.length, link)
    },
    next(repository, type, cursor, self) {
      const [key = '', offset] = cursor.split('.')
      const snapshot = snapshots.find(key)
      if (!snapshot) throw new OperationOutcomeError(gone)
      const from = Number(offset)
      if (snapshot.type !== type || !Number.isInteger(from))
        throw new OperationOutcomeError(badRequest('Bad cursor'))
      const until = from + snapshot.size
      const records = repository.pick(type, snapshot.ids.slice(from, until))
      const link: BundleLink[] = [{ relation: 'self', url: self }]
      if (until < snapshot.ids.length) link.push(nextLink(fhirUrl, type, key, until))
      return toBundle(repository, snapshot.search, records, snapshot.ids.length, link)
    },
  }
}

function nextLink(fhirUrl: string, type: string, key: string, offset: number): BundleLink {
  return { relation: 'next', url: `${fhirUrl}/${type}?_cursor=${key}.${offset}` }
}

function pageSize(count: number | undefined): number {
  if (count === undefined) return defaultPage
  if (!Number.isInteger(count) || count < 0) throw new OperationOutcomeError(badRequest('Bad _count'))
  return Math.min(count, largestPage)
}

function toEntry(fhirUrl: string, record: Version, mode: 'match' | 'include'): BundleEntry {
  return { fullUrl: `${fhirUrl}/${record.resourceType}/${record.id}`, resource: record, search: { mode } }
}
