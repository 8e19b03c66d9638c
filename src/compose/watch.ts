/** How we are: `/ready` asks whether a booking would be seen, `/health` who works and what the clock says, `/metrics` how much. */
import type { Redis } from 'ioredis'
import { Counter, Gauge, Registry } from 'prom-client'
import type { Config } from '../config.ts'
import { isPolling, visitFeed } from '../domain/change-feed.ts'
import { healthOf, isCutOff } from '../domain/sender-health.ts'
import { type Instant, second } from '../domain/time.ts'
import type { FeedRecord } from '../flows/feed-ports.ts'
import type { Clock, World } from '../flows/ports.ts'
import type { Check, WebParts } from '../http/parts.ts'
import { readClockHealth, type WorkHealth } from '../queue/clock-health.ts'
import { listWorkers } from '../queue/presence.ts'
import { createQueueDepths, type QueueDepths } from '../queue/queue-depth.ts'
import { readTally } from '../queue/tally.ts'
import { answerBriefly } from './answer-briefly.ts'
import { type Manifest, notifyEndpoint } from './deployment.ts'

/** Whose counts are those that concern no install; no install can be called so. */
export const nobody = 'NONE'

type Watched = Pick<WebParts, 'readiness' | 'health' | 'metrics'> & { close(): Promise<void> }

/** What of a deployment is looked at. */
export interface Watchable {
  config: Pick<Config, 'baseUrl' | 'redisPrefix'>
  installs: WatchedInstall[]
  now: Clock
}

interface WatchedInstall {
  file: { id: string; senders: { id: string }[] }
  world: Pick<World, 'host' | 'clinic' | 'board' | 'feed' | 'now'>
}

/** Anyone may ask whether we are ready, and each answer costs the host a search. */
const readinessHoldsFor = 2 * second

export function createWatch(
  deployment: Watchable,
  subscriptions: Manifest['subscriptions'],
  connection: Redis,
): Watched {
  const { installs, config, now } = deployment
  const place = { connection, prefix: config.redisPrefix }
  const depths = installs.map((install) =>
    createQueueDepths({
      ...place,
      install: install.file.id,
      senders: install.file.senders.map(({ id }) => id),
    }),
  )
  return {
    readiness: answerBriefly(() => readiness(deployment, subscriptions, place), readinessHoldsFor, now),
    health: () => health(deployment, place),
    metrics: () => metrics(deployment, place, depths),
    async close() {
      for (const one of depths) await one.close()
    },
  }
}

interface Place {
  connection: Redis
  prefix: string
}

async function readiness(
  { installs, config }: Watchable,
  subscriptions: Manifest['subscriptions'],
  place: Place,
): Promise<Check[]> {
  const workers = await listWorkers(place).catch(() => undefined)
  const perInstall = await Promise.all(
    installs.map(async (install) => {
      const { id } = install.file
      const visits = subscriptions.find(({ key }) => key === visitFeed)
      const works = workers?.some((worker) => worker.installs.includes(id)) ?? false
      return [
        { name: `store ${id}`, ok: await answers(install) },
        { name: `worker ${id}`, ok: works },
        {
          name: `subscription ${id}`,
          ok: visits !== undefined && (await isHeard(install, notifyEndpoint(config, id, visits))),
        },
      ]
    }),
  )
  // Where nothing is installed yet no booking is seen.
  const none = installs.length === 0 ? [{ name: 'an install', ok: false }] : []
  return [{ name: 'redis', ok: workers !== undefined }, ...none, ...perInstall.flat()]
}

async function answers({ world }: WatchedInstall): Promise<boolean> {
  return world.clinic.settings().then(
    () => true,
    () => false,
  )
}

/** Whether a booking is learned of: by asking where the install asks, else by a Subscription that is active. */
async function isHeard({ world }: WatchedInstall, endpoint: string): Promise<boolean> {
  const { inForce, partition, polledAt } = await world.feed.memory
    .read(visitFeed)
    .catch(() => ({}) as FeedRecord)
  const rung = inForce?.rung
  if (rung === 'poll' || rung === 'window') return isPolling({ rung, partition, polledAt }, world.now())
  // Another deployment of ours may be subscribed to the same host: only what calls us counts.
  const found = await world.host.search('Subscription', { status: 'active' }).catch(() => [])
  return found.some(({ channel }) => channel.endpoint === endpoint)
}

async function health({ installs, now }: Watchable, place: Place) {
  try {
    const workers = await listWorkers(place)
    const clock: Record<string, WorkHealth[]> = {}
    for (const { file } of installs)
      clock[file.id] = await readClockHealth({ ...place, install: file.id, now: now() })
    const senders = await Promise.all(installs.map((install) => senderHealth(install, now())))
    const healthy =
      workers.length > 0 &&
      Object.values(clock).every((works) => works.every((one) => !one.failing)) &&
      senders.flat().every(({ paused, cutOff }) => !paused && !cutOff)
    const perInstall = Object.fromEntries(installs.map(({ file }, index) => [file.id, senders[index]]))
    return { healthy, report: { healthy, workers, clock, senders: perInstall } }
  } catch {
    return { healthy: false, report: { healthy: false, workers: [], because: 'redis is away' } }
  }
}

/** A sender that is paused or cut off from its company is for staff to see to, as a clock that fails is. */
async function senderHealth({ file, world }: WatchedInstall, now: Instant) {
  const board = await world.board.read()
  return file.senders.map(({ id }) => ({
    id,
    health: Number(healthOf(board[id], now).toFixed(2)),
    ...(board[id]?.paused && { paused: board[id].paused.code }),
    ...(isCutOff(board[id]) && { cutOff: true }),
  }))
}

/** Names and labels come from closed lists; there is no room for a patient in them. Throws `QueueUnavailable`. */
async function metrics({ installs, now }: Watchable, place: Place, depths: QueueDepths[]): Promise<string> {
  const registry = new Registry()
  const counted = new Counter({
    name: 'qasid_counted_total',
    help: 'Facts counted since Redis last began: planned, dispatched, sent, not_sent, received, delivery, refused …',
    labelNames: ['install', 'what', 'label'],
    registers: [registry],
  })
  const waiting = new Gauge({
    name: 'qasid_queue_jobs',
    help: 'Jobs in Redis',
    labelNames: ['install', 'queue', 'sender', 'lane', 'state'],
    registers: [registry],
  })
  const health = new Gauge({
    name: 'qasid_sender_health',
    help: '1 when all is well, less while a sender fails, 0 while it is paused',
    labelNames: ['install', 'sender'],
    registers: [registry],
  })
  for (const install of installs)
    for (const one of await senderHealth(install, now()))
      health.set({ install: install.file.id, sender: one.id }, one.paused ? 0 : one.health)
  for (const install of [nobody, ...installs.map(({ file }) => file.id)])
    for (const { what, label, count } of await readTally({ ...place, install }))
      counted.inc({ install, what, label }, count)
  for (const [index, { file }] of installs.entries()) {
    for (const depth of (await depths[index]?.countJobs()) ?? [])
      for (const state of ['waiting', 'active', 'delayed', 'failed'] as const)
        waiting.set(
          { install: file.id, queue: depth.queue, sender: depth.sender ?? '', lane: depth.lane, state },
          depth[state],
        )
  }
  return registry.metrics()
}
