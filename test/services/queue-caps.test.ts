/** The caps on a real Redis. */
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createJobVeil } from '../../src/compose/job-veil.ts'
import type { Address } from '../../src/domain/address.ts'
import { createCaps, type LimitedSender } from '../../src/queue/caps.ts'
import { connectToAdd, QueueUnavailable } from '../../src/queue/connection.ts'
import { describeCaps, usesAt } from '../contract/caps.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis({ alone: true })
const veil = createJobVeil({ key: randomBytes(32) })
const install = 'sample-clinic'
const use = { sender: 'whatsapp', to: '+971501234567' as Address, opens: true }
const senders: LimitedSender[] = [
  { id: 'whatsapp', limits: { perDay: 5, peoplePerDay: 5, samePersonEvery: 60, portfolio: 'clinic' } },
]

describeCaps('on Redis', async (limits, stored) => {
  const connection = redis.toAdd()
  const limited = Object.entries(limits).map(([id, limits]) => ({ id, limits }))
  const readUses = async () => usesAt(stored, now())
  const caps = createCaps({ connection, prefix: redis.prefix(), install, senders: limited, veil, readUses })
  return { caps, now, forget: async () => void (await redis.toWork().flushall()) }
})

it('Caps on Redis hold no address, and are asked of the store once for all who wait', async () => {
  const connection = redis.toAdd()
  const place = { connection, prefix: redis.prefix(), install, senders, veil }
  let asked = 0
  const readUses = async () => {
    asked += 1
    return [{ ...use, to: '+971507654321' as Address, at: now() }]
  }
  const caps = createCaps({ ...place, readUses })
  await Promise.all(Array.from({ length: 10 }, () => caps.judge(use)))
  await caps.take(use)
  expect(asked).toBe(1)
  const held: unknown[] = []
  for (const key of await connection.keys(`${redis.prefix()}:*`)) {
    const type = await connection.type(key)
    held.push(key)
    if (type === 'hash') held.push(await connection.hgetall(key))
    if (type === 'zset') held.push(await connection.zrange(key, '0', '-1'))
    if (type === 'string') held.push(await connection.get(key))
  }
  expect(held.length).toBeGreaterThanOrEqual(6)
  expect(JSON.stringify(held)).not.toMatch(/97150/)
})

it('Caps on Redis let nobody through while Redis, or the store that has to be asked, is away', async () => {
  const gone = connectToAdd({ url: 'redis://127.0.0.1:1', log: createMemoryLog() })
  const place = { prefix: redis.prefix(), install, senders, veil }
  const away = createCaps({ ...place, connection: gone, readUses: async () => [] })
  await expect(away.take(use)).rejects.toBeInstanceOf(QueueUnavailable)
  gone.disconnect()
  const readUses = async () => Promise.reject(new Error('the store is away'))
  const unread = createCaps({ ...place, connection: redis.toAdd(), readUses })
  await expect(unread.take(use)).rejects.toThrow('the store is away')
})
