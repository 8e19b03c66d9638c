/** What becomes of jobs, on a real Redis. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { type Instant, instant } from '../../src/domain/time.ts'
import type { Job, JobResult } from '../../src/flows/ports.ts'
import { createJobs } from '../../src/queue/jobs.ts'
import type { PacedSender } from '../../src/queue/pace.ts'
import { createQueueDepths } from '../../src/queue/queue-depth.ts'
import { createWorkers, type JobContext } from '../../src/queue/workers.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis()
const install = 'sample-clinic'
const plan: Job = { kind: 'plan', visit: 'Appointment/1' }
const send = (id: number | string, sender = 'sms', lane: 'fast' | 'bulk' = 'fast'): Job => ({
  kind: 'send',
  request: `CommunicationRequest/${id}`,
  sender,
  lane,
})
const done: JobResult = { kind: 'done' }
const soon = { timeout: 8_000, interval: 10 }

function createQueue() {
  const connection = redis.toAdd()
  const place = { connection, prefix: redis.prefix(), install }
  const jobs = createJobs({ ...place, now, firstRetryAfter: 1 })
  const depths = createQueueDepths({ ...place, senders: ['sms', 'email'] })
  redis.closing(jobs.close)
  redis.closing(depths.close)
  const failed = async () => (await depths.countJobs()).reduce((sum, depth) => sum + depth.failed, 0)
  return { jobs, depths, failed, connection }
}

function work(
  handle: (job: Job, context: JobContext) => Promise<JobResult>,
  options: { concurrency?: number; senders?: PacedSender[]; lockFor?: number; graceFor?: number } = {},
) {
  const log = createMemoryLog()
  const workers = createWorkers({
    connection: redis.toWork(),
    prefix: redis.prefix(),
    install,
    senders: ['sms', 'email'].map((id) => ({ id, perSecond: 1_000 })),
    handle,
    now,
    log,
    ...options,
  })
  redis.closing(workers.close)
  return { ...workers, log }
}

describe('a job that throws', () => {
  it('is tried eight times, told which is the last, and then set aside', async () => {
    const { jobs, failed } = createQueue()
    const tries: JobContext[] = []
    work(async (_job, context) => {
      tries.push(context)
      throw new Error('the store is away')
    })
    await jobs.add(plan)
    await vi.waitFor(async () => expect(await failed()).toBe(1), soon)
    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(tries.map(({ lastAttempt }) => lastAttempt).indexOf(true)).toBe(7)
  })

  it('may be added again after it was set aside', async () => {
    const { jobs, failed } = createQueue()
    let away = true
    let well = 0
    work(async () => {
      if (away) throw new Error('the store is away')
      well++
      return done
    })
    await jobs.add(plan)
    await vi.waitFor(async () => expect(await failed()).toBe(1), soon)
    away = false
    await jobs.add(plan)
    await vi.waitFor(() => expect(well).toBe(1), soon)
  })

  it('leaves nothing of what the error quoted in Redis or in the lines of the log', async () => {
    const { jobs, failed, connection } = createQueue()
    const { log } = work(async () => {
      throw Object.assign(new Error('GET /Patient?phone=+15550100001 failed for Test Person'), {
        code: 'ECONNRESET',
      })
    })
    await jobs.add(plan)
    await vi.waitFor(async () => expect(await failed()).toBe(1), soon)
    const hashes = await connection.keys(`${redis.prefix()}:*`)
    const dump: string[] = []
    for (const key of hashes) {
      if ((await connection.type(key)) === 'hash') dump.push(JSON.stringify(await connection.hgetall(key)))
      if ((await connection.type(key)) === 'stream')
        dump.push(JSON.stringify(await connection.xrange(key, '-', '+')))
    }
    expect(dump.join()).toContain('ECONNRESET')
    expect(dump.join()).not.toMatch(/5550100001|Test Person/)
    const lines = log.lines
      .map(({ what, facts }) => JSON.stringify({ what, ...facts, cause: undefined }))
      .join()
    expect(lines).toContain('Appointment/1')
    expect(lines).not.toMatch(/5550100001|Test Person/)
  })
})

describe('a job that is put back', () => {
  it('burns no try, however often', async () => {
    const { jobs } = createQueue()
    const tries: number[] = []
    work(async (_job, { attempt }) => {
      tries.push(attempt)
      return tries.length > 12 ? done : { kind: 'later', at: instant(now() + 5) }
    })
    await jobs.add(plan)
    await vi.waitFor(() => expect(tries).toHaveLength(13), soon)
    expect(new Set(tries)).toEqual(new Set([1]))
  })

  it('because its carrier says too fast rests that sender only, comes first after it, and burns no try', async () => {
    const { jobs } = createQueue()
    const runs: { request: string; at: number; attempt: number }[] = []
    let throttled = false
    work(
      async (job, { attempt }) => {
        if (job.kind !== 'send') return done
        runs.push({ request: job.request.split('/')[1] ?? '', at: now(), attempt })
        if (job.sender !== 'sms' || throttled) return done
        throttled = true
        await jobs.add(send('other', 'email'))
        return { kind: 'slow-down', waitFor: 600 }
      },
      { concurrency: 1 },
    )
    await jobs.addAll([{ job: send(1) }, { job: send(2) }, { job: send(3) }])
    await vi.waitFor(() => expect(runs).toHaveLength(5), soon)
    expect(runs.map(({ request }) => request)).toEqual(['1', 'other', '1', '2', '3'])
    expect((runs[2]?.at ?? 0) - (runs[0]?.at ?? 0)).toBeGreaterThanOrEqual(590)
    expect(runs.every(({ attempt }) => attempt === 1)).toBe(true)
  })
})

describe('two lanes', () => {
  it('let an urgent reply wait for no place that a campaign holds', async () => {
    const { jobs } = createQueue()
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    const ran: JobContext['lane'][] = []
    work(
      async (job, { lane }) => {
        ran.push(lane)
        if (job.kind === 'send' && job.lane === 'bulk') await mayEnd
        return done
      },
      { concurrency: 5 },
    )
    await jobs.addAll(Array.from({ length: 1_000 }, (_, index) => ({ job: send(index, 'sms', 'bulk') })))
    await vi.waitFor(() => expect(ran).toHaveLength(5), soon)
    await jobs.add(send('reply'))
    await vi.waitFor(() => expect(ran.at(-1)).toBe('fast'), soon)
    expect(ran).toHaveLength(6)
    await jobs.add(plan)
    await jobs.add({ kind: 'answer', message: 'Communication/1' })
    await vi.waitFor(() => expect(ran.slice(6).sort()).toEqual(['bulk', 'fast']), soon)
    end()
  })

  it('both rest when the carrier says too fast, and one alone where only that is too long', async () => {
    const { jobs } = createQueue()
    const runs: { lane: string; at: number }[] = []
    const slow: JobResult[] = [
      { kind: 'slow-down', waitFor: 500 },
      { kind: 'slow-down', waitFor: 1_000, lane: 'bulk' },
    ]
    work(
      async (_job, { lane }) => {
        runs.push({ lane, at: now() })
        return (lane === 'bulk' && slow.shift()) || done
      },
      { concurrency: 1 },
    )
    const [first, second, third] = [send(1, 'sms', 'bulk'), send(2), send(3)]
    await jobs.add(first)
    await vi.waitFor(() => expect(runs).toHaveLength(1), soon)
    const since = runs[0]?.at ?? 0
    await jobs.add(second)
    await vi.waitFor(() => expect(runs.length).toBeGreaterThanOrEqual(3), soon)
    await jobs.add(third)
    await vi.waitFor(() => expect(runs).toHaveLength(5), soon)
    const after = (lane: string) => runs.filter((one) => one.lane === lane).map(({ at }) => at - since)
    expect(after('fast')[0]).toBeGreaterThanOrEqual(480)
    expect(after('fast')[1]).toBeLessThan(1_400)
    expect(after('bulk')[2]).toBeGreaterThanOrEqual(1_480)
  })
})

describe('the end of a worker', () => {
  it('waits for the jobs that run and takes no more', async () => {
    const { jobs, depths } = createQueue()
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    const ran: Instant[] = []
    const workers = work(
      async () => {
        ran.push(now())
        await mayEnd
        return done
      },
      { concurrency: 1 },
    )
    await jobs.addAll([{ job: send(1) }, { job: send(2) }])
    await vi.waitFor(() => expect(ran).toHaveLength(1), soon)
    let closed = false
    const closing = workers.close().then(() => (closed = true))
    expect(closed).toBe(false)
    end()
    await closing
    expect(ran).toHaveLength(1)
    expect((await depths.countJobs())[1]).toMatchObject({ sender: 'sms', waiting: 1, active: 0 })
  })

  it('comes in time although a job hangs', async () => {
    const { jobs } = createQueue()
    let ran = 0
    const workers = work(
      () => {
        ran++
        return new Promise(() => {})
      },
      { graceFor: 100 },
    )
    await jobs.add(plan)
    await vi.waitFor(() => expect(ran).toBe(1), soon)
    const startedAt = performance.now()
    await workers.close()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('by SIGKILL hands its jobs to another worker', async () => {
    const { jobs } = createQueue()
    await jobs.add(plan)
    const script = new URL('./doomed-worker.ts', import.meta.url).pathname
    const doomed = spawn(process.execPath, [script, redis.url(), redis.prefix(), install])
    await once(doomed.stdout, 'data')
    doomed.kill('SIGKILL')
    const tries: number[] = []
    work(
      async (_job, { attempt }) => {
        tries.push(attempt)
        return done
      },
      { lockFor: 1_000 },
    )
    await vi.waitFor(() => expect(tries).toEqual([1]), soon)
  })
})
