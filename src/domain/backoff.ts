/** When to call a provider again that could not be reached. */
import { spread } from './spread.ts'
import { after, type Duration, type Instant, minute, second } from './time.ts'

const mostCalls = 8

/** Too fast: as `asked`; after so many `throttles` before, 10 s, 20 s, 40 s … up to 10 min where no more is asked. */
export function waitAfterThrottle(throttles: number, asked: Duration): Duration {
  if (throttles === 0) return asked
  return Math.max(asked, Math.min(10 * second * 2 ** (throttles - 1), 10 * minute))
}

/**
 * 5 s, 10 s, 20 s … up to 5 min, spread by up to a quarter; `undefined` when it is enough. `calls` have been made.
 * The spread comes from `seed`, so that a thousand messages do not all come back in the same second.
 */
export function nextTryAt(calls: number, now: Instant, seed: string): Instant | undefined {
  if (calls >= mostCalls) return undefined
  const wait = Math.min(5 * second * 2 ** (Math.max(1, calls) - 1), 5 * minute)
  return after(now, Math.round(wait * (1 + spread(`${seed} ${calls}`) / 4)))
}
