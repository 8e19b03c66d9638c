/** Periodic work on a Redis of its own, which is wiped on the way. */
import { describe, expect, it, vi } from 'vitest'
import { createClock, type PeriodicWork } from '../../src/queue/clock.ts'
import { readClockHealth } from '../../src/queue/clock-health.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis({ alone: true })
const install = 'sample-clinic'
const soon = { timeout: 8_000, interval: 10 }

function startClock(every: PeriodicWork[]) {
  const log = createMemoryLog()
  const clock = createClock({
    connection: redis.toWork(),
    prefix: redis.prefix(),
    install,
    every,
    now,
    log,
    lookAfterEvery: 300,
  })
  redis.closing(clock.close)
  return { ...clock, log }
}

function createHealthReader() {
  const connection = redis.toWork()
  return () => readClockHealth({ connection, prefix: redis.prefix(), install, now: now() })
}

describe('the clock', () => {
  it('runs the first tick at once and each tick once, however many workers there are', async () => {
    const ticks: number[] = []
    const work = { name: 'dispatch-due', every: 300, run: async () => void ticks.push(performance.now()) }
    for (let workers = 0; workers < 3; workers++) startClock([work])
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(6), soon)
    const tookFor = (ticks.at(-1) ?? 0) - (ticks[0] ?? 0)
    // Looking after the schedules more often than they tick neither adds ticks nor holds them up.
    expect(ticks.length).toBeLessThanOrEqual(tookFor / 300 + 2)
    expect(tookFor).toBeLessThan(4_000)
  })

  it('does at the next tick what is due once, also after a failure, and remembers when it was done', async () => {
    const health = createHealthReader()
    let [away, runs, asked] = [true, 0, 0]
    const asks: (number | undefined)[] = []
    const work: PeriodicWork = {
      ...{ name: 'full-sweep', every: 100 },
      async isDue(lastOkAt) {
        asked += 1
        asks.push(lastOkAt)
        return lastOkAt === undefined
      },
      async run() {
        runs += 1
        if (away) throw new Error('the host is away')
      },
    }
    startClock([work])
    await vi.waitFor(async () => expect(await health()).toMatchObject([{ failing: true }]), soon)
    away = false
    await vi.waitFor(async () => expect(await health()).toMatchObject([{ failing: false }]), soon)
    const [done, since] = [runs, asked]
    // Whoever starts anew knows of it too.
    startClock([work])
    await vi.waitFor(() => expect(asked).toBeGreaterThan(since + 3), soon)
    expect(runs).toBe(done)
    expect(asks.at(-1)).toBeTypeOf('number')
  })

  it('says that work which throws is failing until it ends well again', async () => {
    const health = createHealthReader()
    let away = true
    const { log } = startClock([
      {
        name: 'dispatch-due',
        every: 100,
        async run() {
          if (away) throw new Error('the store is away')
        },
      },
      { name: 'sweep', every: 60_000, run: async () => {} },
    ])
    await vi.waitFor(
      async () => expect(await health()).toMatchObject([{ failing: true }, { failing: false }]),
      soon,
    )
    const [failing] = await health()
    expect(failing).toMatchObject({ name: 'dispatch-due', lastRunAt: expect.any(Number) })
    expect(failing).not.toHaveProperty('lastOkAt')
    expect(log.lines[0]).toMatchObject({ level: 'error', what: 'periodic work failed: dispatch-due' })
    away = false
    await vi.waitFor(async () => expect((await health())[0]).toMatchObject({ failing: false }), soon)
    expect((await health())[0]?.lastOkAt).toBeGreaterThan(0)
  })

  it('ticks on after everything in Redis was wiped', async () => {
    let ticks = 0
    const clock = startClock([{ name: 'dispatch-due', every: 100, run: async () => void ticks++ }])
    await clock.started
    await vi.waitFor(() => expect(ticks).toBeGreaterThan(1), soon)
    await redis.toWork().flushall()
    const before = ticks
    await vi.waitFor(() => expect(ticks).toBeGreaterThan(before + 3), soon)
    const health = createHealthReader()
    await vi.waitFor(
      async () => expect(await health()).toMatchObject([{ name: 'dispatch-due', failing: false }]),
      soon,
    )
  })

  it('leaves a tick out while this process still runs the same work', async () => {
    let together = 0
    let most = 0
    let ended = 0
    startClock([
      {
        name: 'sweep',
        every: 50,
        async run() {
          most = Math.max(most, ++together)
          await new Promise((resolve) => setTimeout(resolve, 200))
          together--
          ended++
        },
      },
      { name: 'other', every: 50, run: async () => {} },
    ])
    await vi.waitFor(() => expect(ended).toBeGreaterThan(2), soon)
    expect(most).toBe(1)
  })

  it('drops work that it no longer knows and takes on a changed period at once', async () => {
    const health = createHealthReader()
    const first = startClock([
      { name: 'old', every: 50, run: async () => {} },
      { name: 'kept', every: 60_000, run: async () => {} },
    ])
    await vi.waitFor(async () => expect((await health()).every(({ lastOkAt }) => lastOkAt)).toBe(true), soon)
    await first.close()
    let kept = 0
    const second = startClock([{ name: 'kept', every: 50, run: async () => void kept++ }])
    await second.started
    await vi.waitFor(() => expect(kept).toBeGreaterThan(10), soon)
    expect((await health()).map(({ name }) => name)).toEqual(['kept'])
  })
})
