/** When to ask a company what became of a message of which nothing is heard. */
import type { Attempt } from './attempt.ts'
import { type Duration, day, type Instant, minute } from './time.ts'

/** Receipts take seconds; who waited this long may ask. */
export const silentAfter: Duration = 5 * minute
/** What is not known by then never will be. */
export const askedFor: Duration = 2 * day

/** Something may still become of it, and nobody has said what. */
function isOpen({ state }: Attempt): boolean {
  return state === 'unknown' || state === 'queued' || state === 'sent'
}

/**
 * After 5 minutes of silence, then 10, 20, 40 …: a tick that comes every `every` asks each time once. `since` is when the
 * attempt's state was reached.
 */
export function isLookUpDue(attempt: Attempt, now: Instant, every: Duration): boolean {
  const silentFor = now - attempt.at
  const known = attempt.calledAt ?? attempt.at
  if (!isOpen(attempt) || silentFor < silentAfter || now - known > askedFor) return false
  const steps = Math.floor(Math.log2(silentFor / silentAfter))
  return silentFor - silentAfter * 2 ** steps < every
}

/** The company surely never had it: it may be sent as if for the first time. Soon after the call it might still be on its way. */
export function mayCallAgain(attempt: Attempt, now: Instant): boolean {
  return attempt.state === 'unknown' && attempt.reason === 'no-answer' && now - attempt.at >= silentAfter
}
