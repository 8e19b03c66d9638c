/** How long the queue keeps trying what nobody will tell us again. */
import { Queue } from 'bullmq'
import { describe, expect, it } from 'vitest'
import { hour, minute } from '../../src/domain/time.ts'
import type { Job } from '../../src/flows/ports.ts'
import { createJobs, queueFor } from '../../src/queue/jobs.ts'
import { borrowRedis, now } from './redis-under-test.ts'

const redis = borrowRedis()
const install = 'sample-clinic'

/** From the first try to the last, where every wait is the shortest that chance allows. */
async function leastPatience(job: Job): Promise<number> {
  const place = { connection: redis.toAdd(), prefix: redis.prefix() }
  const jobs = createJobs({ ...place, install, now })
  redis.closing(jobs.close)
  await jobs.add(job)
  const queue = new Queue(queueFor(install, job), place)
  redis.closing(() => queue.close())
  const [queued] = await queue.getJobs()
  const { attempts = 1, backoff } = queued?.opts ?? {}
  if (typeof backoff !== 'object' || backoff.type !== 'exponential') throw new Error('not exponential')
  const { delay = 0, jitter = 0 } = backoff
  return Array.from({ length: attempts - 1 }, (_, tried) => 2 ** tried * delay * (1 - jitter)).reduce(
    (sum, wait) => sum + wait,
  )
}

const event = { kind: 'delivery', providerId: 'SB1', state: 'sent', at: now() } as const

describe('a job', () => {
  it.each<[string, Job]>([
    ['an event that came before its attempt can be found', { kind: 'record', sender: 'sms', event }],
    ['a hint', { kind: 'hint', sender: 'sms', hint: { kind: 'hint', providerId: 'SB1' } }],
    ['a patient’s message', { kind: 'answer', message: 'Communication/1' }],
  ])('that is the only copy is tried for two hours at least: %s', async (_what, job) => {
    expect(await leastPatience(job)).toBeGreaterThanOrEqual(2 * hour)
  })

  it('that comes again from the store is set aside within minutes', async () => {
    const patience = await leastPatience({ kind: 'dispatch', request: 'CommunicationRequest/1' })
    expect(patience).toBeGreaterThan(minute)
    expect(patience).toBeLessThan(10 * minute)
  })
})
