/** What the flows need to learn of changes: what the host offers, its Subscriptions, and a memory that may be lost. */
import type { Failures, FeedNeeds, FeedOffers, RungChoice } from '../domain/change-feed.ts'
import type { Looks } from '../domain/feed-watch.ts'
import type { Reference } from '../domain/message-request.ts'
import type { Partition } from '../domain/partition.ts'
import type { Prints } from '../domain/schedule-diff.ts'
import type { Instant } from '../domain/time.ts'
import type { SubscriptionWish } from '../fhir/subscription.ts'

/** One thing that we want to be told of. */
export interface FeedWish extends FeedNeeds {
  /** `appointments`; also the last part of the address that the host calls. */
  key: string
  resource: 'Appointment' | 'CommunicationRequest' | 'Consent'
  /** A search, `Consent?category=…`: what the Subscription and the poll are about. */
  criteria: string
  hook: Omit<SubscriptionWish, 'criteria' | 'topic'>
}

/** What is remembered of a feed; every part may be missing. */
export interface FeedRecord {
  inForce?: RungChoice
  failures?: Failures
  /** Of the Subscription: see `judgeSubscription`. */
  askedAt?: Instant
  activeAt?: Instant
  madeAnewAt?: Instant
  mendedAt?: Instant[]
  looks?: Looks
  /** How the host lets its schedule be asked for. */
  partition?: Partition
  /** When the last poll ended well. */
  polledAt?: Instant
  /** The latest `lastUpdated` that a poll has seen, by the host's clock. */
  cursor?: Instant
}

/** When a feed's notifications last came. */
export interface FeedHeard {
  /** Anything at all, a heartbeat included. */
  seenAt?: Instant
  /** A change. */
  toldAt?: Instant
}

/** For all processes of an install. Throws `QueueUnavailable` while Redis is away; after a wipe it knows nothing, which costs one sweep. */
export interface FeedMemory {
  read(key: string): Promise<FeedRecord & FeedHeard>
  /** Parts that are `undefined` are forgotten; parts that are not named stay. */
  write(key: string, changes: FeedRecord): Promise<void>
  /**
   * The host called: about these, or only to say that it lives. Answers from when on each may be looked at: `undefined` is at
   * once, and whatever is told again within a second waits for its end.
   */
  hear(key: string, references: Reference[]): Promise<(Instant | undefined)[]>
  prints(key: string): Promise<Prints>
  changePrints(key: string, changes: { set: Prints; remove: Reference[] }): Promise<void>
}

export interface Feed {
  memory: FeedMemory
  /** What the host says of itself. Throws `EmrError` while it cannot. */
  offers(resource: string): Promise<FeedOffers>
  /** Made where there is none, asked for again where the host has given up; `anew` takes the old one away first. */
  subscribe(
    wish: SubscriptionWish,
    how: { anew: boolean },
  ): Promise<{ status: 'requested' | 'active' | 'error' | 'off'; wasMended: boolean }>
}
