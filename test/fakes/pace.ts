/** The pace in memory, on the rule itself. Nobody really waits: whoever gets a turn may go at once, and its time is noted. */
import {
  giveTurns,
  noTurns,
  paceOf,
  patienceFor,
  rest,
  type Tick,
  type Turns,
} from '../../src/domain/pace.ts'
import type { Clock, Lane, Pace, PaceAsk } from '../../src/flows/ports.ts'

export interface FakePace extends Pace {
  given: (PaceAsk & { at: Tick })[]
  /** Redis is away: nobody can be told. It may go between two questions. */
  away: boolean | 'at the turn'
  perSecond: Record<string, number>
}

/** So fast that nobody notices, unless a test says otherwise. */
const fast = 9_000

export function createFakePace({
  now,
  perSecond = {},
}: {
  now: Clock
  perSecond?: Record<string, number>
}): FakePace {
  const known = new Map<string, Turns>()
  const given: FakePace['given'] = []

  const ask = (sender: string, lane: Lane, costs: number[], horizon: number) => {
    if (fake.away === true) throw new Error('Redis is away')
    const pace = paceOf(perSecond[sender] ?? fast)
    const answer = giveTurns(known.get(sender) ?? noTurns(now()), { lane, costs, horizon }, pace, now())
    known.set(sender, answer.turns)
    return answer
  }
  const patience = (sender: string) => patienceFor(perSecond[sender] ?? fast)

  const fake: FakePace = {
    given,
    away: false,
    perSecond,
    async expect({ sender, lane }) {
      const { wait } = ask(sender, lane, [1], -1)
      return { wait, isTooLong: wait > patience(sender) * 0.75 }
    },
    async turn({ sender, lane, cost }) {
      if (fake.away) throw new Error('Redis is away')
      const { at, wait } = ask(sender, lane, [cost], patience(sender))
      if (at[0] === undefined) return { kind: 'later', waitFor: wait }
      given.push({ sender, lane, cost, at: at[0] })
      return { kind: 'go' }
    },
    async rest(sender, waitFor) {
      known.set(sender, rest(known.get(sender) ?? noTurns(now()), now() + waitFor))
    },
  }
  return fake
}
