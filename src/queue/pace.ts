/** `Pace` on Redis: all processes of an install share one row of turns for each sender, by Redis's own clock. */
import type { Redis } from 'ioredis'
import { paceOf, patienceFor, type SenderPace, type Tick, type TurnsAsk } from '../domain/pace.ts'
import type { Pace } from '../flows/ports.ts'
import { QueueUnavailable, whenReady } from './connection.ts'
import { giveBackScript, giveTurnsScript, restScript } from './pace-script.ts'
import { defaultPrefix, paceKeys } from './queue-names.ts'
import { createSharedClock, type SharedClock } from './shared-clock.ts'
import { createTurnstile, type GivenTurns, type Turnstile } from './turnstile.ts'

export interface PaceWishes {
  /** From `connectToAdd`: who cannot be told must hear so at once. */
  connection: Redis
  prefix?: string
  install: string
  senders: PacedSender[]
  /** Milliseconds of this process, of which only differences count; no setting of the machine's clock may move it. */
  tick(): Tick
}

export interface PacedSender {
  id: string
  perSecond: number
}

export function createPace(wishes: PaceWishes): Pace {
  const clock = createSharedClock(wishes.tick)
  const paced = new Map(wishes.senders.map((sender) => [sender.id, pacedBy(wishes, sender, clock)]))
  return {
    async expect({ sender, lane }) {
      const one = paced.get(sender)
      // A sender that was taken out of the install: its jobs find another, or end.
      if (!one) return { wait: 0, isTooLong: false }
      // What no turn fits in gets none.
      const { wait } = await one.give({ lane, costs: [1], horizon: -1 })
      const whole = wait + one.turnstile.inLine(lane) * one.pace.even
      return { wait: whole, isTooLong: whole > one.patience * 0.75 }
    },
    async turn({ sender, lane, cost }) {
      const one = paced.get(sender)
      if (!one) throw new RangeError(`Sender ${sender} has no pace`)
      return one.turnstile.pass(lane, Math.max(1, Math.ceil(cost)))
    },
    rest: async (sender, waitFor) => void (await paced.get(sender)?.rest(waitFor)),
  }
}

interface Paced {
  pace: SenderPace
  patience: number
  turnstile: Turnstile
  give(ask: TurnsAsk): Promise<GivenTurns>
  rest(waitFor: number): Promise<unknown>
}

function pacedBy(wishes: PaceWishes, { id, perSecond }: PacedSender, clock: SharedClock): Paced {
  const { connection, prefix = defaultPrefix, install, tick } = wishes
  const keys = paceKeys(prefix, install, id)
  const pace = paceOf(perSecond)
  const { limit, window, tight, even, each } = pace
  const run = async (script: string, values: (string | number)[]) => {
    try {
      await whenReady(connection)
      return (await connection.eval(script, keys.length, ...keys, ...values)) as string[]
    } catch (cause) {
      throw new QueueUnavailable(`Redis did not answer for the pace of ${id}`, { cause })
    }
  }
  const give = async ({ lane, costs, horizon }: TurnsAsk): Promise<GivenTurns> => {
    const askedAt = tick()
    const answer = await run(giveTurnsScript, [limit, window, tight, even, each, lane, horizon, ...costs])
    const [now = 0, wait = 0, ...at] = answer.map(Number)
    clock.heard({ askedAt, answeredAt: tick(), theirs: now })
    return { at: at.map((turn) => ({ turn, local: clock.local(turn) })), wait }
  }
  const giveBack = ({ at, cost }: { at: Tick; cost: number }) =>
    run(giveBackScript, [limit, even, each, at, cost])
  const patience = patienceFor(perSecond)
  const turnstile = createTurnstile({ give, giveBack, tick, patience })
  return { pace, patience, turnstile, give, rest: (waitFor) => run(restScript, [Math.ceil(waitFor)]) }
}
