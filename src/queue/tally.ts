/** Counted facts of every process, summed in Redis, so that `/metrics` of any web process tells of all workers. */
import type { Redis } from 'ioredis'
import type { Tally } from '../flows/ports.ts'
import { QueueUnavailable, whenReady } from './connection.ts'
import { tallyKey } from './queue-names.ts'

export interface TallyPlace {
  connection: Redis
  prefix: string
  install: string
}

export interface Counted {
  what: string
  label: string
  count: number
}

/** Milliseconds. What is counted within goes to Redis together. */
const gatheredFor = 100

/** Counting never fails and never waits: a count that Redis does not take is lost. */
export function createTally({ connection, prefix, install }: TallyPlace): Tally {
  const key = tallyKey(prefix, install)
  const gathered = new Map<string, number>()
  const tell = () => {
    for (const [field, count] of gathered) connection.hincrby(key, field, count).catch(() => undefined)
    gathered.clear()
  }
  return {
    count(what, label, by = 1) {
      if (gathered.size === 0) setTimeout(tell, gatheredFor).unref()
      const field = `${what} ${label}`
      gathered.set(field, (gathered.get(field) ?? 0) + by)
    },
  }
}

/** Throws `QueueUnavailable` while Redis is away. */
export async function readTally({ connection, prefix, install }: TallyPlace): Promise<Counted[]> {
  await whenReady(connection)
  const counts = await connection.hgetall(tallyKey(prefix, install)).catch((cause: unknown) => {
    throw new QueueUnavailable('Redis did not answer for the counts', { cause })
  })
  return Object.entries(counts).map(([field, count]) => {
    const [what = '', label = ''] = field.split(' ')
    return { what, label, count: Number(count) }
  })
}
