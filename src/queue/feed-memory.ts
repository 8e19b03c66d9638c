/**
 * What is remembered of an install's change feeds: two hashes in Redis for each, and one short-lived key for each resource
 * that was just told of. All of it may be lost at any moment; the next look at the host makes up for it.
 */
import type { ChainableCommander, Redis } from 'ioredis'
import { after, type Duration, second } from '../domain/time.ts'
import type { FeedHeard, FeedMemory, FeedRecord } from '../flows/feed-ports.ts'
import type { Clock } from '../flows/ports.ts'
import { QueueUnavailable, whenReady } from './connection.ts'
import { defaultPrefix, feedKeys, stormKey } from './queue-names.ts'

export interface FeedMemoryWishes {
  connection: Redis
  prefix?: string
  install: string
  now: Clock
}

/** Whatever is told again of one resource within this is one more look at its end. */
export const stormLasts: Duration = second

const fieldsAtOnce = 1_000

export function createFeedMemory(wishes: FeedMemoryWishes): FeedMemory {
  const { connection, prefix = defaultPrefix, install, now } = wishes
  const keysOf = (key: string) => feedKeys(prefix, install, key)
  const answered = async <T>(ask: () => Promise<T>): Promise<T> => {
    await whenReady(connection)
    return ask().catch((cause: unknown) => {
      throw new QueueUnavailable('Redis did not answer for the change feed', { cause })
    })
  }

  return {
    read: (key) => answered(async () => readRecord(await connection.hgetall(keysOf(key)[0]))),

    write: (key, changes) =>
      answered(async () => {
        const [record] = keysOf(key)
        const batch = connection.multi()
        for (const [field, value] of Object.entries(changes)) {
          if (value === undefined) batch.hdel(record, field)
          else batch.hset(record, field, JSON.stringify(value))
        }
        await executed(batch)
      }),

    hear: (key, references) =>
      answered(async () => {
        const [record] = keysOf(key)
        const at = now()
        const batch = connection.pipeline().hset(record, 'seenAt', at)
        if (references.length > 0) batch.hset(record, 'toldAt', at)
        const skipped = batch.length
        for (const reference of references) {
          const storm = stormKey(prefix, install, reference)
          batch.set(storm, 1, 'PX', stormLasts, 'NX').pttl(storm)
        }
        const answers = (await executed(batch)).slice(skipped)
        return references.map((_, index) => {
          const [wasFirst, left] = answers.slice(2 * index, 2 * index + 2)
          return wasFirst === 'OK' ? undefined : after(at, Math.max(0, Number(left)))
        })
      }),

    prints: (key) => answered(() => connection.hgetall(keysOf(key)[1])),

    changePrints: (key, { set, remove }) =>
      answered(async () => {
        const [, prints] = keysOf(key)
        const all = Object.entries(set)
        for (let from = 0; from < all.length; from += fieldsAtOnce)
          await connection.hset(prints, Object.fromEntries(all.slice(from, from + fieldsAtOnce)))
        for (let from = 0; from < remove.length; from += fieldsAtOnce)
          await connection.hdel(prints, ...remove.slice(from, from + fieldsAtOnce))
      }),
  }
}

/** What each command answered; throws when one of them failed. */
async function executed(batch: ChainableCommander): Promise<unknown[]> {
  return ((await batch.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error
    return answer
  })
}

/** Of another version's record only what can be read is taken. */
function readRecord(held: Record<string, string>): FeedRecord & FeedHeard {
  const fields = Object.entries(held).flatMap(([field, text]): [string, unknown][] => {
    try {
      return [[field, JSON.parse(text)]]
    } catch {
      return []
    }
  })
  return Object.fromEntries(fields) as FeedRecord & FeedHeard
}
