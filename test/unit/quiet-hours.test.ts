import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type QuietHours, type QuietTimes, quietUntil } from '../../src/domain/quiet-hours.ts'
import { hour, type Instant, instant, parseInstant, toIso, weekdays } from '../../src/domain/time.ts'

const night: QuietHours = { from: '21:00', to: '08:00' }

const cases: [what: string, hours: QuietHours, zone: string, now: string, opens: string | undefined][] = [
  ['by day', night, 'Asia/Dubai', '2026-11-23T12:00:00+04:00', undefined],
  ['a second before it begins', night, 'Asia/Dubai', '2026-11-23T20:59:59+04:00', undefined],
  ['as it begins', night, 'Asia/Dubai', '2026-11-23T21:00:00+04:00', '2026-11-24T08:00:00+04:00'],
  ['after midnight', night, 'Asia/Dubai', '2026-11-24T00:30:00+04:00', '2026-11-24T08:00:00+04:00'],
  ['in its last second', night, 'Asia/Dubai', '2026-11-24T07:59:59+04:00', '2026-11-24T08:00:00+04:00'],
  ['as it ends', night, 'Asia/Dubai', '2026-11-24T08:00:00+04:00', undefined],
  ['half-hour zone', night, 'Asia/Kolkata', '2026-11-23T22:00:00+05:30', '2026-11-24T08:00:00+05:30'],
  [
    'siesta',
    { from: '13:00', to: '15:30' },
    'Asia/Riyadh',
    '2026-11-23T14:00:00+03:00',
    '2026-11-23T15:30:00+03:00',
  ],
  // London puts the clock forward on 29 March 2026 from 01:00 to 02:00
  ['night of the gap', night, 'Europe/London', '2026-03-28T23:00:00Z', '2026-03-29T08:00:00+01:00'],
  [
    'end left out by the gap',
    { from: '22:00', to: '01:30' },
    'Europe/London',
    '2026-03-29T00:50:00Z',
    '2026-03-29T02:00:00+01:00',
  ],
  // and back on 25 October 2026 from 02:00 to 01:00
  ['night of the overlap', night, 'Europe/London', '2026-10-24T23:00:00+01:00', '2026-10-25T08:00:00Z'],
  [
    'first 01:30',
    { from: '22:00', to: '01:30' },
    'Europe/London',
    '2026-10-25T01:10:00+01:00',
    '2026-10-25T01:30:00+01:00',
  ],
  [
    'second 01:30',
    { from: '22:00', to: '01:30' },
    'Europe/London',
    '2026-10-25T01:10:00Z',
    '2026-10-25T01:30:00Z',
  ],
  [
    'put back to before it begins',
    { from: '01:30', to: '06:00' },
    'Europe/London',
    '2026-10-25T01:40:00+01:00',
    '2026-10-25T01:00:00Z',
  ],
]

describe('quiet hours', () => {
  it.each(cases)('%s: opens at the right moment', (_what, hours, zone, now, opens) => {
    expect(iso(quietUntil(at(now), hours, zone))).toBe(opens && toIso(at(opens)))
  })

  it('lets everything pass where there are none', () => {
    expect(quietUntil(at('2026-11-24T03:00:00Z'), undefined, 'Asia/Dubai')).toBeUndefined()
  })

  it('is never quiet when it begins as it ends', () => {
    const always: QuietHours = { from: '08:00', to: '08:00' }
    expect(quietUntil(at('2026-11-24T04:00:00Z'), always, 'Asia/Dubai')).toBeUndefined()
  })

  it.each(['24:00', '8:00', '21.00', '21:60', ''])('refuses the time "%s"', (time) => {
    expect(() => quietUntil(at('2026-11-24T04:00:00Z'), { from: time, to: '08:00' }, 'Asia/Dubai')).toThrow(
      RangeError,
    )
  })
})

/** 2026-11-20 is a Friday. */
const weekend: QuietTimes = { ...night, days: ['friday', 'saturday'] }
const feast: QuietTimes = { ...night, holidays: [{ from: '2026-12-01', to: '2026-12-03' }, '2026-12-05'] }

const days: [what: string, quiet: QuietTimes, zone: string, now: string, opens: string | undefined][] = [
  ['a day before', weekend, 'Asia/Riyadh', '2026-11-19T12:00:00+03:00', undefined],
  [
    'Friday at noon, with the night after Saturday',
    weekend,
    'Asia/Riyadh',
    '2026-11-20T12:00:00+03:00',
    '2026-11-22T08:00:00+03:00',
  ],
  [
    'the night before the weekend',
    weekend,
    'Asia/Riyadh',
    '2026-11-19T22:00:00+03:00',
    '2026-11-22T08:00:00+03:00',
  ],
  [
    'Saturday where no hours are quiet, from midnight to midnight',
    { days: ['saturday'] },
    'Asia/Riyadh',
    '2026-11-21T00:00:00+03:00',
    '2026-11-22T00:00:00+03:00',
  ],
  ['Friday there, still Thursday here', weekend, 'America/New_York', '2026-11-19T20:30:00-05:00', undefined],
  [
    'a list of days that are not next to each other',
    { ...night, days: ['monday', 'wednesday'] },
    'Asia/Dubai',
    '2026-11-23T12:00:00+04:00',
    '2026-11-24T08:00:00+04:00',
  ],
  ['three days of a feast', feast, 'Asia/Dubai', '2026-12-01T09:00:00+04:00', '2026-12-04T08:00:00+04:00'],
  ['between two holidays', feast, 'Asia/Dubai', '2026-12-04T12:00:00+04:00', undefined],
  ['a single holiday', feast, 'Asia/Dubai', '2026-12-05T00:00:00+04:00', '2026-12-06T08:00:00+04:00'],
  [
    'a holiday that a weekend follows',
    { ...weekend, holidays: ['2026-11-19'] },
    'Asia/Riyadh',
    '2026-11-19T12:00:00+03:00',
    '2026-11-22T08:00:00+03:00',
  ],
  [
    'the day that the clock is put back',
    { days: ['sunday'] },
    'Europe/London',
    '2026-10-25T00:30:00+01:00',
    '2026-10-26T00:00:00Z',
  ],
  [
    'until a midnight that the clock leaves out',
    { days: ['saturday'] },
    'America/Havana',
    '2026-03-07T12:00:00-05:00',
    '2026-03-08T01:00:00-04:00',
  ],
]

