/** What Redis is told of a provider's ids, command by command: nothing, whatever becomes of a job. */
import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, it, vi } from 'vitest'
import { createJobVeil } from '../../src/compose/job-veil.ts'
import type { Instant } from '../../src/domain/time.ts'
import type { Job } from '../../src/flows/ports.ts'
import { createJobs } from '../../src/queue/jobs.ts'
import { createWorkers } from '../../src/queue/workers.ts'
import { borrowRedis, createMemoryLog, now } from './redis-under-test.ts'

const redis = borrowRedis()
const install = 'sample-clinic'
/** As WhatsApp's are: the number stands in it, in base64. */
const providerId = `wamid.${Buffer.from('\x1d\x18\x0c971501234567\x15\x02').toString('base64')}`
const record: Job = {
  kind: 'record',
  sender: 'w',
  event: { kind: 'delivery', providerId, state: 'sent', at: 1_790_000_000_000 as Instant },
}
const hint: Job = { kind: 'hint', sender: 'w', hint: { kind: 'hint', providerId } }

it('a job is done with its provider’s id, of which no command to Redis tells', async () => {
  const watching = new Redis(redis.url())
  const monitor = await watching.monitor()
  const commands: string[] = []
  monitor.on('monitor', (_time: string, words: string[]) => commands.push(words.join(' ')))

  const veil = createJobVeil({ key: randomBytes(32) })
  const place = { prefix: redis.prefix(), install, now, veil }
  const jobs = createJobs({ ...place, connection: redis.toAdd(), firstRetryAfter: 1 })
  const log = createMemoryLog()
  const ran: Job[] = []
  for (const job of [record, hint, record]) await jobs.add(job)
  const workers = createWorkers({
    ...{ ...place, connection: redis.toWork(), senders: [], log },
    async handle(job) {
      ran.push(job)
      const times = ran.filter(({ kind }) => kind === 'record').length
      if (job.kind === 'record' && times === 1) throw new Error(`no attempt for ${providerId}`)
      // Told once more while it runs.
      if (job.kind === 'record' && times === 2) await jobs.add(record)
      return { kind: 'done' }
    },
  })
  await vi.waitFor(() => expect(ran.length).toBeGreaterThanOrEqual(4), { timeout: 10_000, interval: 20 })
  await workers.close()
  await jobs.close()
  monitor.disconnect()
  watching.disconnect()

  expect(ran.filter(({ kind }) => kind === 'record')).toEqual([record, record, record])
  expect(ran.filter(({ kind }) => kind === 'hint')).toEqual([hint])
  const seen = commands.join('\n') + JSON.stringify(log.lines)
  expect(seen).toContain('sealed:')
  expect(seen).toContain(`record~w~${veil.mark(providerId)}~sent`)
  expect(seen).not.toContain(providerId.slice('wamid.'.length))
})
