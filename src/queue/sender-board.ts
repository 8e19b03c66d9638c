/**
 * How the senders of an install fare, for all its processes: one hash in Redis. It is a hint: without Redis, or after it
 * was wiped, every sender counts as well until the next outcome says otherwise.
 */
import type { Redis } from 'ioredis'
import type { SenderRecord } from '../domain/sender-health.ts'
import type { Log, SenderBoard } from '../flows/ports.ts'
import { codeOf } from './connection.ts'
import { defaultPrefix } from './queue-names.ts'

export function createSenderBoard({
  connection,
  prefix = defaultPrefix,
  install,
  log,
}: {
  connection: Redis
  prefix?: string
  install: string
  log: Log
}): SenderBoard {
  const key = `${prefix}:{${install}}:senders`
  const orNothing = async <T>(asked: Promise<T>, nothing: T): Promise<T> => {
    try {
      return await asked
    } catch (error) {
      log.warn('the senders’ board is away', { code: codeOf(error) })
      return nothing
    }
  }
  return {
    async read() {
      const found = await orNothing(connection.hgetall(key), {})
      return Object.fromEntries(
        Object.entries(found).flatMap(([sender, text]) => {
          const record = readRecord(text)
          return record ? [[sender, record]] : []
        }),
      )
    },
    // Two at once: the later one wins, and the other's share of a hint is lost.
    async change(sender, change) {
      const before = readRecord(await orNothing(connection.hget(key, sender), null))
      const after = change(before)
      if (!after || after === before) return
      await orNothing(connection.hset(key, sender, JSON.stringify(after)), 0)
    },
  }
}

function readRecord(text: string | null): SenderRecord | undefined {
  if (!text) return undefined
  try {
    const { trouble, at, paused } = JSON.parse(text) as Partial<SenderRecord>
    if (typeof trouble !== 'number' || typeof at !== 'number') return undefined
    return { trouble, at, ...(paused && { paused }) } as SenderRecord
  } catch {
    return undefined
  }
}