describe('days that are quiet altogether', () => {
  it.each(days)('%s: open at the right moment', (_what, quiet, zone, now, opens) => {
    expect(iso(quietUntil(at(now), quiet, zone))).toBe(opens && toIso(at(opens)))
  })

  it('are refused where they are all seven', () => {
    expect(() => quietUntil(at('2026-11-24T04:00:00Z'), { days: weekdays }, 'Asia/Dubai')).toThrow(RangeError)
  })

  it('open anywhere and at any time, later than now, and never a moment too late', () => {
    fc.assert(
      fc.property(anyNow, anyQuiet, anyZone, (now, quiet, zone) => {
        const opens = quietUntil(now, quiet, zone)
        const isQuiet = (when: Instant) =>
          isQuietOnTheWall(when, { from: '00:00', to: '00:00', ...quiet }, zone) ||
          isQuietInTheCalendar(when, quiet, zone)
        expect(opens !== undefined).toBe(isQuiet(now))
        if (opens === undefined) return
        expect(opens).toBeGreaterThan(now)
        expect(isQuiet(opens)).toBe(false)
        expect(isQuiet(instant(opens - 1))).toBe(true)
        expect(quietUntil(instant(Math.floor((now + opens) / 2)), quiet, zone)).toBe(opens)
      }),
    )
  })
})

describe('quiet hours, anywhere and at any time', () => {
  it('open later than now, and then may be sent', () => {
    fc.assert(
      fc.property(anyNow, anyHours, anyZone, (now, hours, zone) => {
        const opens = quietUntil(now, hours, zone)
        if (opens === undefined) return
        expect(opens).toBeGreaterThan(now)
        expect(quietUntil(opens, hours, zone)).toBeUndefined()
      }),
    )
  })

  it('say what the clock on the wall says', () => {
    fc.assert(
      fc.property(anyNow, anyHours, anyZone, (now, hours, zone) => {
        expect(quietUntil(now, hours, zone) !== undefined).toBe(isQuietOnTheWall(now, hours, zone))
      }),
    )
  })

  it('are quiet in every minute until they open, and open at the same instant for all of them', () => {
    fc.assert(
      fc.property(
        anyNow,
        anyHours,
        anyZone,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (now, hours, zone, part) => {
          const opens = quietUntil(now, hours, zone)
          if (opens === undefined) return
          const between = instant(Math.floor(now + (opens - now - 1) * part))
          expect(isQuietOnTheWall(between, hours, zone)).toBe(true)
          expect(quietUntil(between, hours, zone)).toBe(opens)
          expect(isQuietOnTheWall(instant(opens - 1), hours, zone)).toBe(true)
        },
      ),
    )
  })
})

/** A year whose clock changes are known for all of them, and often the hours around one. */
const clockChanges = [
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-10-03T15:30:00Z',
  '2026-03-08T05:30:00Z',
  '2026-11-01T04:30:00Z',
  '2026-02-15T02:00:00Z',
  '2026-03-22T02:00:00Z',
]
const anyNow: fc.Arbitrary<Instant> = fc
  .oneof(
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) }),
    fc
      .tuple(fc.constantFrom(...clockChanges), fc.integer({ min: -3 * hour, max: 3 * hour }))
      .map(([change, apart]) => at(change) + apart),
  )
  .map(instant)
const anyTime = fc.integer({ min: 0, max: 1439 }).map((of) => `${two(Math.floor(of / 60))}:${two(of % 60)}`)
const anyHours: fc.Arbitrary<QuietHours> = fc.record({ from: anyTime, to: anyTime })
const anyQuiet: fc.Arbitrary<QuietTimes> = fc
  .record({
    hours: anyHours,
    days: fc.subarray([...weekdays], { maxLength: 6 }),
    holidays: fc.subarray(['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25', '2026-11-01']),
  })
  .map(({ hours, ...rest }) => ({ ...hours, ...rest }))
const anyZone = fc.constantFrom(
  'Asia/Dubai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Europe/London',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Havana',
  'Pacific/Chatham',
  'UTC',
)

/** Read from `Intl`, not through the code under test. */
function isQuietOnTheWall(now: Instant, { from, to }: QuietHours, zone: string): boolean {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
  }).format(now)
  return from <= to ? from <= clock && clock < to : from <= clock || clock < to
}

function isQuietInTheCalendar(now: Instant, { days = [], holidays = [] }: QuietTimes, zone: string): boolean {
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'long' }).format(now)
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now)
  return days.some((day) => day === weekday.toLowerCase()) || holidays.includes(today)
}

function at(text: string): Instant {
  return parseInstant(text) ?? instant(Number.NaN)
}

function iso(when: Instant | undefined): string | undefined {
  return when === undefined ? undefined : toIso(when)
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
