import { describe, expect, it } from 'vitest'
import { reasonAgainstReminding, type VisitStatus } from '../../src/domain/visit.ts'
import { visit } from '../people.ts'

const usual: VisitStatus[] = ['pending', 'booked']

const cases: [status: VisitStatus, reason: string | undefined][] = [
  ['booked', undefined],
  ['pending', undefined],
  ['proposed', 'visit-cancelled'],
  ['waitlist', 'visit-cancelled'],
  ['cancelled', 'visit-cancelled'],
  ['noshow', 'visit-cancelled'],
  ['entered-in-error', 'visit-cancelled'],
  ['arrived', 'visit-over'],
  ['checked-in', 'visit-over'],
  ['fulfilled', 'visit-over'],
]

describe('a visit', () => {
  it.each(cases)('that is %s is against reminding because of: %s', (status, reason) => {
    expect(reasonAgainstReminding(visit({ status }), usual)).toBe(reason)
  })

  it('that is proposed is reminded where the clinic books that way', () => {
    expect(reasonAgainstReminding(visit({ status: 'proposed' }), ['proposed', 'booked'])).toBeUndefined()
  })
})
