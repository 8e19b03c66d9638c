/**
 * How an install learns that something changed: a ladder of four rungs, and the best that the host carries is in force.
 * What a host refused or gave up is tried again after an hour. Notifications give speed; sweeps give truth on every rung.
 */
import { fittingTopics } from './fitting-topics.ts'
import type { Reference } from './message-request.ts'
import { type Duration, hour, type Instant, minute } from './time.ts'

/** From best to last. `off`: nobody tells us, and nobody has to. */
export const rungs = ['topic', 'criteria', 'poll', 'window', 'off'] as const
export type Rung = (typeof rungs)[number]

/** The key of the feed that reminders depend on; the others only make things faster. */
export const visitFeed = 'appointments'

/** What a server says of itself, as far as a feed of one resource type is concerned. */
export interface FeedOffers {
  /** A Subscription can be made. */
  takesSubscriptions: boolean
  /** Canonical URLs of the topics that it lists. */
  topics: string[]
  /** Search parameters of the resource type; empty where it says nothing. */
  searchParams: string[]
}

/** What is wanted of one feed. */
export interface FeedNeeds {
  /** The resource type. */
  resource: string
  /** Canonical URLs of the topics that tell all we need, where somebody knows them. */
  topics: string[]
  /** `window` only for what has a date of its own, as a visit has. */
  below: 'window' | 'poll' | 'off'
}

/** Why a rung was left, and when. */
export interface Failure {
  why: 'refused' | 'given-up' | 'never-active' | 'dead'
  at: Instant
}

export type Missing = 'no-subscriptions' | 'no-topic' | 'no-last-updated'

export interface RungChoice {
  rung: Rung
  /** Why not each of the rungs above, from the best down. */
  because: (Missing | Failure['why'])[]
}

export type Failures = Partial<Record<Rung, Failure>>

/** What was refused once may be offered after the host's next release, or after somebody changed its settings. */
export const triedAgainAfter: Duration = hour

export function chooseRung(
  offers: FeedOffers,
  needs: FeedNeeds,
  failures: Failures,
  now: Instant,
): RungChoice {
  const because: RungChoice['because'] = []
  for (const rung of ['topic', 'criteria', 'poll', 'window'] as const) {
    if (!isWanted(rung, needs)) break
    const against = missingFor(rung, offers, needs) ?? failedLately(failures[rung], now)
    if (against === undefined) return { rung, because }
    because.push(against)
  }
  return { rung: needs.below === 'window' ? 'window' : 'off', because }
}

function isWanted(rung: Rung, { below }: FeedNeeds): boolean {
  if (rung === 'poll') return below !== 'off'
  return rung === 'window' ? below === 'window' : true
}

function missingFor(rung: Rung, offers: FeedOffers, needs: FeedNeeds): Missing | undefined {
  switch (rung) {
    case 'topic':
      if (!offers.takesSubscriptions) return 'no-subscriptions'
      return fittingTopics(offers.topics, needs.topics, needs.resource).length > 0 ? undefined : 'no-topic'
    case 'criteria':
      return offers.takesSubscriptions ? undefined : 'no-subscriptions'
    case 'poll':
      // Who does not know the parameter may leave it out of the search, and answer with everything.
      return offers.searchParams.includes('_lastUpdated') ? undefined : 'no-last-updated'
    case 'window':
    case 'off':
      return undefined
  }
}

/** The last rung has nothing below it: it is tried as long as it takes. */
function failedLately(failure: Failure | undefined, now: Instant): Failure['why'] | undefined {
  return failure && now < failure.at + triedAgainAfter ? failure.why : undefined
}

/** How often the host is asked on a rung; `undefined` where it tells us. */
export function pollEvery(rung: Rung, partition?: string): Duration | undefined {
  if (rung === 'poll') return minute
  if (rung !== 'window') return undefined
  // One search for each patient: the host is spared.
  return partition === 'patient' ? 15 * minute : 5 * minute
}

/** The host's clock and ours may differ, and what was being written may become visible late. */
export const overlap: Duration = 5 * minute

export function isPollDue(
  { rung, partition, polledAt }: { rung: Rung; partition?: string; polledAt?: Instant },
  now: Instant,
): boolean {
  const every = pollEvery(rung, partition)
  if (every === undefined) return false
  // The clock's ticks are never exactly a period apart.
  return polledAt === undefined || now >= polledAt + every - every / 10
}

/** Whether polling keeps its promise; three times in vain is once too often. */
export function isPolling(
  state: { rung: Rung; partition?: string; polledAt?: Instant },
  now: Instant,
): boolean {
  const every = pollEvery(state.rung, state.partition)
  return every !== undefined && state.polledAt !== undefined && now < state.polledAt + 3 * every + minute
}

/** What is to be done about a resource that may have changed; what it is now is read then. */
export function workFor(
  reference: Reference,
):
  | { kind: 'plan'; visit: Reference }
  | { kind: 'dispatch'; request: Reference }
  | { kind: 'consent'; consent: Reference }
  | undefined {
  if (reference.startsWith('Appointment/')) return { kind: 'plan', visit: reference }
  if (reference.startsWith('CommunicationRequest/')) return { kind: 'dispatch', request: reference }
  return reference.startsWith('Consent/') ? { kind: 'consent', consent: reference } : undefined
}
