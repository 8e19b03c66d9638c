/**
 * Those of one process who wait for a turn of one sender. They stand in line here and one asks for all, so that a turn is
 * given only shortly before its time: bulk that waits for long would hold turns that a reply needs. Each is woken at its own.
 */
import type { Lane } from '../domain/lane.ts'
import { lateBy, type Tick, type TurnsAsk } from '../domain/pace.ts'
import type { Duration } from '../domain/time.ts'
import type { PaceAnswer } from '../flows/ports.ts'

/** What the script answered, in ticks of this process. */
export interface GivenTurns {
  at: { local: Tick; turn: Tick }[]
  wait: Duration
}

export interface TurnstileWishes {
  give(ask: TurnsAsk): Promise<GivenTurns>
  giveBack(turn: { at: Tick; cost: number }): Promise<unknown>
  /** Milliseconds of this process; only differences count. */
  tick(): Tick
  /** Nobody waits longer. */
  patience: Duration
}

export interface Turnstile {
  pass(lane: Lane, cost: number): Promise<PaceAnswer>
  /** Segments in line. */
  inLine(lane: Lane): number
}

interface Waiter {
  cost: number
  since: Tick
  resolve(answer: PaceAnswer): void
  reject(cause: unknown): void
}

/** Bulk holds no turn that is further off, so that no reply waits longer for one. */
const bulkHorizon: Duration = 15
const mostAtOnce = 1_000

export function createTurnstile(wishes: TurnstileWishes): Turnstile {
  const lines = { fast: createLine('fast', wishes), bulk: createLine('bulk', wishes) }
  return {
    pass: (lane, cost) => lines[lane].enter(cost),
    inLine: (lane) => lines[lane].inLine(),
  }
}

function createLine(lane: Lane, { give, giveBack, tick, patience }: TurnstileWishes) {
  const horizon = lane === 'bulk' ? bulkHorizon : patience
  const line: Waiter[] = []
  let asking: Waiter[] = []
  let isServed = false

  /** One question at a time, and the next only when it may be answered with a turn. */
  const serve = async () => {
    if (isServed) return
    isServed = true
    while (line.length > 0) {
      // Who comes, or comes back, meanwhile was not asked for.
      asking = line.splice(0, mostAtOnce)
      const costs = asking.map(({ cost }) => cost)
      const wait = await give({ lane, costs, horizon }).then(admit, refuse)
      if (line.length > 0) await passing(wait - horizon / 2)
    }
    isServed = false
  }

  const admit = ({ at, wait }: GivenTurns): Duration => {
    for (const { local, turn } of at) {
      const waiter = asking.shift()
      if (waiter) wake(waiter, local, turn)
    }
    line.unshift(...asking.splice(0))
    // Whoever came later has more patience left, and less hope.
    while (line[0] && tick() - line[0].since + wait > patience)
      line.shift()?.resolve({ kind: 'later', waitFor: wait })
    return wait
  }

  const refuse = (cause: unknown): Duration => {
    for (const waiter of [...asking.splice(0), ...line.splice(0)]) waiter.reject(cause)
    return 0
  }

  const wake = (waiter: Waiter, local: Tick, turn: Tick) => {
    const early = local - tick()
    if (early > 0) return void setTimeout(wake, Math.ceil(early), waiter, local, turn)
    if (-early <= lateBy) return waiter.resolve({ kind: 'go' })
    // This process was held up, and the turn is over: calling now would count in the next window.
    giveBack({ at: turn, cost: waiter.cost }).catch(() => undefined)
    line.unshift(waiter)
    void serve()
  }

  const passing = (duration: Duration) =>
    new Promise<void>((resolve) => setTimeout(resolve, Math.max(1, duration)))

  return {
    enter(cost: number) {
      return new Promise<PaceAnswer>((resolve, reject) => {
        line.push({ cost, since: tick(), resolve, reject })
        void serve()
      })
    },
    inLine: () => [...asking, ...line].reduce((sum, { cost }) => sum + cost, 0),
  }
}
