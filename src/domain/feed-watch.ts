/**
 * Whether a Subscription does what it says. A host may say `active` long after it stopped telling anything: heartbeats that
 * stay away show it where they were promised, changes that nobody told us of show it everywhere.
 */
import { type Duration, hour, type Instant, minute } from './time.ts'

export interface SubscriptionFacts {
  status: 'requested' | 'active' | 'error' | 'off'
  /** Since when it has been asked for without being active. */
  askedAt?: Instant
  /** Since when it has been active. */
  activeAt?: Instant
  /** When anything last came, heartbeats included. */
  seenAt?: Instant
  /** Promised by the host. */
  heartbeatFor?: Duration
  /** Changes that a look found and nobody told. */
  missed: number
  /** When it was last made anew for being silent. */
  madeAnewAt?: Instant
  /** When it was asked for again because the host had given up, in the last hour. */
  mendedAt: Instant[]
}

export type SubscriptionVerdict = 'well' | 'wait' | 'make-anew' | 'never-active' | 'given-up' | 'dead'

/** A host that is slow to make a Subscription active is given this long. */
const activeWithin: Duration = 5 * minute
const shortestSilence: Duration = 15 * minute
const mostMends = 5

export function judgeSubscription(facts: SubscriptionFacts, now: Instant): SubscriptionVerdict {
  const { status, askedAt = now, madeAnewAt, mendedAt } = facts
  if (mendsLately(mendedAt, now).length > mostMends) return 'given-up'
  if (status !== 'active') return now - askedAt > activeWithin ? 'never-active' : 'wait'
  if (!isSilent(facts, now)) return 'well'
  return madeAnewAt !== undefined && now - madeAnewAt < hour ? 'dead' : 'make-anew'
}

export function mendsLately(mendedAt: Instant[], now: Instant): Instant[] {
  return mendedAt.filter((at) => now - at < hour)
}

function isSilent({ heartbeatFor, seenAt, activeAt, missed }: SubscriptionFacts, now: Instant): boolean {
  if (missed > 0) return true
  if (heartbeatFor === undefined || activeAt === undefined) return false
  const lastSign = Math.max(seenAt ?? activeAt, activeAt)
  return now - lastSign > Math.max(2 * heartbeatFor, shortestSilence)
}

/** What the looks at the schedule have shown so far. */
export interface Looks {
  at: Instant
  /** Changes that were found at the last look; their notifications may have been under way. */
  suspects: number
  /** Those of them that nobody told of until the next look. */
  missed: number
}

/** `changes` were made since the last look; `toldAt` is when we were last told of any. */
export function judgeLook(
  last: Looks | undefined,
  { changes, toldAt }: { changes: number; toldAt: Instant | undefined },
  now: Instant,
): Looks {
  const isTold = last !== undefined && toldAt !== undefined && toldAt >= last.at
  if (last === undefined || isTold) return { at: now, suspects: 0, missed: 0 }
  return { at: now, suspects: changes, missed: last.missed + last.suspects }
}
