/** The worker process: takes jobs, keeps the clock, watches over Subscriptions. */

import type { Config } from '../config.ts'
import { minute, second } from '../domain/time.ts'
import { ensureSubscription } from '../emr/subscriptions.ts'
import { dispatchDue } from '../flows/dispatch-due.ts'
import type { Log } from '../flows/ports.ts'
import { reconcile } from '../flows/reconcile.ts'
import { runJob } from '../flows/run-job.ts'
import { sweep } from '../flows/sweep.ts'
import { secretHeader } from '../http/notifications.ts'
import { createClock } from '../queue/clock.ts'
import { connectToAdd, connectToWork } from '../queue/connection.ts'
import { createPresence } from '../queue/presence.ts'
import { createWorkers } from '../queue/workers.ts'
import {
  type ComposedInstall,
  composeDeployment,
  type Deployment,
  loadManifest,
  notificationSecret,
  prepareStore,
} from './deployment.ts'
import { Unwinding } from './unwinding.ts'

/** Resolves when the worker works; to what stops it, jobs first. */
export async function startWork(config: Config, log: Log): Promise<() => Promise<void>> {
  const started = new Unwinding()
  try {
    const producer = started.add(connectToAdd({ url: config.redisUrl, log }), (one) => one.disconnect())
    const consumer = started.add(connectToWork({ url: config.redisUrl, log }), (one) => one.disconnect())
    const deployment = await composeDeployment(config, producer, log)
    const ready = new Set<string>()
    const presence = createPresence({
      ...{ connection: producer, prefix: config.redisPrefix, pid: process.pid, log },
      startedAt: deployment.now(),
      installs: () => [...ready],
    })
    started.add(presence, (one) => one.close())
    for (const install of deployment.installs) {
      const { live, jobs } = install.world
      started.add(jobs, (one) => one.close())
      started.add(live, (one) => one.close())
      await startInstall(deployment, install, {
        started,
        consumer,
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
  let prepared = false
  const prepare = async () => {
    await prepareStore(install)
    const active = await subscribe(config, install)
    if (!prepared) await sweep(world)
    prepared = true
    if (active) starting.isReady()
  }
  // A host that is down at our start, or cannot read our keys yet, is no reason to fall.
  const trying = keepTrying(prepare, () => log.warn('the host cannot be prepared yet', { code: file.id }))
  starting.started.add(trying, (one) => one.stop())
  await trying.first

  const senders = file.senders.map(({ id, perSecond }) => ({ id, perSecond }))
  const workers = createWorkers({ ...place, senders, handle: (job) => runJob(world, job) })
  starting.started.add(workers, (one) => one.close())
  const clock = createClock({
    ...place,
    every: [
      { name: 'dispatch', every: 10 * second, run: () => dispatchDue(world) },
      { name: 'reconcile', every: 20 * second, run: () => reconcile(world) },
      { name: 'subscriptions', every: minute, run: prepare },
      { name: 'sweep', every: 15 * minute, run: () => sweep(world) },
    ],
  })
  starting.started.add(clock, (one) => one.close())
  await clock.started
}

/** Asks the host for every Subscription of the manifest; true once all of them are active. */
async function subscribe(config: Config, { file, world }: ComposedInstall): Promise<boolean> {
  const { subscriptions } = await loadManifest(config.baseUrl)
  const states = []
  for (const { key, criteria, notifyPath } of subscriptions) {
    const { status } = await ensureSubscription(world.host, {
      criteria,
      endpoint: `${config.baseUrl}${notifyPath}/${file.id}/${key}`,
      headers: [`${secretHeader}: ${notificationSecret(config, file.id, key)}`],
      payload: 'application/fhir+json',
      reason: 'Qasid plans reminders for visits',
    })
    states.push(status)
  }
  return states.every((status) => status === 'active' || status === 'requested')
}

/** Tries until it succeeds once, with a breath in between; `first` resolves after the first try, however it ended. */
function keepTrying(
  work: () => Promise<void>,
  onFailure: () => void,
): { first: Promise<void>; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const attempt = (): Promise<void> =>
    work().catch(() => {
      onFailure()
      timer = setTimeout(() => void attempt(), second)
    })
  return { first: attempt(), stop: () => clearTimeout(timer) }
}
