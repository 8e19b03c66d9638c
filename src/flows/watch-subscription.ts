/**
 * watch-subscription: each feed of an install stands on the best rung that its host carries, and gets back onto it.
 * in: what the host offers, what is remembered of the feed, its Subscription · decides: `chooseRung`, `judgeSubscription` · out: Subscriptions made, mended or made anew; the rung in force, told in the log when it changes
 */
import { chooseRung, type Failure, type Rung, type RungChoice } from '../domain/change-feed.ts'
import { judgeSubscription, mendsLately, type SubscriptionFacts } from '../domain/feed-watch.ts'
import { fittingTopics } from '../domain/fitting-topics.ts'
import { second } from '../domain/time.ts'
import type { SubscriptionWish } from '../fhir/subscription.ts'
import type { FeedHeard, FeedRecord, FeedWish } from './feed-ports.ts'
import type { World } from './ports.ts'
import { isRefusal } from './refusal.ts'

export interface WatchedFeed {
  key: string
  /** `undefined` while a Subscription is asked for and nothing else is in force. */
  inForce: RungChoice | undefined
  /** A Subscription began, or began again: whatever changed before, nobody told. */
  hasBegun: boolean
  /** A Subscription is in force, and is not active. */
  isDown: boolean
}

export async function watchFeeds(world: World, wishes: FeedWish[]): Promise<WatchedFeed[]> {
  const watched: WatchedFeed[] = []
  for (const wish of wishes) watched.push(await watchFeed(world, wish))
  return watched
}

async function watchFeed(world: World, wish: FeedWish): Promise<WatchedFeed> {
  const { memory, offers } = world.feed
  const offered = await offers(wish.resource)
  let record = await memory.read(wish.key)
  for (;;) {
    const choice = chooseRung(offered, wish, record.failures ?? {}, world.now())
    const hooks = hooksOf(wish, choice.rung, fittingTopics(offered.topics, wish.topics, wish.resource))
    if (!hooks) return stand(world, wish.key, record, choice)
    const hasBegun = record.activeAt === undefined
    const end = await tryHooks(world, wish, record, hooks)
    if (end.kind === 'active') return { ...(await stand(world, wish.key, end.record, choice)), hasBegun }
    if (end.kind === 'wait') return waiting(wish.key, end.record)
    record = { ...end.record, failures: { ...record.failures, [choice.rung]: end.failure } }
    await memory.write(wish.key, { failures: record.failures })
  }
}

/** One Subscription for each topic; none for rungs where we ask. */
function hooksOf({ hook, criteria }: FeedWish, rung: Rung, topics: string[]): SubscriptionWish[] | undefined {
  if (rung === 'topic') return topics.map((topic) => ({ ...hook, criteria, topic }))
  return rung === 'criteria' ? [{ ...hook, criteria }] : undefined
}

type Tried =
  | { kind: 'active'; record: FeedRecord }
  | { kind: 'wait'; record: FeedRecord }
  | { kind: 'failed'; record: FeedRecord; failure: Failure }

async function tryHooks(
  world: World,
  wish: FeedWish,
  record: FeedRecord & FeedHeard,
  hooks: SubscriptionWish[],
): Promise<Tried> {
  const now = world.now()
  const facts = await subscribeAll(world, record, hooks, false)
  if (facts === 'refused') return fail(world, wish.key, record, 'refused')

  const verdict = judgeSubscription(facts, now)

  switch (verdict) {
    case 'well':
      return { kind: 'active', record: await note(world, wish.key, record, facts) }
    case 'wait':
      return { kind: 'wait', record: await note(world, wish.key, record, facts) }
    case 'make-anew': {
      world.log.warn('a Subscription was active and told nothing: it is made anew', { code: wish.key })
      const made = await subscribeAll(world, record, hooks, true)
      if (made === 'refused') return fail(world, wish.key, record, 'refused')
      // It may be active at once, and has told nothing yet in any case.
      const anew = { ...made, status: 'requested', askedAt: now, activeAt: undefined } as const
      await world.feed.memory.write(wish.key, { madeAnewAt: now, looks: undefined })
      return { kind: 'wait', record: await note(world, wish.key, { ...record, madeAnewAt: now }, anew) }
    }
    case 'never-active':
    case 'given-up':
    case 'dead':
      return fail(world, wish.key, record, verdict)
  }
}

const worstFirst = ['error', 'off', 'requested', 'active'] as const

/** The state of the worst of them is that of all. */
async function subscribeAll(
  world: World,
  record: FeedRecord & FeedHeard,
  hooks: SubscriptionWish[],
  anew: boolean,
): Promise<SubscriptionFacts | 'refused'> {
  const now = world.now()
  const states: SubscriptionFacts['status'][] = []
  let mendedAt = mendsLately(record.mendedAt ?? [], now)
  for (const hook of hooks) {
    try {
      const { status, wasMended } = await world.feed.subscribe(hook, { anew })
      states.push(status)
      if (wasMended) mendedAt = [...mendedAt, now]
    } catch (error) {
      if (isRefusal(error)) return 'refused'
      throw error
    }
  }
  const status = worstFirst.find((one) => states.includes(one)) ?? 'requested'
  const { heartbeatSeconds } = hooks.find(({ topic }) => topic) ?? {}
  return {
    ...{ status, mendedAt, seenAt: record.seenAt, madeAnewAt: record.madeAnewAt },
    askedAt: status === 'active' ? undefined : (record.askedAt ?? now),
    activeAt: status === 'active' ? (record.activeAt ?? now) : undefined,
    missed: record.looks?.missed ?? 0,
    ...(heartbeatSeconds && { heartbeatFor: heartbeatSeconds * second }),
  }
}

async function note(
  { feed: { memory } }: World,
  key: string,
  record: FeedRecord,
  { askedAt, activeAt, mendedAt }: Pick<SubscriptionFacts, 'askedAt' | 'activeAt' | 'mendedAt'>,
): Promise<FeedRecord> {
  const changes = { askedAt, activeAt, mendedAt }
  if (JSON.stringify({ ...record, ...changes }) !== JSON.stringify(record)) await memory.write(key, changes)
  return { ...record, ...changes }
}

async function fail(world: World, key: string, record: FeedRecord, why: Failure['why']): Promise<Tried> {
  const fresh = await note(world, key, record, { mendedAt: [] })
  return { kind: 'failed', record: fresh, failure: { why, at: world.now() } }
}

/** Said once, when it changes; what is tried every hour in vain changes nothing. */
async function stand(
  { feed: { memory }, log }: World,
  key: string,
  record: FeedRecord,
  choice: RungChoice,
): Promise<WatchedFeed> {
  const { inForce } = record
  const hasMoved = inForce?.rung !== choice.rung
  if (JSON.stringify(inForce) !== JSON.stringify(choice)) {
    await memory.write(key, {
      inForce: choice,
      // What was looked at from another rung says nothing here.
      ...(hasMoved && { looks: undefined, polledAt: undefined, cursor: undefined }),
    })
    log.info('how changes are learned', { code: [key, choice.rung, ...choice.because.slice(-1)].join(' ') })
  }
  return { key, inForce: choice, isDown: false, hasBegun: false }
}

/** What was in force stays so until something better is. */
function waiting(key: string, { inForce }: FeedRecord): WatchedFeed {
  const isDown = inForce?.rung === 'topic' || inForce?.rung === 'criteria'
  return { key, inForce, isDown, hasBegun: false }
}
