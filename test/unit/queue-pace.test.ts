import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Pace, paceFor } from '../../src/queue/pace.ts'

/** BullMQ's limiter: a window begins with the first job after the last one ended, and lets `max` through. */
function startsOf(arrivals: number[], { max, duration }: Pace): number[] {
  let windowFrom = Number.NEGATIVE_INFINITY
  let inWindow = 0
  let now = Number.NEGATIVE_INFINITY
  return arrivals.map((arrival) => {
    now = Math.max(now, arrival)
    if (now < windowFrom + duration && inWindow >= max) now = windowFrom + duration
    if (now >= windowFrom + duration) {
      windowFrom = now
      inWindow = 0
    }
    inWindow++
    return now
  })
}

function worstSecond(starts: number[]): number {
  return Math.max(0, ...starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length))
}

describe('the pace of a sender', () => {
  it('never lets more through in any sliding second than allowed, however jobs arrive', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })), { maxLength: 120 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), gaps, (perSecond, waits) => {
        let time = 0
        const arrivals = waits.map((wait) => (time += wait))
        expect(worstSecond(startsOf(arrivals, paceFor(perSecond)))).toBeLessThanOrEqual(perSecond)
      }),
    )
  })

  it.each([
    1, 5, 10, 19, 20, 26, 29, 45, 51, 80, 99, 100, 250, 1_000,
  ])('uses most of %d a second', (perSecond) => {
    const { max, duration } = paceFor(perSecond)
    expect((max * 1_000) / duration).toBeGreaterThanOrEqual(0.88 * perSecond)
  })

  it('spreads slow senders evenly, also below one a second', () => {
    expect(paceFor(1)).toEqual({ max: 1, duration: 1_000 })
    expect(paceFor(0.5)).toEqual({ max: 1, duration: 2_000 })
    expect(paceFor(4)).toEqual({ max: 1, duration: 250 })
  })

  it.each([0, -1, Number.NaN])('refuses a speed of %d', (perSecond) => {
    expect(() => paceFor(perSecond)).toThrow(RangeError)
  })
})
