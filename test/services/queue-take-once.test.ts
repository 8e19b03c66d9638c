/** What may be used once, on a real Redis. */
import { describe, expect, it } from 'vitest'
import { connectToAdd } from '../../src/queue/connection.ts'
import { createTakeOnce } from '../../src/queue/take-once.ts'
import { borrowRedis, createMemoryLog } from './redis-under-test.ts'

const redis = borrowRedis()

describe('what may be used once', () => {
  it('is taken by one of many who ask at the same moment', async () => {
    const take = [redis.toAdd(), redis.toAdd()].map((connection) =>
      createTakeOnce({ connection, prefix: redis.prefix() }),
    )
    const answers = await Promise.all([...take, ...take, ...take].map((one) => one('a', 60_000)))
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await take[0]?.('b', 60_000)).toBe(true)
  })

  it('is forgotten when its time is over', async () => {
    const connection = redis.toAdd()
    await createTakeOnce({ connection, prefix: redis.prefix() })('a', 60_000)
    const [key = ''] = await connection.keys(`${redis.prefix()}:*`)
    expect(await connection.pttl(key)).toBeGreaterThan(50_000)
    expect(await connection.pttl(key)).toBeLessThanOrEqual(60_000)
  })

  it('is not given while Redis is away', async () => {
    const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log: createMemoryLog() })
    await expect(createTakeOnce({ connection })('a', 1_000)).rejects.toMatchObject({
      name: 'QueueUnavailable',
    })
    connection.disconnect()
  })
})
