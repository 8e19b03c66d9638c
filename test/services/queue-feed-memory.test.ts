/** The memory of change feeds on a real Redis. */
import { describe, expect, it, vi } from 'vitest'
import { after } from '../../src/domain/time.ts'
import { connectToAdd, QueueUnavailable } from '../../src/queue/connection.ts'
import { createFeedMemory } from '../../src/queue/feed-memory.ts'
import { forgetAll } from '../../src/queue/forget-all.ts'
import { feedKeys, stormKey } from '../../src/queue/queue-names.ts'
import { describeFeedMemory, startedAt } from '../contract/feed-memory.ts'
import { borrowRedis, createMemoryLog } from './redis-under-test.ts'

const redis = borrowRedis()

function place() {
  return { connection: redis.toAdd(), prefix: redis.prefix(), install: 'clinic' }
}

describeFeedMemory('Redis', async () => {
  let at = startedAt
  const { connection, prefix, install } = place()
  return {
    memory: createFeedMemory({ connection, prefix, install, now: () => at }),
    async pass(duration) {
      at = after(at, duration)
      // The storm's key goes by Redis's own clock.
      const key = stormKey(prefix, install, 'Appointment/1')
      await vi.waitFor(async () => expect(await connection.exists(key)).toBe(0), { timeout: 3_000 })
    },
  }
})

describe('the memory of a feed', () => {
  const now = () => startedAt

  it('says that Redis is away, so that a notification is not taken for queued', async () => {
    const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log: createMemoryLog() })
    const memory = createFeedMemory({ connection, install: 'clinic', now })
    await expect(memory.hear('appointments', ['Appointment/1'])).rejects.toBeInstanceOf(QueueUnavailable)
    await expect(memory.read('appointments')).rejects.toBeInstanceOf(QueueUnavailable)
    connection.disconnect()
  })

  it('belongs to one install, and is gone after a wipe', async () => {
    const { connection, prefix } = place()
    const memoryOf = (install: string) => createFeedMemory({ connection, prefix, install, now })
    await memoryOf('one').hear('appointments', ['Appointment/1'])
    expect(await memoryOf('two').hear('appointments', ['Appointment/1'])).toEqual([undefined])
    await forgetAll({ connection, prefix })
    expect(await memoryOf('one').read('appointments')).toEqual({})
    expect(await memoryOf('one').hear('appointments', ['Appointment/1'])).toEqual([undefined])
  })

  it('reads what another version left as far as it can', async () => {
    const { connection, prefix, install } = place()
    const memory = createFeedMemory({ connection, prefix, install, now })
    await memory.write('appointments', { cursor: undefined })
    const [record] = feedKeys(prefix, install, 'appointments')
    await connection.hset(record, { polledAt: String(startedAt), looks: '{half' })
    expect(await memory.read('appointments')).toEqual({ polledAt: startedAt })
  })
})
