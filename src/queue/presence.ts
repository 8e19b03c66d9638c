/** Which worker processes live. Each says so every two seconds; who has not for six is gone. */
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { type Duration, type Instant, second } from '../domain/time.ts'
import type { Log } from '../flows/ports.ts'
import { codeOf, whenReady } from './connection.ts'
import { defaultPrefix, workerKey, workersKey } from './queue-names.ts'

export interface WorkerPresence {
  pid: number
  startedAt: Instant
  /** Installs that this worker is ready to work for. */
  installs: string[]
}

export interface PresenceWishes {
  connection: Redis
  prefix?: string
  pid: number
  startedAt: Instant
  /** Asked at every beat. */
  installs(): string[]
  log: Log
  beatEvery?: Duration
}

export interface Presence {
  /** Resolves after the first beat, so that who waits for it is listed. */
  started: Promise<void>
  close(): Promise<void>
}

const beatsUntilGone = 3

export function createPresence(wishes: PresenceWishes): Presence {
  const { connection, prefix = defaultPrefix, pid, startedAt, installs, log, beatEvery = 2 * second } = wishes
  // Two containers may well have the same pid.
  const id = randomUUID()
  const key = workerKey(prefix, id)

  const beat = async () => {
    await whenReady(connection)
    const text = JSON.stringify({ pid, startedAt, installs: installs() } satisfies WorkerPresence)
    await connection
      .multi()
      .set(key, text, 'PX', beatsUntilGone * beatEvery)
      .sadd(workersKey(prefix), id)
      .exec()
  }
  const tryBeat = () =>
    beat().catch((error) => log.warn('the worker could not announce itself', { code: codeOf(error) }))

  const started = tryBeat()
  const timer = setInterval(tryBeat, beatEvery)
  return {
    started,
    async close() {
      clearInterval(timer)
      await connection
        .multi()
        .del(key)
        .srem(workersKey(prefix), id)
        .exec()
        .catch(() => {}) // it expires by itself
    },
  }
}

/** Throws `QueueUnavailable` while Redis is away. */
export async function listWorkers({
  connection,
  prefix = defaultPrefix,
}: {
  connection: Redis
  prefix?: string
}): Promise<WorkerPresence[]> {
  await whenReady(connection)
  const ids = await connection.smembers(workersKey(prefix))
  if (ids.length === 0) return []
  const texts = await connection.mget(ids.map((id) => workerKey(prefix, id)))
  const gone = ids.filter((_id, index) => texts[index] === null)
  if (gone.length > 0) await connection.srem(workersKey(prefix), ...gone)
  return texts
    .flatMap((text) => (text ? [JSON.parse(text) as WorkerPresence] : []))
    .sort((one, other) => one.startedAt - other.startedAt || one.pid - other.pid)
}
