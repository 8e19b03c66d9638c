/**
 * A Redis for one test file: the one in REDIS_URL, or a private one. Each test takes a prefix of its own, so that tests
 * share it in peace.
 */
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { provideRedis } from '../../sandbox/provide/redis.ts'
import { instant } from '../../src/domain/time.ts'
import type { Clock, Log, LogFacts } from '../../src/flows/ports.ts'
import { connectToAdd, connectToWork } from '../../src/queue/connection.ts'
import { forgetAll } from '../../src/queue/forget-all.ts'

export const now: Clock = () => instant(Date.now())

export interface RedisUnderTest {
  url(): string
  prefix(): string
  toAdd(): Redis
  toWork(): Redis
  /** Runs before the connections close, last first. */
  closing(close: () => Promise<unknown>): void
  stop(): Promise<void>
}

/** `alone` starts a Redis of its own even when REDIS_URL names one, to be wiped or stopped. */
export function borrowRedis({ alone = false } = {}): RedisUnderTest {
  let redis: Awaited<ReturnType<typeof provideRedis>>
  let prefix = ''
  let connections: Redis[] = []
  let closings: (() => Promise<unknown>)[] = []

  const keep = (connection: Redis) => {
    connections.push(connection)
    return connection
  }
  const under: RedisUnderTest = {
    url: () => redis.url,
    prefix: () => (prefix ||= `qasid-test-${randomUUID()}`),
    toAdd: () => keep(connectToAdd({ url: redis.url, log: createMemoryLog() })),
    toWork: () => keep(connectToWork({ url: redis.url, log: createMemoryLog() })),
    closing: (close) => void closings.push(close),
    stop: () => redis.stop(),
  }

  beforeAll(async () => {
    redis = await provideRedis({ env: alone ? { ...process.env, REDIS_URL: undefined } : process.env })
  }, 120_000)
  afterEach(async () => {
    for (const close of closings.toReversed()) await close()
    const connection = connections.find(({ status }) => status === 'ready')
    if (prefix && connection) await forgetAll({ connection, prefix })
    for (const open of connections) open.disconnect()
    connections = []
    closings = []
    prefix = ''
  })
  afterAll(() => redis.stop())
  return under
}

/** Remembers lines, to be searched for what must not be there. */
export function createMemoryLog(): Log & { lines: { level: string; what: string; facts?: LogFacts }[] } {
  const lines: { level: string; what: string; facts?: LogFacts }[] = []
  return {
    lines,
    info: (what, facts) => void lines.push({ level: 'info', what, facts }),
    warn: (what, facts) => void lines.push({ level: 'warn', what, facts }),
    error: (what, facts) => void lines.push({ level: 'error', what, facts }),
  }
}
