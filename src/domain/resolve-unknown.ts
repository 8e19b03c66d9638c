/** What to do with an attempt that is claimed but has no outcome. */
import type { Attempt } from './attempt.ts'
import { type Instant, second } from './time.ts'

/** Longer than a call to a provider may take, its job's lock included: nobody is still at it. */
const abandonedAfter = 60 * second

export function resolveUnknown(attempt: Attempt, now: Instant): 'wait' | 'call-again' | 'leave-unknown' {
  if (attempt.state !== 'claimed') return 'wait'
  if (attempt.nextAttemptAt !== undefined) return now >= attempt.nextAttemptAt ? 'call-again' : 'wait'
  return now - attempt.at >= abandonedAfter ? 'leave-unknown' : 'wait'
}
