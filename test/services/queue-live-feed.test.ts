/** The live feed on a real Redis. */
import { describe, expect, it, vi } from 'vitest'
import { connectToAdd, QueueUnavailable } from '../../src/queue/connection.ts'
import { createLiveFeed, type LiveChange } from '../../src/queue/live-feed.ts'
import { describeLiveFeed } from '../contract/live-feed.ts'
import { borrowRedis, createMemoryLog } from './redis-under-test.ts'

const redis = borrowRedis()
const soon = { timeout: 8_000, interval: 10 }
const change: LiveChange = { patient: 'Patient/a', reference: 'Communication/1' }

function createFeed(install = 'sample-clinic') {
  const feed = createLiveFeed({
    connection: redis.toAdd(),
    prefix: redis.prefix(),
    install,
    log: createMemoryLog(),
  })
  redis.closing(feed.close)
  return feed
}

describeLiveFeed('Redis', async () => {
  const feed = createFeed()
  return { feed, close: feed.close }
})

describe('the live feed on Redis', () => {
  it('reaches other processes, and other installs never', async () => {
    const heard: string[] = []
    const [worker, web, other] = [createFeed(), createFeed(), createFeed('other-clinic')]
    await web.subscribe('Patient/a', ({ reference }) => heard.push(reference))
    await other.subscribe('Patient/a', () => heard.push('other'))
    await vi.waitFor(async () => {
      await worker.publish(change)
      expect(heard).toContain('Communication/1')
    }, soon)
    expect(heard).not.toContain('other')
  })

  it('hears again by itself after its connection was cut', async () => {
    const heard: LiveChange[] = []
    const feed = createFeed()
    await feed.subscribe('Patient/a', (told) => heard.push(told))
    const connection = redis.toWork()
    await connection.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await vi.waitFor(async () => {
      await feed.publish(change)
      expect(heard.length).toBeGreaterThan(0)
    }, soon)
  })

  it('is not ended by what is no change', async () => {
    const heard: LiveChange[] = []
    const feed = createFeed()
    await feed.subscribe('Patient/a', (told) => heard.push(told))
    const connection = redis.toWork()
    for (const text of ['{', 'null', '[]', '{"patient":1}']) {
      await connection.publish(`${redis.prefix()}:{sample-clinic}-live`, text)
    }
    await feed.publish(change)
    await vi.waitFor(() => expect(heard).toEqual([change]), soon)
  })

  it('while Redis is away refuses who wants to listen, and publishing is no failure', async () => {
    const log = createMemoryLog()
    const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log })
    const feed = createLiveFeed({ connection, prefix: redis.prefix(), install: 'sample-clinic', log })
    await expect(feed.publish(change)).resolves.toBeUndefined()
    await expect(feed.subscribe('Patient/a', () => {})).rejects.toBeInstanceOf(QueueUnavailable)
    await expect(feed.subscribe('Patient/a', () => {})).rejects.toBeInstanceOf(QueueUnavailable)
    await feed.close()
    connection.disconnect()
  })
})
