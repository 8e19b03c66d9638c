/**
 * `Caps` on Redis. It holds counts and marks of people, never their addresses; what it does not know it is told from the
 * store before anybody may send, so that a wiped Redis is no new day.
 */
import type { Redis } from 'ioredis'
import type { Address } from '../domain/address.ts'
import { type CapVerdict, portfolioOf, type SenderLimits } from '../domain/sender-limits.ts'
import { type Instant, instant } from '../domain/time.ts'
import type { Caps, CapUse } from '../flows/ports.ts'
import { giveBackUseScript, knowDayScript, knowPeopleScript, useScript } from './caps-script.ts'
import { QueueUnavailable, whenReady } from './connection.ts'
import { capKey, defaultPrefix } from './queue-names.ts'
import type { Veil } from './veil.ts'

export interface CapsWishes {
  /** From `connectToAdd`. */
  connection: Redis
  prefix?: string
  install: string
  senders: LimitedSender[]
  veil: Pick<Veil, 'mark'>
  /** What the store knows of the last 24 hours. */
  readUses(): Promise<{ sender: string; to: Address; at: Instant; opens: boolean }[]>
}

export interface LimitedSender {
  id: string
  limits?: SenderLimits
}

const free: CapVerdict = { kind: 'free' }

export function createCaps(wishes: CapsWishes): Caps {
  const { connection, senders, veil, install } = wishes
  const limitsOf = (id: string) => senders.find((sender) => sender.id === id)?.limits
  const run = async (script: string, keys: string[], values: (string | number)[]) => {
    try {
      await whenReady(connection)
      return await connection.eval(script, keys.length, ...keys, ...values)
    } catch (cause) {
      throw new QueueUnavailable(`Redis did not answer for the caps of ${install}`, { cause })
    }
  }
  const learn = createLearning(wishes, run)

  /** Asked again when it was told: it may have been wiped in between, but not for ever. */
  const ask = async (use: CapUse, limits: SenderLimits, take: boolean): Promise<string[]> => {
    const keys = keysOf(wishes, use, limits)
    const { perDay = -1, peoplePerDay = -1, samePersonEvery = 0 } = limits
    const values = [
      perDay,
      peoplePerDay,
      Math.ceil(samePersonEvery * 1_000),
      veil.mark(use.to),
      Number(use.opens),
    ]
    for (let tries = 0; tries < 3; tries += 1) {
      const answer = (await run(useScript, keys, [Number(take), ...values])) as string[]
      if (answer[0] !== 'unknown') return answer
      await learn()
    }
    throw new QueueUnavailable(`The caps of ${install} were lost again and again`)
  }

  return {
    async judge(use) {
      const limits = limitsOf(use.sender)
      return limits ? verdictOf(await ask(use, limits, false)) : free
    },
    async take(use) {
      const limits = limitsOf(use.sender)
      if (!limits) return { kind: 'taken', giveBack: async () => {} }
      const answer = await ask(use, limits, true)
      const verdict = verdictOf(answer)
      if (verdict.kind !== 'free') return verdict
      const values = [veil.mark(use.to), ...answer.slice(1)]
      const giveBack = async () => void (await run(giveBackUseScript, keysOf(wishes, use, limits), values))
      return { kind: 'taken', giveBack }
    },
  }
}

function verdictOf([kind, time]: string[]): CapVerdict {
  if (kind === 'full') return { kind, until: instant(Number(time)) }
  if (kind === 'soon') return { kind, at: instant(Number(time)) }
  return free
}

type Place = Pick<CapsWishes, 'prefix' | 'install' | 'veil'>

function keysOf({ prefix = defaultPrefix, install, veil }: Place, use: CapUse, limits: SenderLimits) {
  return [
    capKey(prefix, install, 'day', use.sender),
    capKey(prefix, install, 'people', whoseOf(use.sender, limits)),
    capKey(prefix, install, 'pair', `${use.sender}-${veil.mark(use.to)}`),
  ]
}

/** No sender can be called as a portfolio is here. */
function whoseOf(sender: string, { portfolio }: SenderLimits): string {
  return portfolio === undefined ? sender : `portfolio.${portfolio}`
}

/** An even number: a time and a mark stay together. */
const mostValues = 10_000

/** One reading of the store for all who wait for it. */
function createLearning(
  { prefix = defaultPrefix, install, senders, veil, readUses }: CapsWishes,
  run: (script: string, keys: string[], values: (string | number)[]) => Promise<unknown>,
): () => Promise<void> {
  const read = async () => {
    const uses = await readUses()
    for (const { id, limits } of senders) {
      if (!limits) continue
      const own = uses.filter(({ sender }) => sender === id)
      const day = capKey(prefix, install, 'day', id)
      await runInParts(
        knowDayScript,
        day,
        own.map(({ at }) => at),
      )
      const together = portfolioOf(id, senders)
      const opened = uses.filter(({ sender, opens }) => opens && together.includes(sender))
      const people = capKey(prefix, install, 'people', whoseOf(id, limits))
      await runInParts(
        knowPeopleScript,
        people,
        opened.flatMap(({ at, to }) => [at, veil.mark(to)]),
      )
    }
  }
  /** A command takes only so many values. Known is what the last part said. */
  const runInParts = async (script: string, key: string, values: (string | number)[]) => {
    let from = 0
    do {
      const part = values.slice(from, from + mostValues)
      from += mostValues
      await run(script, [key], [Number(from >= values.length), ...part])
    } while (from < values.length)
  }
  let reading: Promise<void> | undefined
  return () => {
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
}
