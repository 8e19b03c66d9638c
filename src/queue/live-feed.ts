/**
 * References that changed, told to every web process over Redis's publish and subscribe. A hint and no promise: what
 * is published while Redis is away is lost, and screens read again when they come back.
 */
import type { Redis } from 'ioredis'
import type { Reference } from '../domain/message-request.ts'
import type { LiveFeed, Log } from '../flows/ports.ts'
import { codeOf, logAbsence, whenReady } from './connection.ts'
import { defaultPrefix, liveChannel } from './queue-names.ts'

export interface LiveChange {
  patient: Reference
  reference: Reference
}

export interface LiveFeedWishes {
  /** From `connectToAdd`; closed by whoever made it, after this. */
  connection: Redis
  prefix?: string
  install: string
  log: Log
}

export interface RedisLiveFeed extends LiveFeed {
  /** Resolves when changes are heard from now on; to what ends it. Throws `QueueUnavailable` while Redis is away. */
  subscribe(patient: Reference, listener: (change: LiveChange) => void): Promise<() => void>
  close(): Promise<void>
}

export function createLiveFeed({
  connection,
  prefix = defaultPrefix,
  install,
  log,
}: LiveFeedWishes): RedisLiveFeed {
  const channel = liveChannel(prefix, install)
  const listeners = new Map<Reference, Set<(change: LiveChange) => void>>()
  let hearing: { from: Redis; since: Promise<void> } | undefined

  const tell = (change: LiveChange) => {
    for (const listener of listeners.get(change.patient) ?? []) listener(change)
  }
  /** One connection hears for all listeners; it finds its way back by itself when Redis does. */
  const hear = async () => {
    hearing ??= listenOn(connection.duplicate(), { channel, log, tell })
    await hearing.since.catch((error) => {
      hearing?.from.disconnect()
      hearing = undefined
      throw error
    })
    if (hearing) await whenReady(hearing.from)
  }

  return {
    async publish({ patient, reference }) {
      await whenReady(connection)
        .then(() => connection.publish(channel, JSON.stringify({ patient, reference })))
        .catch((error) => log.warn('a live change was not told', { reference, code: codeOf(error) }))
    },
    async subscribe(patient, listener) {
      await hear()
      const mine = (change: LiveChange) => listener(change)
      listeners.set(patient, (listeners.get(patient) ?? new Set()).add(mine))
      return () => {
        const all = listeners.get(patient)
        all?.delete(mine)
        if (all?.size === 0) listeners.delete(patient)
      }
    },
    async close() {
      listeners.clear()
      hearing?.from.disconnect()
    },
  }
}

function listenOn(
  from: Redis,
  { channel, log, tell }: { channel: string; log: Log; tell(change: LiveChange): void },
): { from: Redis; since: Promise<void> } {
  logAbsence(from, log)
  from.on('message', (_channel, text) => {
    const change = parseChange(text)
    if (change) tell(change)
  })
  return { from, since: whenReady(from).then(async () => void (await from.subscribe(channel))) }
}

/** Whoever else publishes there must not be able to end the process. */
function parseChange(text: string): LiveChange | undefined {
  try {
    const { patient, reference } = JSON.parse(text)
    return typeof patient === 'string' && typeof reference === 'string' ? { patient, reference } : undefined
  } catch {
    return undefined
  }
}
