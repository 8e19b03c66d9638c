import { describe, expect, it } from 'vitest'
import { connectToAdd, QueueUnavailable } from '../../src/queue/connection.ts'
import { readTally } from '../../src/queue/tally.ts'

const silent = { info() {}, warn() {}, error() {} }

describe('counted facts', () => {
  it('cannot be told while Redis is away', async () => {
    const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log: silent })
    const place = { connection, prefix: 'qasid', install: 'clinic' }
    await expect(readTally(place)).rejects.toBeInstanceOf(QueueUnavailable)
    await expect(readTally(place)).rejects.toBeInstanceOf(QueueUnavailable)
    connection.disconnect()
  })
})
