/** Deletes everything under a prefix: the demo's clean-up, on a Redis that it may share with others. */
import type { Redis } from 'ioredis'
import { whenReady } from './connection.ts'

export async function forgetAll({
  connection,
  prefix,
}: {
  connection: Redis
  prefix: string
}): Promise<number> {
  if (!prefix) throw new RangeError('Forgetting needs a prefix; without one it would be everything')
  await whenReady(connection)
  const pattern = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}:*`
  let forgotten = 0
  let cursor = '0'
  do {
    const [next, keys] = await connection.scan(cursor, 'MATCH', pattern, 'COUNT', 500)
    if (keys.length > 0) forgotten += await connection.unlink(...keys)
    cursor = next
  } while (cursor !== '0')
  return forgotten
}
