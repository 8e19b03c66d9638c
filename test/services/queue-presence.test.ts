/** Who works, told over a real Redis. */
import { describe, expect, it, vi } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { createPresence, listWorkers } from '../../src/queue/presence.ts'
import { borrowRedis, createMemoryLog } from './redis-under-test.ts'

const redis = borrowRedis()
const soon = { timeout: 5_000, interval: 10 }

function announce(pid: number, options: { installs?: () => string[]; beatEvery?: number } = {}) {
  const connection = redis.toWork()
  const presence = createPresence({
    connection,
    prefix: redis.prefix(),
    pid,
    startedAt: instant(1_790_000_000_000 + pid),
    installs: () => ['sample-clinic'],
    log: createMemoryLog(),
    ...options,
  })
  redis.closing(presence.close)
  return { ...presence, connection }
}

describe('the list of workers', () => {
  it('is empty where none works', async () => {
    expect(await listWorkers({ connection: redis.toWork(), prefix: redis.prefix() })).toEqual([])
  })

  it('names each worker with its pid, its start and its installs, until it ends', async () => {
    const connection = redis.toWork()
    const list = () => listWorkers({ connection, prefix: redis.prefix() })
    const first = announce(101)
    const second = announce(102)
    await Promise.all([first.started, second.started])
    expect(await list()).toEqual([
      { pid: 101, startedAt: 1_790_000_000_101, installs: ['sample-clinic'] },
      { pid: 102, startedAt: 1_790_000_000_102, installs: ['sample-clinic'] },
    ])
    await first.close()
    expect((await list()).map(({ pid }) => pid)).toEqual([102])
  })

  it('learns of installs that became ready later', async () => {
    const connection = redis.toWork()
    let ready: string[] = []
    await announce(101, { installs: () => ready, beatEvery: 50 }).started
    ready = ['sample-clinic']
    await vi.waitFor(async () => {
      expect(await listWorkers({ connection, prefix: redis.prefix() })).toMatchObject([{ installs: ready }])
    }, soon)
  })

  it('forgets a worker that fell silent without a word', async () => {
    const connection = redis.toWork()
    const list = () => listWorkers({ connection, prefix: redis.prefix() })
    const killed = announce(101, { beatEvery: 100 })
    await killed.started
    expect(await list()).toHaveLength(1)
    killed.connection.disconnect()
    await vi.waitFor(async () => expect(await list()).toEqual([]), soon)
  })
})
