import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffSchedule, toPrint } from '../../src/domain/schedule-diff.ts'
import { after, before, hour, instant } from '../../src/domain/time.ts'
import { printOf } from '../../src/fhir/resource-print.ts'
import { visit } from '../flows/chart.ts'

const now = instant(1_790_000_000_000)
const soon = after(now, hour)

describe('what changed in a schedule', () => {
  it('is told apart: seen first, changed, gone, passed', () => {
    const known = {
      'Appointment/same': toPrint('a', soon),
      'Appointment/moved': toPrint('b', soon),
      'Appointment/gone': toPrint('c', soon),
      'Appointment/passed': toPrint('d', before(now, hour)),
    }
    const found = {
      'Appointment/same': toPrint('a', soon),
      'Appointment/moved': toPrint('b', after(soon, hour)),
      'Appointment/new': toPrint('e', soon),
    }
    expect(diffSchedule(known, found, now)).toEqual({
      added: ['Appointment/new'],
      changed: ['Appointment/moved'],
      gone: ['Appointment/gone'],
      passed: ['Appointment/passed'],
    })
  })

  it('is nothing between two equal looks, and everything after a wipe', () => {
    const references = fc.string({ minLength: 1 }).map((id) => `Appointment/${id}`)
    fc.assert(
      fc.property(
        fc.dictionary(
          references,
          fc.string().map((text) => toPrint(text, soon)),
        ),
        (found) => {
          const same = diffSchedule(found, { ...found }, now)
          expect(Object.values(same).flat()).toEqual([])
          expect(diffSchedule({}, found, now).added).toEqual(Object.keys(found))
        },
      ),
    )
  })
})

describe('the print of a visit', () => {
  const one = visit(soon)
  it.each([
    ['its status', { status: 'cancelled' as const }],
    ['its start', { start: '2030-01-01T10:00:00Z' }],
    ['its end', { end: '2030-01-01T11:00:00Z' }],
    ['who comes', { participant: [{ actor: { reference: 'Patient/omar' }, status: 'accepted' as const }] }],
    [
      'who said yes',
      { participant: [{ actor: { reference: 'Patient/sara' }, status: 'accepted' as const }] },
    ],
  ])('differs with %s', (_what, change) => {
    expect(printOf({ ...one, ...change })).not.toBe(printOf(one))
  })

  it('does not differ with what reminders do not depend on, and holds nothing of it', () => {
    const saved = { ...one, meta: { versionId: '9' }, description: 'knee', comment: 'x' }
    expect(printOf(saved)).toBe(printOf(one))
    const people = [
      { actor: { reference: 'Patient/sara' }, status: 'needs-action' as const },
      { actor: { reference: 'Location/l1' }, status: 'accepted' as const },
    ]
    expect(printOf({ ...one, participant: people })).toBe(
      printOf({ ...one, participant: people.toReversed() }),
    )
    expect(printOf(one)).not.toContain('sara')
  })

  it('is, for anything else, its version', () => {
    const consent = { resourceType: 'Consent', meta: { versionId: '1' } } as never
    expect(printOf(consent)).toBe(printOf(consent))
    expect(printOf(consent)).not.toBe(printOf({ resourceType: 'Consent', meta: { versionId: '2' } } as never))
  })
})
