import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attempt, AttemptState } from '../../src/domain/attempt.ts'
import { advanceDelivery, hasFailed, mayHaveLeft } from '../../src/domain/delivery.ts'
import type { DeliveryEvent, DeliveryState } from '../../src/domain/outcome.ts'
import { instant, minute } from '../../src/domain/time.ts'
import { at, attempt, delivery, now } from '../people.ts'

const steps: [from: AttemptState, event: DeliveryState, to: AttemptState][] = [
  ['claimed', 'queued', 'queued'],
  ['unknown', 'queued', 'queued'],
  ['queued', 'sent', 'sent'],
  ['sent', 'delivered', 'delivered'],
  ['delivered', 'read', 'read'],
  ['sent', 'undelivered', 'undelivered'],
  ['queued', 'failed', 'failed'],
  ['unknown', 'failed', 'failed'],
  ['unknown', 'delivered', 'delivered'],
  ['relay-accepted', 'failed', 'failed'],
  ['relay-accepted', 'delivered', 'delivered'],
  // carriers correct themselves
  ['undelivered', 'delivered', 'delivered'],
  ['failed', 'delivered', 'delivered'],
  // late and out of order
  ['delivered', 'sent', 'delivered'],
  ['delivered', 'undelivered', 'delivered'],
  ['delivered', 'failed', 'delivered'],
  ['read', 'delivered', 'read'],
  ['read', 'failed', 'read'],
  ['undelivered', 'sent', 'undelivered'],
  ['failed', 'queued', 'failed'],
]

const states: DeliveryState[] = [
  'queued',
  'sent',
  'relay-accepted',
  'delivered',
  'read',
  'undelivered',
  'failed',
]

describe('a delivery event', () => {
  it.each(steps)('makes %s after "%s" %s', (from, state, to) => {
    expect(advanceDelivery(attempt({ state: from }), delivery({ state })).state).toBe(to)
  })

  it.each(states)('that says "%s" twice changes nothing the second time', (state) => {
    const once = advanceDelivery(attempt({ state: 'claimed' }), delivery({ state }))
    expect(advanceDelivery(once, delivery({ state }))).toBe(once)
  })

  it('says when it was handed over, delivered and read', () => {
    const told = advanceDelivery(
      advanceDelivery(bare, delivery({ state: 'sent', at: at('2026-11-20T05:00:01Z') })),
      delivery({ state: 'delivered', at: at('2026-11-20T05:00:03Z') }),
    )
    expect(told).toMatchObject({
      sentAt: at('2026-11-20T05:00:01Z'),
      deliveredAt: at('2026-11-20T05:00:03Z'),
      readAt: undefined,
    })
  })

  it('that says "read" alone means that it was delivered too', () => {
    const told = advanceDelivery(bare, delivery({ state: 'read' }))
    expect(told).toMatchObject({ state: 'read', readAt: now, deliveredAt: now, sentAt: now })
  })

  it('that says "failed" has a reason, its own or the plain one', () => {
    const why = { state: 'failed', reason: 'invalid-recipient', code: '21211' } as const
    expect(advanceDelivery(attempt(), delivery(why))).toMatchObject({
      reason: 'invalid-recipient',
      code: '21211',
    })
    expect(advanceDelivery(attempt(), delivery({ state: 'undelivered' })).reason).toBe('undelivered')
  })

  it('that says "delivered" takes the reason of an earlier failure away', () => {
    const failed = attempt({ state: 'undelivered', reason: 'undelivered', code: '30005' })
    const told = advanceDelivery(failed, delivery())
    expect([told.reason, told.code]).toEqual([undefined, undefined])
  })

  it('ends the wait for another call', () => {
    const waiting = attempt({ state: 'claimed', nextAttemptAt: instant(now + minute) })
    expect(advanceDelivery(waiting, delivery({ state: 'sent' })).nextAttemptAt).toBeUndefined()
  })

  it('tells nothing new when it repeats what is known', () => {
    const known = attempt({ state: 'delivered', deliveredAt: now, at: now })
    expect(advanceDelivery(known, delivery({ at: instant(now + minute) }))).toBe(known)
  })
})

const bare: Attempt = attempt({ state: 'queued', sentAt: undefined })

const anyEvent: fc.Arbitrary<DeliveryEvent> = fc.record(
  {
    kind: fc.constant('delivery' as const),
    providerId: fc.constant('SB1'),
    state: fc.constantFrom(...states),
    // few instants, so that many events are of the same one
    at: fc.integer({ min: 0, max: 3 }).map((minutes) => instant(now + minutes * minute)),
    code: fc.constantFrom('', '30005', '21211'),
    reason: fc.constantFrom('rejected' as const, 'recipient-unreachable' as const, 'undelivered' as const),
    segments: fc.integer({ min: 1, max: 3 }),
    cost: fc.record({ amount: fc.constantFrom('0.0075', '0.015'), currency: fc.constantFrom('XTS', 'USD') }),
  },
  { requiredKeys: ['kind', 'providerId', 'state', 'at'] },
)
const anyEvents = fc.array(anyEvent, { minLength: 1, maxLength: 8 })
const anyStart = fc
  .constantFrom<AttemptState>('claimed', 'unknown', 'queued', 'sent')
  .map((state) => attempt({ state, sentAt: undefined }))

const told = (start: Attempt, events: DeliveryEvent[]) => events.reduce(advanceDelivery, start)

describe('delivery events', () => {
  it('in any order, any number of times, end the same', () => {
    const anyTelling = anyEvents.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length }),
        fc.array(fc.constantFrom(...events)),
      ),
    )
    fc.assert(
      fc.property(anyStart, anyTelling, (start, [events, shuffled, again]) => {
        const end = told(start, events)
        expect(told(start, [...shuffled, ...again])).toEqual(end)
        expect(told(start, [...again, ...shuffled])).toEqual(end)
      }),
      { numRuns: 500 },
    )
  })

  it('never lead from a delivery to a failure', () => {
    fc.assert(
      fc.property(anyStart, anyEvents, anyEvents, (start, before, after) => {
        const arrived = told(start, [...before, delivery()])
        expect(['delivered', 'read']).toContain(told(arrived, after).state)
      }),
    )
  })

  it('that say "read" anywhere end with a time of delivery, no later than the reading', () => {
    fc.assert(
      fc.property(anyStart, anyEvents, (start, events) => {
        const end = told(start, [...events, delivery({ state: 'read' })])
        expect(end.state).toBe('read')
        expect(end.deliveredAt).toBeLessThanOrEqual(end.readAt ?? 0)
      }),
    )
  })

  it('make no second object when they are told again', () => {
    fc.assert(
      fc.property(anyStart, anyEvents, (start, events) => {
        const end = told(start, events)
        for (const event of events) expect(advanceDelivery(end, event)).toBe(end)
      }),
    )
  })
})

describe('a state', () => {
  it('lets the next hop be tried only after a failure', () => {
    const all: AttemptState[] = ['claimed', 'unknown', 'not-sent', ...states]
    expect(all.filter(hasFailed)).toEqual(['undelivered', 'failed'])
    expect(all.filter((state) => !mayHaveLeft(state))).toEqual(['not-sent', 'undelivered', 'failed'])
  })
})
