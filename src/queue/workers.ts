/**
 * Takes jobs off the queues of one install and hands them to the flows. The one place that gives a job's result its
 * consequence in the queue. Each sender has queues of its own, so that one slow carrier holds up nobody; and each lane has
 * its own queue and workers, so that a reply never waits for a place that a campaign holds.
 */
import { type Job as BullJob, DelayedError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Lane } from '../domain/lane.ts'
import { jobsAtOnce } from '../domain/pace.ts'
import { type Duration, second } from '../domain/time.ts'
import type { Clock, Job, JobResult, Log } from '../flows/ports.ts'
import { codeOf, logErrors } from './connection.ts'
import { createRunning, endWorkers } from './ending.ts'
import type { PacedSender } from './pace.ts'
import { defaultPrefix, inboxQueue, type QueueName, sendQueue } from './queue-names.ts'
import { createQueues } from './queues.ts'
import { noVeil, uncoverJob, type Veil } from './veil.ts'

/** `attempt` counts from 1. After the last one a throw sets the job aside. */
export interface JobContext {
  attempt: number
  lastAttempt: boolean
  /** Whose workers run it: what the fast lane asks of others is to overtake, too. */
  lane: Lane
}

export interface WorkersWishes {
  /** From `connectToWork`; closed by whoever made it, after these. */
  connection: Redis
  prefix?: string
  install: string
  senders: PacedSender[]
  handle(job: Job, context: JobContext): Promise<JobResult>
  now: Clock
  log: Log
  /** How many jobs of one queue run at once in this process; absent: 20, and for a sender what its speed needs. */
  concurrency?: number
  /** A job whose process died is taken up again after this. Renewed while it runs; above the providers' timeout. */
  lockFor?: Duration
  /** How long `close` waits for running jobs. What runs longer is taken up by another process. */
  graceFor?: Duration
  /** The same as that of whoever adds. */
  veil?: Veil
}

export interface Workers {
  /** Takes no more jobs until `resume`; the running ones finish. */
  pause(): Promise<unknown>
  resume(): Promise<unknown>
  /** Takes no more jobs, lets the running ones finish, and ends. */
  close(): Promise<void>
}

const bothLanes = ['fast', 'bulk'] as const
const shortestRest: Duration = 100
/** BullMQ rests a queue only where it has a limit; the pace is kept at the very call, see `pace.ts`. */
const onlyByHand = { max: 1_000_000, duration: second }
/** Deaths of processes are not the job's fault, but a job that kills each process has to end somewhere. */
const mostDeaths = 10

export function createWorkers(wishes: WorkersWishes): Workers {
  const { connection, prefix = defaultPrefix, install, senders, log, graceFor = 20 * second } = wishes
  const queues = createQueues({ connection, prefix })
  const running = createRunning()

  const rest = async (sender: string, lanes: readonly Lane[], waitFor: Duration) => {
    const duration = Math.max(shortestRest, Math.ceil(waitFor))
    for (const lane of lanes)
      await queues.ask(sendQueue(install, sender, lane), (queue) => queue.rateLimit(duration))
  }

  const start = (name: QueueName, lane: Lane, { id, perSecond }: Partial<PacedSender> = {}) => {
    const rests =
      id === undefined ? undefined : (only: readonly Lane[], waitFor: Duration) => rest(id, only, waitFor)
    const process = processorOf(wishes, lane, rests)
    const worker = new Worker<Job>(name, (queued, token) => running.during(process(queued, token)), {
      ...optionsFor(wishes),
      ...(perSecond && { limiter: onlyByHand, concurrency: wishes.concurrency ?? jobsAtOnce(perSecond) }),
    })
    logErrors(worker, log)
    worker.on('stalled', () => log.warn('a job is taken up again after its process died', { count: 1 }))
    return worker
  }

  const workers = bothLanes.flatMap((lane) => [
    start(inboxQueue(install, lane), lane),
    ...senders.map((sender) => start(sendQueue(install, sender.id, lane), lane, sender)),
  ])

  return {
    pause: () => Promise.all(workers.map((worker) => worker.pause(true))),
    resume: () => Promise.all(workers.map((worker) => worker.resume())),
    async close() {
      await endWorkers({ connection, workers, running, graceFor })
      await queues.close()
    },
  }
}

function optionsFor({
  connection,
  prefix = defaultPrefix,
  concurrency = 20,
  lockFor = 30 * second,
}: WorkersWishes) {
  return {
    connection,
    prefix,
    concurrency,
    lockDuration: lockFor,
    stalledInterval: Math.min(5 * second, lockFor),
    maxStalledCount: mostDeaths,
  }
}

/** `rest` is missing for queues of no sender: there a slow-down is only a later. */
function processorOf(
  { handle, now, log, veil = noVeil }: WorkersWishes,
  lane: Lane,
  rest?: (lanes: readonly Lane[], waitFor: Duration) => Promise<void>,
) {
  const attemptJob = async (job: Job, context: JobContext) => {
    try {
      return await handle(uncoverJob(job, veil), context)
    } catch (error) {
      throw withoutContent(error, job, { log, lastAttempt: context.lastAttempt })
    }
  }
  return async (queued: BullJob<Job>, token?: string) => {
    const attempt = queued.attemptsMade + 1
    const lastAttempt = attempt >= (queued.opts.attempts ?? 1)
    const result = await attemptJob(queued.data, { attempt, lastAttempt, lane })
    if (result.kind === 'done') return
    if (result.kind === 'slow-down' && rest) {
      await rest(result.lane ? [result.lane] : bothLanes, result.waitFor)
      throw Worker.RateLimitError()
    }
    await queued.moveToDelayed(result.kind === 'later' ? result.at : now() + result.waitFor, token)
    throw new DelayedError()
  }
}

/** BullMQ keeps an error's message in Redis, where no word of a message or address may lie: its code must do. */
function withoutContent(
  error: unknown,
  job: Job,
  { log, lastAttempt }: { log: Log; lastAttempt: boolean },
): Error {
  const code = codeOf(error)
  const facts = { reference: referenceOf(job), code, cause: error }
  if (lastAttempt) log.error(`a ${job.kind} job is set aside after its last try`, facts)
  else log.warn(`a ${job.kind} job failed and is tried again`, { reference: facts.reference, code })
  return new Error(code)
}

function referenceOf(job: Job): string | undefined {
  switch (job.kind) {
    case 'plan':
      return job.visit
    case 'dispatch':
    case 'send':
      return job.request
    case 'answer':
    case 'fetch':
      return job.message
    case 'look-up':
      return job.attempt
    case 'consent':
      return job.consent
    case 'record':
    case 'hint':
    case 'approvals':
    case 'sweep':
      return undefined
  }
}
