/** Redis loses its connections, its memory or its life. */
import { describe, expect, it, vi } from 'vitest'
import type { Job } from '../../src/flows/ports.ts'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { createJobs } from '../../src/queue/jobs.ts'
import { createWorkers } from '../../src/queue/workers.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis({ alone: true })
const install = 'sample-clinic'
const soon = { timeout: 15_000, interval: 20 }
const plan = (id: number): Job => ({ kind: 'plan', visit: `Appointment/${id}` })

function start() {
  const ran: Job[] = []
  const log = createMemoryLog()
  const jobs = createJobs({ connection: redis.toAdd(), prefix: redis.prefix(), install, now })
  const workers = createWorkers({
    connection: redis.toWork(),
    prefix: redis.prefix(),
    install,
    senders: [{ id: 'sms', perSecond: 20 }],
    now,
    log,
    graceFor: 2_000,
    async handle(job) {
      ran.push(job)
      return { kind: 'done' }
    },
  })
  redis.closing(jobs.close)
  redis.closing(workers.close)
  return { ran, jobs, workers, log }
}

describe('the queue', () => {
  it('works on after every connection was cut', async () => {
    const { ran, jobs } = start()
    await jobs.add(plan(1))
    await vi.waitFor(() => expect(ran).toHaveLength(1), soon)
    await redis.toWork().call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no')
    await vi.waitFor(() => jobs.add(plan(2)), soon)
    await vi.waitFor(() => expect(ran).toHaveLength(2), soon)
  })

  it('takes on and runs jobs after everything in Redis was wiped', async () => {
    const { ran, jobs } = start()
    await jobs.add(plan(1))
    await vi.waitFor(() => expect(ran).toHaveLength(1), soon)
    await redis.toWork().flushall()
    await jobs.add(plan(1))
    await vi.waitFor(() => expect(ran).toHaveLength(2), soon)
  })

  it('goes on when Redis is wiped under a job that runs', async () => {
    const { jobs } = start()
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    const ran: string[] = []
    const workers = createWorkers({
      connection: redis.toWork(),
      prefix: redis.prefix(),
      install,
      senders: [{ id: 'whatsapp', perSecond: 20 }],
      now,
      log: createMemoryLog(),
      async handle(job) {
        if (job.kind === 'send') ran.push(job.request)
        if (ran.length === 1) await mayEnd
        return { kind: 'done' }
      },
    })
    redis.closing(workers.close)
    const send = (request: string): Job => ({ kind: 'send', request, sender: 'whatsapp', lane: 'fast' })
    await jobs.add(send('CommunicationRequest/1'))
    await vi.waitFor(() => expect(ran).toHaveLength(1), soon)
    await redis.toWork().flushall()
    await jobs.add(send('CommunicationRequest/2'))
    end()
    await vi.waitFor(() => expect(ran).toEqual(['CommunicationRequest/1', 'CommunicationRequest/2']), soon)
  })

  it('refuses new jobs and ends in time once Redis is gone', async () => {
    const { ran, jobs, workers } = start()
    await jobs.add(plan(1))
    await vi.waitFor(() => expect(ran).toHaveLength(1), soon)
    await redis.stop()
    const startedAt = performance.now()
    await expect(jobs.add(plan(2))).rejects.toBeInstanceOf(QueueUnavailable)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await workers.close()
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })
})
