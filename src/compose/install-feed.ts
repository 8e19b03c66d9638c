/** How one install learns of changes: what its host says of itself, our Subscriptions there, and the memory in Redis. */
import type { Redis } from 'ioredis'
import { feedOffers } from '../domain/expected-rung.ts'
import { hour } from '../domain/time.ts'
import { readCapabilities } from '../emr/capabilities.ts'
import type { FhirServer } from '../emr/fhir-call.ts'
import { ensureSubscription } from '../emr/subscriptions.ts'
import type { Feed } from '../flows/feed-ports.ts'
import type { Clock, Emr } from '../flows/ports.ts'
import { createFeedMemory } from '../queue/feed-memory.ts'

export interface InstallFeedParts {
  connection: Redis
  prefix: string
  install: string
  server: FhirServer
  host: Emr
  now: Clock
}

export function createInstallFeed({ server, host, ...place }: InstallFeedParts): Feed {
  const capabilities = hourly(() => readCapabilities(server), place.now)
  return {
    memory: createFeedMemory(place),
    offers: async (resource) => feedOffers(await capabilities(), resource),
    async subscribe(wish, how) {
      const startsAs = (await capabilities()).subscriptionsStartAs
      return ensureSubscription(host, { ...wish, startsAs }, how)
    },
  }
}

/** Hosts learn new things without telling; while they cannot say, what they said last holds. */
function hourly<T>(ask: () => Promise<T>, now: Clock): () => Promise<T> {
  let held: { answer: Promise<T>; until: number } | undefined
  return () => {
    if (held && now() < held.until) return held.answer
    const before = held
    const asked = {
      until: now() + hour,
      answer: ask().catch((error: unknown) => {
        if (held === asked) held = before
        if (before) return before.answer
        throw error
      }),
    }
    held = asked
    return asked.answer
  }
}
