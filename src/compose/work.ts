/** The worker process: takes jobs, keeps the clock, watches over Subscriptions. */
import type { Config } from '../config.ts'
import { isFullSweepDue } from '../domain/sweep-windows.ts'
import { after, hour, minute, second } from '../domain/time.ts'
import { checkSenders } from '../flows/check-senders.ts'
import { dispatchDue } from '../flows/dispatch-due.ts'
import { refetchFiles } from '../flows/fetch-files.ts'
import { lookUpSilent } from '../flows/look-up.ts'
import { missReceipts } from '../flows/miss-receipts.ts'
import { pollChanges } from '../flows/poll-changes.ts'
import type { Job, JobResult, Lane, Log, World } from '../flows/ports.ts'
import { reconcile } from '../flows/reconcile.ts'
import { retainByClock } from '../flows/retain.ts'
import { retryFailed } from '../flows/retry-message.ts'
import { runJob } from '../flows/run-job.ts'
import { seekApprovals } from '../flows/seek-approvals.ts'
import { sweep } from '../flows/sweep.ts'
import { writeBack } from '../flows/write-back.ts'
import { createClock } from '../queue/clock.ts'
import { connectToAdd, connectToWork } from '../queue/connection.ts'
import { createPresence } from '../queue/presence.ts'
import { createWorkers } from '../queue/workers.ts'
import { patiently } from './compose-server.ts'
import { type ComposedInstall, composeDeployment, type Deployment, prepareStore } from './deployment.ts'
import { readFeedWishes } from './feed-wishes.ts'
import { createJobVeil } from './job-veil.ts'
import { keepTrying } from './keep-trying.ts'
import { createOutageGuard, probeEmr } from './outage-guard.ts'
import { createPlaces, type Places } from './places.ts'
import { preparation } from './preparation.ts'
import { Unwinding } from './unwinding.ts'

/** Resolves when the worker works; to what stops it, jobs first. */
export async function startWork(config: Config, log: Log): Promise<() => Promise<void>> {
  const started = new Unwinding()
  try {
    const producer = started.add(connectToAdd({ url: config.redisUrl, log }), (one) => one.disconnect())
    const consumer = started.add(connectToWork({ url: config.redisUrl, log }), (one) => one.disconnect())
    const deployment = await composeDeployment(config, producer, log, patiently)
    const ready = new Set<string>()
    const presence = createPresence({
      ...{ connection: producer, prefix: config.redisPrefix, pid: process.pid, log },
      startedAt: deployment.now(),
      installs: () => [...ready],
    })
    started.add(presence, (one) => one.close())
    const files = createPlaces(filesAtOnce)
    for (const install of deployment.installs) {
      const { live, jobs } = install.world
      started.add(jobs, (one) => one.close())
      started.add(live, (one) => one.close())
      await startInstall(deployment, install, {
        started,
        ...{ consumer, files },
        isReady: () => ready.add(install.file.id),
      })
    }
    return () => started.unwind()
  } catch (error) {
    await started.unwind()
    throw error
  }
}

interface Starting {
  started: Unwinding
  consumer: ReturnType<typeof connectToWork>
  files: Places
  isReady(): void
}

async function startInstall(
  deployment: Deployment,
  install: ComposedInstall,
  starting: Starting,
): Promise<void> {
  const { config, now, log } = deployment
  const { file, world } = install
  const place = { connection: starting.consumer, prefix: config.redisPrefix, install: file.id, now, log }
  const prepare = preparation(config, { ...install, world: install.hurriedWorld }, starting.isReady)
  // A host that is down at our start, or cannot read our keys yet, is no reason to fall; and most make a Subscription
  // active a moment after they took it.
  const trying = keepTrying(prepare, {
    pauseFor: second,
    onFailure: (cause) => log.error('the host cannot be prepared yet', { code: file.id, cause }),
  })
  starting.started.add(trying, (one) => one.stop())
  await trying.first

  const senders = file.senders.map(({ id, perSecond }) => ({ id, perSecond }))
  const workers = createWorkers({
    ...{ ...place, senders, veil: createJobVeil(config), concurrency: config.concurrency },
    handle: (job, { lane }) =>
      guard.around(() => runInPlace(isHurried(job, lane) ? install.fastWorld : world, job, starting.files)),
  })
  const guard = createOutageGuard({
    ...{ now, log, install: file.id, pause: workers.pause, resume: workers.resume },
    probe: () => probeEmr(install.hurriedWorld),
  })
  starting.started.add(workers, (one) => one.close())
  starting.started.add(guard, (one) => one.close())
  install.hearTrouble(guard.suspect)
  const wishes = await readFeedWishes(config, file.id)
  const clock = createClock({
    ...place,
    every: [
      { name: 'dispatch', every: 10 * second, run: guard.unlessDown(() => dispatchDue(world)) },
      { name: 'reconcile', every: 20 * second, run: guard.unlessDown(() => reconcile(world)) },
      { name: 'subscriptions', every: minute, run: () => lookAfter(install, prepare) },
      { name: 'poll', every: minute, run: guard.unlessDown(() => pollChanges(world, wishes)) },
      { name: 'receipts', every: hour, run: guard.unlessDown(() => missReceipts(world)) },
      { name: 'look-up', every: 5 * minute, run: guard.unlessDown(() => lookUpSilent(world, 5 * minute)) },
      { name: 'retry', every: hour, run: guard.unlessDown(() => beginAgain(world)) },
      { name: 'senders', every: 15 * minute, run: () => checkSenders(world) },
      { name: 'approvals', every: hour, run: () => seekApprovals(world) },
      { name: 'sweep', every: 15 * minute, run: guard.unlessDown(() => sweep(world, 'near')) },
      {
        ...{ name: 'full-sweep', every: 15 * minute, run: guard.unlessDown(() => sweep(world, 'full')) },
        isDue: async (lastAt) => isFullSweepDue(lastAt, now(), (await world.clinic.settings()).zone),
      },
      { name: 'retention', every: hour, run: guard.unlessDown(() => retainByClock(world)) },
      ...(file.writeBack && world.isSidecar
        ? [{ name: 'write-back', every: minute, run: guard.unlessDown(() => writeBack(world)) }]
        : []),
    ],
  })
  starting.started.add(clock, (one) => one.close())
  await clock.started
}

/** Each holds a patient's files several times over: as bytes, as base64 and as JSON. */
const filesAtOnce = 2

/** Receipts stand in the fast lane too, but come by the thousand and nobody waits for them. */
function isHurried({ kind }: Job, lane: Lane): boolean {
  return lane === 'fast' && kind !== 'record' && kind !== 'hint'
}

/** What finds no place makes way for others, and comes again. */
async function runInPlace(world: World, job: Job, files: Places): Promise<JobResult> {
  if (job.kind !== 'fetch') return runJob(world, job)
  const result = await files.take(() => runJob(world, job))
  return result ?? { kind: 'later', at: after(world.now(), second) }
}

/** What failed for a reason that passes by itself. */
async function beginAgain(world: World): Promise<void> {
  await retryFailed(world)
  await refetchFiles(world)
}

/** What someone deleted from the store, or the host has given up on, comes back. */
async function lookAfter(install: ComposedInstall, prepare: () => Promise<boolean>): Promise<void> {
  await prepareStore({ ...install, world: install.hurriedWorld })
  await prepare()
}
