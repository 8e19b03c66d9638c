import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chooseRung,
  type Failures,
  type FeedNeeds,
  type FeedOffers,
  isPollDue,
  isPolling,
  type RungChoice,
  workFor,
} from '../../src/domain/change-feed.ts'
import { describeRung } from '../../src/domain/describe-rung.ts'
import { after, before, hour, instant, minute } from '../../src/domain/time.ts'

const now = instant(1_790_000_000_000)
const topic = 'https://emr.example/topics/v-1'
const offers: FeedOffers = {
  takesSubscriptions: true,
  topics: [`${topic}|2`],
  searchParams: ['_lastUpdated'],
}
const visits: FeedNeeds = { resource: 'Appointment', topics: [topic], below: 'window' }
const choose = (
  changes: { offers?: Partial<FeedOffers>; needs?: Partial<FeedNeeds>; failures?: Failures } = {},
) =>
  chooseRung({ ...offers, ...changes.offers }, { ...visits, ...changes.needs }, changes.failures ?? {}, now)
const failed = (why: 'refused' | 'dead' = 'refused', ago = 0) => ({ why, at: before(now, ago) })

describe('the best rung', () => {
  it.each<[string, Parameters<typeof choose>[0], RungChoice]>([
    ['a topic that the host lists', {}, { rung: 'topic', because: [] }],
    ['criteria where it lists none', { offers: { topics: [] } }, { rung: 'criteria', because: ['no-topic'] }],
    [
      'criteria where it lists only some of the topics that are needed',
      { needs: { topics: [topic, `${topic}/moved`] } },
      { rung: 'criteria', because: ['no-topic'] },
    ],
    [
      'criteria where nobody named a topic',
      { needs: { topics: [] } },
      { rung: 'criteria', because: ['no-topic'] },
    ],
    [
      'a poll where it takes no Subscriptions',
      { offers: { takesSubscriptions: false } },
      { rung: 'poll', because: ['no-subscriptions', 'no-subscriptions'] },
    ],
    [
      'the window where it cannot be asked what changed',
      { offers: { takesSubscriptions: false, searchParams: ['date'] } },
      { rung: 'window', because: ['no-subscriptions', 'no-subscriptions', 'no-last-updated'] },
    ],
    [
      'the window where it does not say what it can be asked',
      { offers: { takesSubscriptions: false, searchParams: [] } },
      { rung: 'window', because: ['no-subscriptions', 'no-subscriptions', 'no-last-updated'] },
    ],
    [
      'one below what was refused',
      { failures: { topic: failed() } },
      { rung: 'criteria', because: ['refused'] },
    ],
    [
      'two below what was refused and what is dead',
      { failures: { topic: failed(), criteria: failed('dead') } },
      { rung: 'poll', because: ['refused', 'dead'] },
    ],
    [
      'the better one again after an hour',
      { failures: { topic: failed('dead', hour) } },
      { rung: 'topic', because: [] },
    ],
    [
      'nothing, for what needs no poll',
      { offers: { takesSubscriptions: false }, needs: { below: 'off' } },
      { rung: 'off', because: ['no-subscriptions', 'no-subscriptions'] },
    ],
    [
      'nothing, for what has no date and cannot be asked what changed',
      { offers: { takesSubscriptions: false, searchParams: [] }, needs: { below: 'poll' } },
      { rung: 'off', because: ['no-subscriptions', 'no-subscriptions', 'no-last-updated'] },
    ],
  ])('is %s', (_what, given, wanted) => {
    expect(choose(given)).toEqual(wanted)
  })

  it('is one that did not fail within the hour, whatever failed, and visits are never without one', () => {
    const failure = fc.option(
      fc.record({
        why: fc.constantFrom('refused' as const, 'dead' as const),
        at: fc.integer({ min: 0, max: 3 * hour }).map((ago) => before(now, ago)),
      }),
      { nil: undefined },
    )
    const failures = fc.record({ topic: failure, criteria: failure, poll: failure })
    fc.assert(
      fc.property(failures, fc.boolean(), (given, takesSubscriptions) => {
        const { rung } = choose({ failures: given, offers: { takesSubscriptions } })
        const last = given[rung as 'topic']
        expect(last === undefined || last.at <= before(now, hour)).toBe(true)
        expect(rung).not.toBe('off')
      }),
    )
  })
})

describe('a rung in words', () => {
  it.each<[RungChoice, string]>([
    [{ rung: 'topic', because: [] }, 'The host tells us of every change by a topic Subscription.'],
    [
      { rung: 'criteria', because: ['no-topic'] },
      'The host tells us of every change by a Subscription, because it lists no topic that fits.',
    ],
    [
      { rung: 'poll', because: ['no-topic', 'given-up'] },
      'We ask the host every minute what changed, because it gave up on our Subscription again and again.',
    ],
    [
      { rung: 'window', because: ['no-subscriptions', 'no-subscriptions', 'no-last-updated'] },
      'We read the schedule of the next 30 days every few minutes and compare, because it takes no Subscriptions, and it cannot be asked by _lastUpdated.',
    ],
  ])('%j', (choice, sentence) => {
    expect(describeRung(choice)).toBe(sentence)
  })
})

describe('a poll', () => {
  it('is due a minute after the last, a look through the schedule five, patient by patient fifteen', () => {
    const state = (rung: RungChoice['rung'], ago: number, partition?: string) =>
      isPollDue({ rung, partition, polledAt: before(now, ago) }, now)
    expect([state('poll', 30_000), state('poll', minute)]).toEqual([false, true])
    expect([state('window', 4 * minute), state('window', 5 * minute)]).toEqual([false, true])
    expect([state('window', 10 * minute, 'patient'), state('window', 15 * minute, 'patient')]).toEqual([
      false,
      true,
    ])
    expect(state('criteria', hour)).toBe(false)
    expect(isPollDue({ rung: 'poll' }, now)).toBe(true)
  })

  it('keeps its promise until it failed three times', () => {
    const polledAt = now
    expect(isPolling({ rung: 'poll', polledAt }, after(now, 3 * minute))).toBe(true)
    expect(isPolling({ rung: 'poll', polledAt }, after(now, 5 * minute))).toBe(false)
    expect(isPolling({ rung: 'window', polledAt }, after(now, 15 * minute))).toBe(true)
    expect(isPolling({ rung: 'poll' }, now)).toBe(false)
    expect(isPolling({ rung: 'criteria', polledAt }, now)).toBe(false)
  })
})

it('leads from what changed to what is to be done', () => {
  expect(workFor('Appointment/1')).toEqual({ kind: 'plan', visit: 'Appointment/1' })
  expect(workFor('CommunicationRequest/1')).toEqual({ kind: 'dispatch', request: 'CommunicationRequest/1' })
  expect(workFor('Consent/1')).toEqual({ kind: 'consent', consent: 'Consent/1' })
  expect(workFor('Patient/1')).toBeUndefined()
})
