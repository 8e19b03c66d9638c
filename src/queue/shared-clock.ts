/**
 * Redis's clock as this process sees it. The answer that came quickest tells best how far the two are apart; an answer
 * that lay about because the process was busy tells nothing, and must not make a turn seem later than it is.
 */
import type { Tick } from '../domain/pace.ts'

export interface SharedClock {
  /** `theirs` was the time there between the two of ours. */
  heard(answer: { askedAt: Tick; answeredAt: Tick; theirs: Tick }): void
  /** Our time for one of theirs. */
  local(theirs: Tick): Tick
}

/** What is known grows older: clocks drift apart by less than this, in milliseconds for each. */
const drift = 0.000_5

export function createSharedClock(tick: () => Tick): SharedClock {
  let apart = 0
  let unsure = Number.POSITIVE_INFINITY
  let knownAt = 0
  return {
    heard({ askedAt, answeredAt, theirs }) {
      const least = theirs - answeredAt
      const most = theirs - askedAt
      const known = unsure + (tick() - knownAt) * drift
      // A clock that was set anew contradicts what was known.
      const isContradicted = apart + known < least || apart - known > most
      if (!isContradicted && (most - least) / 2 > known) return
      apart = (least + most) / 2
      unsure = (most - least) / 2
      knownAt = tick()
    },
    local: (theirs) => theirs - apart,
  }
}
