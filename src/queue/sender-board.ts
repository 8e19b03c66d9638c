/**
 * How the senders of an install fare, for all its processes: one hash in Redis. It is a hint: without Redis, or after it
 * was wiped, every sender counts as well until the next outcome says otherwise.
 */
import type { Redis } from 'ioredis'
import type { SenderRecord } from '../domain/sender-health.ts'
import type { Instant } from '../domain/time.ts'
import type { Clock, Log, SenderBoard } from '../flows/ports.ts'
import { codeOf, whenReady } from './connection.ts'
import { defaultPrefix, senderBoardKey } from './queue-names.ts'

/** Writes only over what was read: a colleague's pause must not be lost under an older record. */
const writeIfSame = `
local held = redis.call('hget', KEYS[1], ARGV[1])
if (held or '') ~= ARGV[2] then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
return 1`

const mostTries = 20
/** Milliseconds. Every judgement asks, and a hint may be a little old. */
const keptFor = 250

export function createSenderBoard({
  connection,
  prefix = defaultPrefix,
  install,
  now,
  log,
}: {
  connection: Redis
  prefix?: string
  install: string
  now: Clock
  log: Log
}): SenderBoard {
  const key = senderBoardKey(prefix, install)
  const orNothing = async <T>(ask: () => Promise<T>, nothing: T): Promise<T> => {
    try {
      await whenReady(connection)
      return await ask()
    } catch (error) {
      log.warn('the senders’ board is away', { code: codeOf(error) })
      return nothing
    }
  }

  const changeOnce = async (sender: string, change: Parameters<SenderBoard['change']>[1]) => {
    const held = (await connection.hget(key, sender)) ?? ''
    const before = readRecord(held)
    const after = change(before)
    if (!after || after === before) return true
    return (await connection.eval(writeIfSame, 1, key, sender, held, JSON.stringify(after))) === 1
  }

  const readAll = async () => {
    const found = await orNothing(() => connection.hgetall(key), {})
    const records = Object.entries(found).map(([sender, text]) => [sender, readRecord(text)] as const)
    return Object.fromEntries(
      records.filter((pair): pair is readonly [string, SenderRecord] => pair[1] !== undefined),
    )
  }

  let kept: { until: number; records: ReturnType<typeof readAll> } | undefined
  const read = () => {
    if (!kept || kept.until <= now()) kept = { until: now() + keptFor, records: readAll() }
    return kept.records
  }

  return {
    read,
    async change(sender, change) {
      // Most outcomes of a sender that is well leave nothing to remember.
      const known = (await read())[sender]
      if ((change(known) ?? known) === known) return
      kept = undefined
      for (let tries = 0; tries < mostTries; tries += 1)
        if (await orNothing(() => changeOnce(sender, change), true)) break
      kept = undefined
    },
  }
}

/** Of another version's record only what is understood is taken. */
function readRecord(text: string): SenderRecord | undefined {
  if (!text) return undefined
  try {
    const { trouble, at, paused, restsUntil } = JSON.parse(text) as Partial<SenderRecord>
    if (typeof trouble !== 'number' || typeof at !== 'number') return undefined
    return {
      ...{ trouble, at: at as Instant },
      ...(typeof paused?.code === 'string' && { paused }),
      ...(typeof restsUntil === 'number' && { restsUntil }),
    }
  } catch {
    return undefined
  }
}
