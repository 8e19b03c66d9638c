import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextTryAt, waitAfterThrottle } from '../../src/domain/backoff.ts'
import { minute, second } from '../../src/domain/time.ts'
import { now } from '../people.ts'

const bases = [5, 10, 20, 40, 80, 160, 300]

describe('the wait for another call', () => {
  it.each(
    bases.map((wait, index) => [index + 1, wait]),
  )('after %i calls is %i seconds and up to a quarter more', (calls, wait) => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const waited = (nextTryAt(calls, now, seed) ?? 0) - now
        expect(waited).toBeGreaterThanOrEqual(wait * second)
        expect(waited).toBeLessThanOrEqual(wait * second * 1.25)
      }),
    )
  })

  it('ends after eight calls', () => {
    expect(nextTryAt(7, now, 'r1_0')).toBeDefined()
    expect(nextTryAt(8, now, 'r1_0')).toBeUndefined()
    expect(nextTryAt(100, now, 'r1_0')).toBeUndefined()
  })

  it('never is more than five minutes and a quarter, nor less than five seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 7 }), fc.string(), (calls, seed) => {
        const waited = (nextTryAt(calls, now, seed) ?? 0) - now
        expect(waited).toBeGreaterThanOrEqual(5 * second)
        expect(waited).toBeLessThanOrEqual(5 * minute * 1.25)
      }),
    )
  })

  it('is the same for the same message, and spread over many', () => {
    expect(nextTryAt(3, now, 'r1_0')).toBe(nextTryAt(3, now, 'r1_0'))
    const waits = Array.from({ length: 1000 }, (_, index) => nextTryAt(3, now, `request${index}_0`))
    expect(new Set(waits).size).toBeGreaterThan(800)
  })
})

describe('the wait after the company found us too fast', () => {
  it.each([
    [0, 0, 0],
    [0, 3 * second, 3 * second],
    [1, 0, 10 * second],
    [2, 0, 20 * second],
    [6, 0, 320 * second],
    [7, 0, 10 * minute],
    [2000, 0, 10 * minute],
    [1, minute, minute],
    [2000, 90 * minute, 90 * minute],
  ])('%i times before, asked for %i ms, is %i ms', (throttles, asked, wait) => {
    expect(waitAfterThrottle(throttles, asked)).toBe(wait)
  })
})
