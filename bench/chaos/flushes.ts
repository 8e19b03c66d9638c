/** Redis is wiped several times, and once restarted empty, while a campaign is sent. */
import type { Row } from '../row.ts'
import { runScenario, verdictRows } from './scenario.ts'

export async function flushRows(size: {
  count: number
  flushes: number
  concurrency: number
}): Promise<Row[]> {
  const { count, flushes, concurrency } = size
  const judged = await runScenario(count, concurrency, async ({ rig: { redis }, reached }) => {
    for (let flush = 1; flush <= flushes; flush += 1) {
      await reached(flush / (flushes + 2))
      await redis.connection.flushall()
    }
    await reached((flushes + 1) / (flushes + 2))
    await redis.restart()
  })
  return verdictRows(`${flushes} FLUSHALL and a restart of Redis`, judged)
}
