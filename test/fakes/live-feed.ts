/** A live feed in memory; it also remembers what was published, for tests of the flows. */
import type { Reference } from '../../src/domain/message-request.ts'
import type { LiveFeed } from '../../src/flows/ports.ts'

export interface LiveChange {
  patient: Reference
  reference: Reference
}

export interface FakeLiveFeed extends LiveFeed {
  published: LiveChange[]
  subscribe(patient: Reference, listener: (change: LiveChange) => void): Promise<() => void>
}

export function createFakeLiveFeed(): FakeLiveFeed {
  const published: LiveChange[] = []
  const listeners = new Set<{ patient: Reference; listener: (change: LiveChange) => void }>()
  return {
    published,
    async publish({ patient, reference }) {
      const change = { patient, reference }
      published.push(change)
      for (const entry of listeners) if (entry.patient === patient) entry.listener(change)
    },
    async subscribe(patient, listener) {
      const entry = { patient, listener }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}
