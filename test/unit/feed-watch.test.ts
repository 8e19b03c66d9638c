import { describe, expect, it } from 'vitest'
import {
  judgeLook,
  judgeSubscription,
  type Looks,
  type SubscriptionFacts,
  type SubscriptionVerdict,
} from '../../src/domain/feed-watch.ts'
import { before, hour, instant, minute } from '../../src/domain/time.ts'

const now = instant(1_790_000_000_000)
const ago = (wait: number) => before(now, wait)
const active: SubscriptionFacts = { status: 'active', activeAt: ago(2 * hour), missed: 0, mendedAt: [] }
const hourly = (count: number) => Array.from({ length: count }, (_, index) => ago(index * minute))

describe('a Subscription', () => {
  it.each<[string, Partial<SubscriptionFacts>, SubscriptionVerdict]>([
    ['that is active, and of which nothing is known, is well', {}, 'well'],
    ['that promised no heartbeat may be silent for a day', { seenAt: ago(24 * hour) }, 'well'],
    [
      'with a heartbeat within its time is well',
      { heartbeatFor: 5 * minute, seenAt: ago(14 * minute) },
      'well',
    ],
    [
      'whose heartbeats stay away for a quarter of an hour is made anew',
      { heartbeatFor: 5 * minute, seenAt: ago(16 * minute) },
      'make-anew',
    ],
    ['with a rare heartbeat is given two of them', { heartbeatFor: hour, seenAt: ago(2 * hour) }, 'well'],
    [
      'that is active since a moment has time for its first heartbeat',
      { heartbeatFor: 5 * minute, activeAt: ago(minute) },
      'well',
    ],
    ['of which changes were missed is made anew', { missed: 1 }, 'make-anew'],
    [
      'that is silent again soon after it was made anew is dead',
      { missed: 1, madeAnewAt: ago(30 * minute) },
      'dead',
    ],
    [
      'that is silent again after a long time is made anew',
      { missed: 1, madeAnewAt: ago(3 * hour) },
      'make-anew',
    ],
    ['that was asked for a moment ago is waited for', { status: 'requested', askedAt: ago(minute) }, 'wait'],
    [
      'that the host makes active at no time never is',
      { status: 'requested', askedAt: ago(6 * minute) },
      'never-active',
    ],
    [
      'that the host gave up five times in an hour is asked for again',
      { status: 'requested', mendedAt: hourly(5) },
      'wait',
    ],
    [
      'that the host gave up six times in an hour is given up',
      { status: 'requested', mendedAt: hourly(6) },
      'given-up',
    ],
  ])('%s', (_what, changes, wanted) => {
    expect(judgeSubscription({ ...active, ...changes }, now)).toBe(wanted)
  })
})

describe('a look at the schedule', () => {
  const last: Looks = { at: ago(15 * minute), suspects: 2, missed: 0 }
  const untold = { changes: 0, toldAt: ago(hour) }

  it('suspects nothing at first', () => {
    expect(judgeLook(undefined, { changes: 40, toldAt: undefined }, now)).toEqual({
      ...{ at: now, suspects: 0, missed: 0 },
    })
  })

  it('only suspects what may still be told', () => {
    const first = { ...last, suspects: 0 }
    expect(judgeLook(first, { ...untold, changes: 3 }, now)).toEqual({ at: now, suspects: 3, missed: 0 })
  })

  it('counts as missed what nobody told until the next one', () => {
    expect(judgeLook(last, untold, now)).toEqual({ at: now, suspects: 0, missed: 2 })
  })

  it('forgets all suspicion once anything is told', () => {
    const told = { changes: 3, toldAt: ago(minute) }
    expect(judgeLook({ ...last, missed: 5 }, told, now)).toEqual({ at: now, suspects: 0, missed: 0 })
  })
})
