/**
 * When a sender may call its company next. A turn costs as many segments as its message has; in no sliding window do the
 * turns cost more than the sender's limit, however they come. Turns are given in order and each with its time, so that
 * nobody has to ask twice. `src/queue/pace-script.ts` is the same in Redis's own language; a test holds them together.
 */
import type { Lane } from './lane.ts'
import type { Duration } from './time.ts'

export interface SenderPace {
  /** Most segments in a window. */
  limit: number
  /** Longer than the carrier's own second, by what a call may be late. */
  window: Duration
  /** Between two segments at the most that the window takes … */
  tight: Duration
  /** … and as bulk runs: what is left between is for the fast lane, and for making good what was missed. */
  even: Duration
  /** What a message of more segments than the limit takes for each of those too many. */
  each: Duration
}

/** Milliseconds of one clock, which is the same for all who ask. */
export type Tick = number

/** What is known of a sender's turns: everything that a window from now on may still hold. */
export interface Turns {
  /** Oldest first. */
  given: Turn[]
  /** When the next may be, by the last one. */
  free: Tick
  /** When bulk may be, by all before. */
  bulkFree: Tick
  /** The company asked for a rest until then. */
  restsUntil: Tick
  askedAt: Tick
}

export interface Turn {
  at: Tick
  cost: number
}

export interface TurnsAsk {
  lane: Lane
  /** In segments, in order. */
  costs: number[]
  /** Only turns within this from now are given. */
  horizon: Duration
}

export interface TurnsAnswer {
  turns: Turns
  /** When those may call that got a turn: as many as came first. */
  at: Tick[]
  /** How long until the first that got none could have one; 0 when all got one. */
  wait: Duration
}

/** A call that is later than this after its turn would count in a window that is not its own. */
export const lateBy: Duration = 10
const windowSlack: Duration = 25
const bulkShare = 0.96
/** What bulk did not use for so long it may make good. */
const makesGood: Duration = 1_000
/** A clock that goes back further was set anew. */
const clockMayStumble: Duration = 1_000

export function paceOf(perSecond: number): SenderPace {
  if (!(perSecond > 0)) throw new RangeError('A sender needs a speed above zero')
  const limit = Math.max(1, Math.floor(perSecond))
  const each = 1_000 / perSecond
  const window = Math.max(1_000, each) + windowSlack
  return { limit, window, tight: window / limit, even: each / bulkShare, each }
}

export function noTurns(now: Tick): Turns {
  return { given: [], free: now, bulkFree: now - makesGood, restsUntil: 0, askedAt: now }
}

export function giveTurns(
  before: Turns,
  { lane, costs, horizon }: TurnsAsk,
  pace: SenderPace,
  now: Tick,
): TurnsAnswer {
  let turns = now < before.askedAt - clockMayStumble ? noTurns(now) : { ...before, askedAt: now }
  const at: Tick[] = []
  for (const cost of costs) {
    const next = nextTurn(turns, { lane, cost }, pace, now)
    if (next.at > now + horizon) return { turns, at, wait: next.at - now }
    at.push(next.at)
    turns = next.turns
  }
  return { turns, at, wait: 0 }
}

function nextTurn(
  turns: Turns,
  { lane, cost }: { lane: Lane; cost: number },
  pace: SenderPace,
  now: Tick,
): { at: Tick; turns: Turns } {
  const { limit, window, tight, even, each } = pace
  // What never fits a window goes alone, and is counted when its last segment would have gone.
  const counted = Math.min(cost, limit)
  let at = Math.max(now, turns.free, turns.restsUntil, lane === 'bulk' ? turns.bulkFree : 0)
  let held = 0
  for (const one of turns.given) held += one.cost
  let leaving = 0
  for (const one of turns.given) {
    const isOver = one.at + window <= now
    if (!isOver && held + counted <= limit) break
    held -= one.cost
    leaving += 1
    at = Math.max(at, one.at + window)
  }
  const countedAt = at + (cost - counted) * each
  return {
    at,
    turns: {
      ...turns,
      given: [...turns.given.slice(leaving), { at: countedAt, cost: counted }],
      free: countedAt + counted * tight,
      bulkFree: Math.max(turns.bulkFree, at - makesGood) + cost * even,
    },
  }
}

/** Nothing is given before then. */
export function rest(turns: Turns, until: Tick): Turns {
  return { ...turns, restsUntil: Math.max(turns.restsUntil, until) }
}

/** A turn that nobody used counts no more. */
export function giveBack(turns: Turns, unused: Turn, { limit, even, each }: SenderPace): Turns {
  const counted = Math.min(unused.cost, limit)
  const countedAt = unused.at + (unused.cost - counted) * each
  const place = turns.given.findIndex((one) => one.at === countedAt)
  if (place < 0) return turns
  return { ...turns, given: turns.given.toSpliced(place, 1), bulkFree: turns.bulkFree - unused.cost * even }
}

/** How many jobs of a lane one process takes on at once: enough for a call of a second, and few enough to be fresh. */
export function jobsAtOnce(perSecond: number): number {
  return Math.min(1 + Math.ceil(perSecond / 2), 64)
}

/** How long a message may wait for its turn with its facts read and its claim written. */
export function patienceFor(perSecond: number): Duration {
  return Math.min(Math.max(2_000, 4_000 / perSecond), 10_000)
}
