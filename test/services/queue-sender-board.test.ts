/** The senders' board on a real Redis. */
import { describe, expect, it } from 'vitest'
import { pause } from '../../src/domain/sender-health.ts'
import { connectToAdd } from '../../src/queue/connection.ts'
import { createSenderBoard } from '../../src/queue/sender-board.ts'
import { describeSenderBoard } from '../contract/sender-board.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis()
let installs = 0

describeSenderBoard('Redis', async () => {
  installs += 1
  const place = { connection: redis.toAdd(), prefix: redis.prefix(), install: `clinic-${installs}` }
  return createSenderBoard({ ...place, now, log: createMemoryLog() })
})

describe('the senders’ board', () => {
  it('holds nobody up while Redis is away: every sender counts as well', async () => {
    const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log: createMemoryLog() })
    const board = createSenderBoard({ connection, install: 'clinic', now, log: createMemoryLog() })
    await board.change('sms', (record) => pause(record, '20003', now()))
    expect(await board.read()).toEqual({})
    connection.disconnect()
  })
})
