/** What may be used once, for all web processes together: a mark is taken by the first who asks, until its time is over. */
import type { Redis } from 'ioredis'
import type { Duration } from '../domain/time.ts'
import { QueueUnavailable, whenReady } from './connection.ts'
import { defaultPrefix, takenKey } from './queue-names.ts'

/** Rejects with `QueueUnavailable` while Redis is away: then nobody can tell whether it was taken. */
export function createTakeOnce({
  connection,
  prefix = defaultPrefix,
}: {
  connection: Redis
  prefix?: string
}): (mark: string, keptFor: Duration) => Promise<boolean> {
  return async (mark, keptFor) => {
    try {
      await whenReady(connection)
      const lifetime = Math.max(1, Math.ceil(keptFor))
      return (await connection.set(takenKey(prefix, mark), '1', 'PX', lifetime, 'NX')) === 'OK'
    } catch (cause) {
      throw new QueueUnavailable('Redis did not answer whether a call was made before', { cause })
    }
  }
}
