/** The lists that searches found, so that their next pages, and for a while the same search again, are answered from them. */
import { randomUUID } from 'node:crypto'
import type { SearchRequest } from '@medplum/core'

/** Older searches are forgotten; their cursors answer 410. */
const rememberedSearches = 200

export interface Snapshot {
  type: string
  ids: readonly string[]
  size: number
  search: SearchRequest
  /** The URL of the first page. */
  self: string
}

export interface Snapshots {
  /** The key by which it is found again. */
  remember(snapshot: Snapshot): string
  find(key: string): Snapshot | undefined
  /** The latest of the same URL that is young enough. */
  findRecent(self: string): { key: string; ids: readonly string[] } | undefined
}

/** `reusedFor` in milliseconds; 0 = none is ever young enough. */
export function createSnapshots(reusedFor: number, now: () => number): Snapshots {
  const kept = new Map<string, Snapshot & { foundAt: number }>()
  return {
    find: (key) => kept.get(key),
    remember(snapshot) {
      const key = randomUUID()
      kept.set(key, { ...snapshot, foundAt: now() })
      for (const oldest of [...kept.keys()].slice(0, -rememberedSearches)) kept.delete(oldest)
      return key
    },
    findRecent(self) {
      if (reusedFor === 0) return undefined
      const since = now() - reusedFor
      const found = [...kept].findLast(([, one]) => one.self === self && one.foundAt > since)
      return found && { key: found[0], ids: found[1].ids }
    },
  }
}
