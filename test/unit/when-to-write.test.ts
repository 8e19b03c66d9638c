import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MessageCategory } from '../../src/domain/message-request.ts'
import { placeInOpening } from '../../src/domain/opening.ts'
import { quietUntil } from '../../src/domain/quiet-hours.ts'
import type { QuietSettings } from '../../src/domain/quiet-settings.ts'
import { type Duration, hour, instant, minute, second } from '../../src/domain/time.ts'
import { type WhenFacts, waitFor } from '../../src/domain/when-to-write.ts'
import { at, dispatchFacts, person, request, settings, visit } from '../people.ts'

const night = { from: '21:00', to: '08:00', spreadFor: 'PT0M' }
const friday = at('2026-11-20T12:00:00+04:00')
const atNight = at('2026-11-19T22:00:00+04:00')

const waits = (
  quietHours: QuietSettings,
  category: MessageCategory,
  differs: Partial<WhenFacts> = {},
): string | undefined => {
  const until = waitFor(
    { ...dispatchFacts({ settings: settings({ quietHours }) }), now: friday, ...differs },
    category,
  )?.until
  return until && new Date(until).toISOString()
}

describe('what is quiet for one kind of message', () => {
  const kinds: [what: string, QuietSettings, MessageCategory, now: number, until: string | undefined][] = [
    ['all, by night', night, 'conversation', atNight, '2026-11-20T04:00:00.000Z'],
    [
      'its own hours',
      { ...night, categories: { conversation: { from: '22:30', to: '07:00' } } },
      'conversation',
      atNight,
      undefined,
    ],
    [
      'not the hours of another',
      { ...night, categories: { conversation: { from: '22:30', to: '07:00' } } },
      'reminder',
      atNight,
      '2026-11-20T04:00:00.000Z',
    ],
    [
      'a weekend that is for all',
      { ...night, days: ['friday', 'saturday'] },
      'reminder',
      friday,
      '2026-11-22T04:00:00.000Z',
    ],
    [
      'no weekend, but the hours of all',
      { ...night, days: ['friday', 'saturday'], categories: { reminder: { days: [] } } },
      'reminder',
      friday,
      undefined,
    ],
    [
      'a weekend of its own',
      { ...night, categories: { conversation: { days: ['friday'] } } },
      'conversation',
      friday,
      '2026-11-21T04:00:00.000Z',
    ],
    ['a holiday', { ...night, holidays: ['2026-11-20'] }, 'conversation', friday, '2026-11-21T04:00:00.000Z'],
    ['nothing, where it answers', night, 'auto-reply', atNight, undefined],
    ['nothing, where it confirms a STOP', night, 'consent-confirmation', atNight, undefined],
  ]

  it.each(kinds)('is %s', (_what, quiet, category, now, until) => {
    expect(waits(quiet, category, { now: instant(now) })).toBe(until)
  })

  it.each(['urgent', 'stat'] as const)('is nothing where it is %s', (priority) => {
    const quiet: QuietSettings = { days: ['friday'] }
    expect(waits(quiet, 'reminder', { request: request({ priority }) })).toBeUndefined()
  })
})

describe('the clock that counts', () => {
  const inNewYork = person({ zone: 'America/New_York' })

  it('is the patient’s, else the visit’s, else the clinic’s', () => {
    const zones = [
      waits(night, 'reminder', { person: inNewYork, visit: visit({ zone: 'Asia/Kolkata' }), now: atNight }),
      waits(night, 'reminder', { visit: visit({ zone: 'Asia/Kolkata' }), now: atNight }),
      waits(night, 'reminder', { visit: undefined, now: atNight }),
    ]
    expect(zones).toEqual([undefined, '2026-11-20T02:30:00.000Z', '2026-11-20T04:00:00.000Z'])
  })

  it('is the patient’s for a weekend too', () => {
    const weekend: QuietSettings = { days: ['friday'], spreadFor: 'PT0M' }
    // Still Thursday evening in New York.
    const now = at('2026-11-20T06:00:00+04:00')
    expect(waits(weekend, 'reminder', { person: inNewYork, now })).toBeUndefined()
    expect(waits(weekend, 'reminder', { now })).toBe('2026-11-20T20:00:00.000Z')
  })
})

describe('what waited for the opening', () => {
  const opens = at('2026-11-20T08:00:00+04:00')
  const far = at('2026-11-22T08:00:00+04:00')
  const place = (seed: string, spreadFor: Duration, until = far) =>
    placeInOpening(opens, { seed, spreadFor, until }, night, 'Asia/Dubai')

  it('does not go in one second: ten thousand are spread evenly', () => {
    const perSecond = new Map<number, number>()
    for (let one = 0; one < 10_000; one += 1) {
      const at = Math.floor((place(`key-${one}`, 15 * minute) - opens) / second)
      perSecond.set(at, (perSecond.get(at) ?? 0) + 1)
    }
    // Eleven a second would be perfect.
    expect(Math.max(...perSecond.values())).toBeLessThan(30)
    expect(perSecond.size).toBeGreaterThan(880)
  })

  it('goes within a quarter of an hour unless the clinic says otherwise', () => {
    const until = waits({ from: '21:00', to: '08:00' }, 'reminder', { now: atNight })
    expect(Date.parse(until ?? '')).toBeGreaterThanOrEqual(opens)
    expect(Date.parse(until ?? '')).toBeLessThan(opens + 15 * minute)
  })

  it('waits the same however often it is asked', () => {
    expect(place('one', hour)).toBe(place('one', hour))
    expect(place('one', hour)).not.toBe(place('other', hour))
  })

  it('goes while it is of use, and while it is not quiet again', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 0, max: 24 * hour }),
        fc.integer({ min: 1, max: 24 * hour }),
        (seed, spreadFor, useful) => {
          const until = instant(opens + useful)
          const goes = place(seed, spreadFor, until)
          expect(goes).toBeGreaterThanOrEqual(opens)
          expect(goes).toBeLessThan(until)
          expect(quietUntil(goes, night, 'Asia/Dubai')).toBeUndefined()
        },
      ),
    )
  })

  it('goes at the opening where nothing is to be spread, also where it is useless by then', () => {
    expect(place('one', 0)).toBe(opens)
    expect(place('one', hour, instant(opens - minute))).toBe(opens)
  })
})
