/**
 * `Jobs` on BullMQ. The same job added while the first waits is one run; added while the first runs, it is one more
 * run after it, so that no change is lost. Done jobs leave nothing behind; failed ones stay a while to be looked at.
 */
import type { JobsOptions } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Duration, day, type Instant, second } from '../domain/time.ts'
import type { Clock, Job, Jobs, Lane } from '../flows/ports.ts'
import { gather } from './gather.ts'
import { identify } from './job-identity.ts'
import { defaultPrefix, inboxQueue, type QueueName, sendQueue } from './queue-names.ts'
import { createQueues } from './queues.ts'
import { coverJob, noVeil, type Veil } from './veil.ts'

export interface JobsWishes {
  /** From `connectToAdd`; closed by whoever made it. */
  connection: Redis
  prefix?: string
  install: string
  now: Clock
  /** Before the first repetition; doubled for each further one. */
  firstRetryAfter?: Duration
  /** The same as the workers'. */
  veil?: Veil
}

export interface QueuedJobs extends Jobs {
  close(): Promise<void>
}

/**
 * How often a job is tried before it is set aside. Doubling from a second, and at least half of it by chance, 8 tries take one
 * minute or two, 15 two hours or four.
 */
const triesOf: Record<Job['kind'], number> = {
  // These come again from the store by tick and sweep.
  plan: 8,
  dispatch: 8,
  send: 8,
  sweep: 8,
  'look-up': 8,
  approvals: 8,
  consent: 8,
  // The provider had its 200 already and will not repeat it: this is the only copy of the event.
  record: 15,
  hint: 15,
  // The message is in the store, and reconcile asks for it again while nobody has answered it.
  answer: 15,
  // Companies keep a patient's file for days, and hosts are away for hours.
  fetch: 15,
}

const keepFailed = { count: 1_000, age: (7 * day) / second }
const bulkAtOnce = 1_000

export function createJobs(wishes: JobsWishes): QueuedJobs {
  const { connection, prefix = defaultPrefix, install, now, veil = noVeil } = wishes
  const { firstRetryAfter = second } = wishes
  const queues = createQueues({ connection, prefix })

  const toBulk = ({ job, notBefore }: { job: Job; notBefore?: Instant }) => ({
    name: job.kind,
    data: coverJob(job, veil),
    opts: optionsFor(job, {
      delay: notBefore === undefined ? 0 : Math.max(0, notBefore - now()),
      ...{ firstRetryAfter, veil },
    }),
  })

  const addAll: Jobs['addAll'] = async (jobs) => {
    const byQueue = Map.groupBy(jobs, ({ job }) => queueFor(install, job))
    for (const [name, all] of byQueue) {
      for (let from = 0; from < all.length; from += bulkAtOnce) {
        const some = all.slice(from, from + bulkAtOnce).map(toBulk)
        await queues.ask(name, (queue) => queue.addBulk(some))
      }
    }
  }

  const addOne = gather(addAll)

  return {
    add: (job, options) => addOne({ job, notBefore: options?.notBefore }),
    addAll,
    async depth(senders) {
      const samples = senders.flatMap((sender) => lanes.map((lane) => toSend(sender, lane)))
      const names = [...new Set(samples.map((job) => queueFor(install, job)))]
      const counts = await Promise.all(
        names.map((name) =>
          queues.ask(name, (queue) =>
            queue.getJobCountByTypes('waiting', 'prioritized', 'active', 'delayed'),
          ),
        ),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async held(jobs) {
      const ids = jobs.map((job) => ({ name: queueFor(install, job), id: identify(job, veil) }))
      const isHeld = new Map<string, boolean>()
      for (const [name, all] of Map.groupBy(ids, (one) => one.name))
        for (let from = 0; from < all.length; from += bulkAtOnce)
          await queues.ask(name, (queue) =>
            Promise.all(
              all.slice(from, from + bulkAtOnce).map(async ({ id }) => {
                isHeld.set(`${name} ${id}`, (await queue.getDeduplicationJobId(id)) !== null)
              }),
            ),
          )
      return ids.map(({ name, id }) => isHeld.get(`${name} ${id}`) === true)
    },
    close: queues.close,
  }
}

const lanes: Lane[] = ['fast', 'bulk']

function toSend(sender: string, lane: Lane): Job {
  return { kind: 'send', request: '', sender, lane }
}

export function queueFor(install: string, job: Job): QueueName {
  const lane = laneFor(job)
  return job.kind === 'send' ? sendQueue(install, job.sender, lane) : inboxQueue(install, lane)
}

/** What comes by the hundred, from a campaign or a sweep: nobody sits before a screen or a phone waiting for it. */
export function laneFor(job: Job): Lane {
  switch (job.kind) {
    case 'plan':
    case 'sweep':
    case 'look-up':
    case 'approvals':
      return 'bulk'
    case 'send':
      return job.lane
    case 'dispatch':
      return job.lane ?? 'fast'
    case 'record':
    case 'hint':
    case 'answer':
    case 'fetch':
    case 'consent':
      return 'fast'
  }
}

/** A campaign's receipts come as fast as it is sent, and may not hold up who waits for an answer. */
export function mayWait({ kind }: Job): boolean {
  return kind === 'record' || kind === 'hint'
}

function optionsFor(
  job: Job,
  { delay, firstRetryAfter, veil }: { delay: Duration; firstRetryAfter: Duration; veil: Veil },
): JobsOptions {
  return {
    delay,
    // BullMQ runs what has no priority before what has one.
    ...(mayWait(job) && { priority: 1 }),
    deduplication: { id: identify(job, veil), keepLastIfActive: true, reschedule: true },
    attempts: triesOf[job.kind],
    backoff: { type: 'exponential', delay: firstRetryAfter, jitter: 0.5 },
    removeOnComplete: true,
    removeOnFail: keepFailed,
    stackTraceLimit: 0,
  }
}
