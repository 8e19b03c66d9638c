/**
 * Two ways to hold Redis. Who adds jobs must hear at once that Redis is away (http answers 503, the caller repeats);
 * who works on jobs waits until it is back. Neither ever crashes on a lost connection; both log its code only.
 */
import { Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../flows/ports.ts'

/** Redis could not be asked. Nothing was added; say so to whoever asked us. */
export class QueueUnavailable extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'QueueUnavailable'
  }
}

export interface ConnectionWishes {
  url: string
  log: Log
}

/** For jobs, live changes and reads: refuses while Redis is away. */
export function connectToAdd(wishes: ConnectionWishes): Redis {
  return connect(wishes, {
    enableOfflineQueue: false,
    // What is said in the same turn travels together.
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
  })
}

/** For workers and the clock: waits while Redis is away, as BullMQ demands of them. */
export function connectToWork(wishes: ConnectionWishes): Redis {
  return connect(wishes, { maxRetriesPerRequest: null })
}

function connect({ url, log }: ConnectionWishes, options: RedisOptions): Redis {
  const connection = new Redis(url, { ...options, retryStrategy: (times) => Math.min(times * 100, 2_000) })
  logAbsence(connection, log)
  return connection
}

/** One line when Redis goes and one when it returns, however often we try in between. */
export function logAbsence(connection: Redis, log: Log): void {
  let away = false
  connection.on('error', (error) => {
    if (!away) log.warn('redis is away', { code: codeOf(error) })
    away = true
  })
  connection.on('ready', () => {
    if (away) log.info('redis is back')
    away = false
  })
}

/** What BullMQ's workers complain about, save the absence of Redis, which the connection tells once. */
export function logErrors(
  worker: { on(event: 'error', listener: (error: Error) => void): unknown },
  log: Log,
): void {
  worker.on('error', (error) => {
    if (!isAbsence(error)) log.warn('a queue worker met an error', { code: codeOf(error) })
  })
}

function isAbsence(error: Error): boolean {
  return 'syscall' in error || /^Connection is closed|^Stream isn't writeable/.test(error.message)
}

/** Resolves once the connection is ready; rejects as soon as it is known not to be. */
export async function whenReady(connection: Redis): Promise<void> {
  if (connection.status === 'ready') return
  if (connection.status !== 'connecting' && connection.status !== 'connect')
    throw new QueueUnavailable('Redis is away')
  await new Promise<void>((resolve, reject) => {
    const settle = () => {
      connection.off('ready', settle)
      connection.off('close', settle)
      if (connection.status === 'ready') resolve()
      else reject(new QueueUnavailable('Redis is away'))
    }
    connection.on('ready', settle)
    connection.on('close', settle)
  })
}

/** A word for a log line. The message of an error may quote what was asked, so it stays out. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
