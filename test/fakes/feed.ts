/** A change feed in memory: it passes the same contract as the one on Redis, and what the host offers is for the test to say. */
import type { FeedOffers } from '../../src/domain/change-feed.ts'
import { after, type Instant, second } from '../../src/domain/time.ts'
import { ensureSubscription } from '../../src/emr/subscriptions.ts'
import type { Feed, FeedHeard, FeedMemory, FeedRecord } from '../../src/flows/feed-ports.ts'
import type { Clock, Emr } from '../../src/flows/ports.ts'

export interface FakeFeedMemory extends FeedMemory {
  /** Everything is gone, as after a wipe of Redis. */
  clear(): void
}

export function createFakeFeedMemory({ now }: { now: Clock }): FakeFeedMemory {
  const records = new Map<string, FeedRecord & FeedHeard>()
  const prints = new Map<string, Record<string, string>>()
  const told = new Map<string, Instant>()
  const change = (key: string, changes: FeedRecord & FeedHeard) => {
    const all = Object.entries({ ...records.get(key), ...changes })
    records.set(key, structuredClone(Object.fromEntries(all.filter(([, value]) => value !== undefined))))
  }
  return {
    read: async (key) => structuredClone(records.get(key) ?? {}),
    write: async (key, changes) => change(key, changes),
    async hear(key, references) {
      const at = now()
      change(key, { seenAt: at, ...(references.length > 0 && { toldAt: at }) })
      return references.map((reference) => {
        const until = told.get(reference)
        if (until !== undefined && until > at) return until
        told.set(reference, after(at, second))
        return undefined
      })
    },
    prints: async (key) => ({ ...prints.get(key) }),
    async changePrints(key, { set, remove }) {
      const kept = { ...prints.get(key), ...set }
      for (const one of remove) delete kept[one]
      prints.set(key, kept)
    },
    clear() {
      records.clear()
      prints.clear()
      told.clear()
    },
  }
}

/** What a server that can do everything says of itself. */
export const allOffers: FeedOffers = {
  takesSubscriptions: true,
  topics: [],
  searchParams: ['_lastUpdated', 'date', 'location', 'practitioner', 'patient', 'status'],
}

export interface FakeFeed extends Feed {
  memory: FakeFeedMemory
  /** Changed by the test. */
  offered: FeedOffers
}

export function createFakeFeed({ host, now }: { host: Emr; now: Clock }): FakeFeed {
  const feed: FakeFeed = {
    memory: createFakeFeedMemory({ now }),
    offered: allOffers,
    offers: async () => feed.offered,
    subscribe: (wish, how) => ensureSubscription(host, wish, how),
  }
  return feed
}
