/** An attempt that surely never reached its company, and waits to be called again. */
import type { Attempt } from './attempt.ts'
import type { Reason } from './reason.ts'
import type { Instant } from './time.ts'

export function isFreeToRepeat(attempt: Attempt): boolean {
  return attempt.state === 'claimed' && attempt.nextAttemptAt !== undefined
}

/** It will not be called any more. */
export function givenUp(attempt: Attempt, now: Instant, because?: Reason): Attempt {
  const reason = attempt.reason ?? because ?? 'provider-unreachable'
  return { ...attempt, state: 'failed', reason, at: now, nextAttemptAt: undefined }
}

/** So many refusals of a set-up that its own test calls right, and the message takes another way where there is one. */
const mostRefusals = 3

export function givesWay({ refusals = 0 }: Attempt): boolean {
  return refusals >= mostRefusals
}
