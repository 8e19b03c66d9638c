/**
 * A sender's speed as BullMQ's limiter understands it: at most `max` jobs in a window of `duration` milliseconds that
 * begins with its first job. A carrier counts any sliding second, so that one second may hold the end of a window that
 * began before it: whatever arrives when, `max` and `duration` are chosen so that it never holds more than allowed.
 */
import type { Duration } from '../domain/time.ts'

export interface Pace {
  max: number
  duration: Duration
}

/** What waking up for the next window costs, roughly; small windows waste more of it. */
const wakeUpFor: Duration = 2

export function paceFor(perSecond: number): Pace {
  if (!(perSecond > 0)) throw new RangeError('A sender needs a speed above zero')
  const most = Math.max(1, Math.floor(perSecond / 2))
  let best = windowOf(1, perSecond)
  for (let max = 2; max <= most; max++) {
    const pace = windowOf(max, perSecond)
    if (speed(pace) > speed(best)) best = pace
  }
  return best
}

/** A window of one job has no end that could reach into the next second. */
function windowOf(max: number, perSecond: number): Pace {
  if (max === 1) return { max, duration: Math.ceil(1_000 / perSecond) }
  const windows = Math.floor(perSecond / max)
  return { max, duration: Math.floor(1_000 / (windows - 1)) + 1 }
}

function speed({ max, duration }: Pace): number {
  return max / (duration + wakeUpFor)
}
