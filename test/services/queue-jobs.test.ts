/** Jobs on a real Redis. */
import { describe, expect, it, vi } from 'vitest'
import { type Instant, instant } from '../../src/domain/time.ts'
import type { Job } from '../../src/flows/ports.ts'
import { connectToAdd, QueueUnavailable } from '../../src/queue/connection.ts'
import { forgetAll } from '../../src/queue/forget-all.ts'
import { createJobs } from '../../src/queue/jobs.ts'
import { createQueueDepths } from '../../src/queue/queue-depth.ts'
import { createWorkers } from '../../src/queue/workers.ts'
import { describeJobs } from '../contract/jobs.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis()
const install = 'sample-clinic'
const none = { waiting: 0, active: 0, delayed: 0, failed: 0 }
const plan: Job = { kind: 'plan', visit: 'Appointment/1' }

describeJobs('BullMQ on Redis', async () => {
  const prefix = redis.prefix()
  const adding = redis.toAdd()
  const jobs = createJobs({ connection: adding, prefix, install, now })
  const depths = createQueueDepths({ connection: adding, prefix, install, senders: ['sms'] })
  const anythingWaits = async () =>
    (await depths.countJobs()).some(({ waiting, active, delayed }) => waiting + active + delayed > 0)
  return {
    jobs,
    now,
    async runAll(handle) {
      const runs: { job: Job; at: Instant }[] = []
      const workers = createWorkers({
        connection: redis.toWork(),
        prefix,
        install,
        senders: [{ id: 'sms', perSecond: 1_000 }],
        concurrency: 1,
        now,
        log: createMemoryLog(),
        async handle(job) {
          runs.push({ job, at: now() })
          return (await handle?.(job)) ?? { kind: 'done' }
        },
      })
      await vi.waitFor(async () => expect(await anythingWaits()).toBe(false), {
        timeout: 5_000,
        interval: 20,
      })
      await workers.close()
      return runs
    },
    async close() {
      await depths.close()
      await jobs.close()
    },
  }
})

describe('the queue on Redis', () => {
  it('refuses quickly while Redis is away', async () => {
    const log = createMemoryLog()
    const connection = connectToAdd({ url: 'redis://127.0.0.1:1', log })
    const jobs = createJobs({ connection, prefix: redis.prefix(), install, now })
    const startedAt = performance.now()
    await expect(jobs.add(plan)).rejects.toBeInstanceOf(QueueUnavailable)
    await expect(jobs.add(plan)).rejects.toBeInstanceOf(QueueUnavailable)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(log.lines).toEqual([{ level: 'warn', what: 'redis is away', facts: { code: 'ECONNREFUSED' } }])
    await jobs.close()
    connection.disconnect()
  })

  it('takes jobs on before its connection is up', async () => {
    const jobs = createJobs({ connection: redis.toAdd(), prefix: redis.prefix(), install, now })
    redis.closing(jobs.close)
    await expect(Promise.all([jobs.add(plan), jobs.add(plan)])).resolves.toBeDefined()
  })

  it('counts what waits in each queue', async () => {
    const connection = redis.toAdd()
    const jobs = createJobs({ connection, prefix: redis.prefix(), install, now })
    const depths = createQueueDepths({
      connection,
      prefix: redis.prefix(),
      install,
      senders: ['sms', 'email'],
    })
    redis.closing(depths.close)
    redis.closing(jobs.close)
    await jobs.addAll([
      { job: plan },
      { job: { kind: 'send', request: 'CommunicationRequest/1', sender: 'sms', lane: 'bulk' } },
      { job: { kind: 'send', request: 'CommunicationRequest/2', sender: 'sms', lane: 'fast' } },
      { job: { kind: 'dispatch', request: 'CommunicationRequest/3' }, notBefore: instant(now() + 60_000) },
    ])
    expect(await depths.countJobs()).toEqual([
      { queue: 'inbox', lane: 'fast', ...none, delayed: 1 },
      { queue: 'send', sender: 'sms', lane: 'fast', ...none, waiting: 1 },
      { queue: 'send', sender: 'email', lane: 'fast', ...none },
      { queue: 'inbox', lane: 'bulk', ...none, waiting: 1 },
      { queue: 'send', sender: 'sms', lane: 'bulk', ...none, waiting: 1 },
      { queue: 'send', sender: 'email', lane: 'bulk', ...none },
    ])
  })

  it('keeps installs apart', async () => {
    const connection = redis.toAdd()
    const mine = createJobs({ connection, prefix: redis.prefix(), install, now })
    const theirs = createQueueDepths({
      connection,
      prefix: redis.prefix(),
      install: 'other-clinic',
      senders: [],
    })
    redis.closing(mine.close)
    redis.closing(theirs.close)
    await mine.add(plan)
    expect(await theirs.countJobs()).toEqual([
      { queue: 'inbox', lane: 'fast', ...none },
      { queue: 'inbox', lane: 'bulk', ...none },
    ])
  })

  it('forgets everything under its prefix and nothing else', async () => {
    const connection = redis.toAdd()
    const jobs = createJobs({ connection, prefix: redis.prefix(), install, now })
    await jobs.add(plan)
    await jobs.close()
    const neighbour = `${redis.prefix()}x:key`
    await connection.set(neighbour, 'stays')
    expect(await forgetAll({ connection, prefix: redis.prefix() })).toBeGreaterThan(0)
    expect(await connection.keys(`${redis.prefix()}:*`)).toEqual([])
    expect(await connection.getdel(neighbour)).toBe('stays')
  })

  it('adds ten thousand jobs of a campaign in seconds', async () => {
    const jobs = createJobs({ connection: redis.toAdd(), prefix: redis.prefix(), install, now })
    redis.closing(jobs.close)
    const campaign = Array.from({ length: 10_000 }, (_, index) => ({
      job: {
        kind: 'send',
        request: `CommunicationRequest/${index}`,
        sender: 'sms',
        lane: 'bulk',
      } satisfies Job,
    }))
    const startedAt = performance.now()
    await jobs.addAll(campaign)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})
