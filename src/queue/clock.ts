/**
 * Periodic work of one install, once per tick however many workers there are. The schedules live in Redis and vanish
 * with it, so each worker process looks after them and sets them up again.
 */
import { type Job as BullJob, type Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Duration, type Instant, second } from '../domain/time.ts'
import type { Clock, Log } from '../flows/ports.ts'
import { keepOnly, readWork, saveWork } from './clock-health.ts'
import { codeOf, logErrors } from './connection.ts'
import { createRunning, endWorkers } from './ending.ts'
import { clockQueue, defaultPrefix } from './queue-names.ts'
import { createQueues } from './queues.ts'

export interface PeriodicWork {
  name: string
  every: Duration
  /** Asked at each tick where it is not done at each; `lastOkAt` is when it last ended well, absent after Redis was wiped. */
  isDue?(lastOkAt: Instant | undefined): Promise<boolean>
  run(): Promise<void>
}

export interface ClockWishes {
  /** From `connectToWork`; closed by whoever made it, after this. */
  connection: Redis
  prefix?: string
  install: string
  every: PeriodicWork[]
  now: Clock
  log: Log
  /** How often the schedules are looked after. */
  lookAfterEvery?: Duration
  /** How long `close` waits for running work. */
  graceFor?: Duration
}

export interface WorkerClock {
  /** Resolves once the schedules are set up the first time. */
  started: Promise<void>
  /** Ticks no more and waits for what runs. */
  close(): Promise<void>
}

export function createClock(wishes: ClockWishes): WorkerClock {
  const {
    connection,
    prefix = defaultPrefix,
    install,
    every,
    log,
    lookAfterEvery = 15 * second,
    graceFor = 20 * second,
  } = wishes
  const queues = createQueues({ connection, prefix })
  const name = clockQueue(install)
  const running = createRunning()
  const run = runnerOf(wishes)

  const worker = new Worker(name, (tick) => running.during(run(tick)), {
    connection,
    prefix,
    concurrency: Math.max(1, every.length),
    stalledInterval: 5 * second,
    maxStalledCount: 10,
  })
  logErrors(worker, log)

  const lookAfter = () =>
    queues
      .ask(name, (queue) => setUp(queue, wishes))
      .catch((error) => log.warn('the schedules could not be looked after', { code: codeOf(error) }))
  const started = lookAfter()
  let looking = started
  const timer = setInterval(() => {
    looking = lookAfter()
  }, lookAfterEvery)

  return {
    started,
    async close() {
      clearInterval(timer)
      if (connection.status === 'ready') await looking
      await endWorkers({ connection, workers: [worker], running, graceFor })
      await queues.close()
    },
  }
}

/** Leaves schedules that are well alone: setting one up again would begin its period anew. */
async function setUp(queue: Queue, wishes: ClockWishes): Promise<void> {
  const { every: works, now } = wishes
  const names = works.map(({ name }) => name)
  const schedules = await queue.getJobSchedulers()
  for (const { key } of schedules) if (!names.includes(key)) await queue.removeJobScheduler(key)
  await keepOnly(wishes, names)
  for (const { name, every } of works) {
    if (
      !isWell(
        schedules.find(({ key }) => key === name),
        { every, now: now() },
      )
    ) {
      // BullMQ would carry the old period's offset into the new one, and a short period would wait out a long one.
      await queue.removeJobScheduler(name)
      await queue.upsertJobScheduler(name, { every }, { name, opts: leaveNothing })
    }
    const record = await readWork(wishes, name)
    if (record?.every !== every) await saveWork(wishes, name, { knownSince: now(), ...record, every })
  }
}

/** Its next tick is neither long overdue (its job was lost) nor further away than its period allows. */
function isWell(
  schedule: { every?: number; next?: number } | undefined,
  { every, now }: { every: Duration; now: Instant },
): boolean {
  if (schedule?.every !== every || schedule.next === undefined) return false
  return schedule.next > now - 2 * every - 30 * second && schedule.next <= now + 2 * every + second
}

const leaveNothing = { removeOnComplete: true, removeOnFail: true }

/** A tick that comes while this process still runs the same work is left out. */
function runnerOf(wishes: ClockWishes) {
  const { every: works, now, log } = wishes
  const running = new Set<string>()
  return async ({ name }: BullJob) => {
    const work = works.find((known) => known.name === name)
    if (!work || running.has(name)) return
    running.add(name)
    const lastRunAt = now()
    const lastOk = async () => (await readWork(wishes, name))?.lastOkAt
    const end = await runOnce(work, lastOk).catch((cause) => {
      log.error(`periodic work failed: ${name}`, { code: codeOf(cause), cause })
      return 'threw' as const
    })
    running.delete(name)
    const record = await readWork(wishes, name)
    const lastOkAt = end === 'done' ? now() : record?.lastOkAt
    // What was not due has proved nothing: a failure stands until a run ends well.
    const threw = end === 'not-due' ? record?.threw : end === 'threw'
    await saveWork(wishes, name, {
      knownSince: lastRunAt,
      ...record,
      every: work.every,
      lastRunAt,
      lastOkAt,
      threw,
    })
  }
}

async function runOnce(
  { isDue, run }: PeriodicWork,
  lastOkAt: () => Promise<Instant | undefined>,
): Promise<'done' | 'not-due'> {
  if (isDue && !(await isDue(await lastOkAt()))) return 'not-due'
  await run()
  return 'done'
}
