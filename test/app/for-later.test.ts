import { describe, expect, it } from 'vitest'
import { dueBy, isForLater } from '../../smart-app/src/conversation/for-later.ts'
import { hour, instant, minute } from '../../src/domain/time.ts'
import { aRequest, now } from './chart-sample.ts'

const begins = (from: number) => aRequest({ window: { from: instant(from), until: instant(from + hour) } })

describe('what is written for later', () => {
  const requests = [begins(now - hour), begins(now + minute), begins(now + hour)]

  it('is what begins later than the clocks may differ', () => {
    expect(requests.map((one) => isForLater(one, dueBy(requests, now)))).toEqual([false, false, true])
  })

  it('changes only when something becomes due', () => {
    expect(dueBy(requests, instant(now + 30 * minute))).toBe(dueBy(requests, now))
    expect(dueBy(requests, instant(now + hour))).toBe(now + hour)
    expect(dueBy([], now)).toBe(0)
  })
})
