import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beforeByRule,
  day,
  dayInZone,
  hour,
  type Instant,
  instant,
  isZone,
  minuteOfDay,
  nextClockChange,
  nextMinuteOfDay,
  parseInstant,
  toBasicIso,
  toIso,
} from '../../src/domain/time.ts'

const anyInstant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) }).map(instant)
const anyZone = fc.constantFrom(
  'Asia/Dubai',
  'Asia/Kolkata',
  'Europe/London',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Havana',
)

describe('an instant', () => {
  it.each([
    ['2026-11-23T06:30:00Z', '2026-11-23T06:30:00.000Z'],
    ['2026-11-23T10:30:00+04:00', '2026-11-23T06:30:00.000Z'],
    ['2026-11-23T12:00:00.5+05:30', '2026-11-23T06:30:00.500Z'],
    ['2026-11-23T06:30Z', '2026-11-23T06:30:00.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000Z'],
  ])('is read from %s', (text, iso) => {
    expect(toIso(at(text))).toBe(iso)
  })

  it.each([
    undefined,
    '',
    '2026',
    '2026-11',
    '2026-11-23',
    '2026-11-23T06:30:00',
    '2026-13-01T06:30:00Z',
    '2026-02-30T06:30:00Z',
    '2026-11-23T25:00:00Z',
    '2026-11-23T06:30:00Z, probably',
    '2026-11-23T06:30 about Z',
    '23.11.2026 06:30Z',
  ])('is not read from %j', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })

  it('survives being written and read', () => {
    fc.assert(fc.property(anyInstant, (when) => parseInstant(toIso(when)) === when))
  })

  it('is written without separators for identifiers', () => {
    expect(toBasicIso(at('2026-11-20T05:30:00Z'))).toBe('20261120T053000Z')
  })
})

describe('a zone', () => {
  it.each(['Asia/Dubai', 'America/St_Johns', 'UTC'])('is known: %s', (name) =>
    expect(isZone(name)).toBe(true))
  it.each([undefined, '', 'Dubai', 'Mars/Olympus'])('is not known: %j', (name) =>
    expect(isZone(name)).toBe(false))

  it('decides which day it is', () => {
    const late = at('2026-11-23T21:00:00Z')
    expect(dayInZone(late, 'Asia/Dubai')).toBe('2026-11-24')
    expect(dayInZone(late, 'Europe/London')).toBe('2026-11-23')
  })

  it('may never change its clock', () => {
    expect(nextClockChange(at('2026-01-01T00:00:00Z'), 'Asia/Dubai')).toBeUndefined()
    expect(nextClockChange(at('2026-01-01T00:00:00Z'), 'Europe/London')).toBe(at('2026-03-29T01:00:00Z'))
  })
})

const nextCases: [what: string, zone: string, from: string, clock: string, next: string][] = [
  ['later today', 'Asia/Dubai', '2026-11-23T07:00:00+04:00', '08:00', '2026-11-23T08:00:00+04:00'],
  ['now', 'Asia/Dubai', '2026-11-23T08:00:00+04:00', '08:00', '2026-11-23T08:00:00+04:00'],
  ['tomorrow', 'Asia/Dubai', '2026-11-23T08:00:01+04:00', '08:00', '2026-11-24T08:00:00+04:00'],
  ['midnight', 'Asia/Kolkata', '2026-11-23T23:59:59+05:30', '00:00', '2026-11-24T00:00:00+05:30'],
  ['left out by the gap', 'Europe/London', '2026-03-29T00:00:00Z', '01:30', '2026-03-29T02:00:00+01:00'],
  [
    'left out by a gap of half an hour',
    'Australia/Lord_Howe',
    '2026-10-04T00:00:00+10:30',
    '02:10',
    '2026-10-04T02:30:00+11:00',
  ],
  ['the first of two', 'Europe/London', '2026-10-25T00:00:00+01:00', '01:30', '2026-10-25T01:30:00+01:00'],
  ['the second of two', 'Europe/London', '2026-10-25T01:30:01+01:00', '01:30', '2026-10-25T01:30:00Z'],
  [
    'clock put back at midnight',
    'America/Havana',
    '2026-11-01T00:59:59-04:00',
    '00:30',
    '2026-11-01T00:30:00-05:00',
  ],
  [
    'clock put back into the day before',
    'America/St_Johns',
    '2010-11-07T00:00:30-02:30',
    '23:30',
    '2010-11-06T23:30:00-03:30',
  ],
]

describe('the next time a clock shows a minute', () => {
  it.each(nextCases)('%s', (_what, zone, from, clock, next) => {
    const [hours, minutes] = clock.split(':').map(Number)
    expect(toIso(nextMinuteOfDay(at(from), Number(hours) * 60 + Number(minutes), zone))).toBe(toIso(at(next)))
  })

  it('comes within a day and the largest change, and shows it unless a change left it out', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 0, max: 1439 }), anyZone, (from, minute, zone) => {
        const next = nextMinuteOfDay(from, minute, zone)
        expect(next).toBeGreaterThanOrEqual(from)
        expect(next - from).toBeLessThanOrEqual(day + hour)
        const leftOut = nextClockChange(instant(next - 1), zone) === next
        if (!leftOut) expect(minuteOfDay(next, zone)).toBe(minute)
        expect(nextMinuteOfDay(next, minute, zone)).toBe(next)
      }),
    )
  })
})

describe('a rule’s time before a visit', () => {
  it.each([
    ['two hours', '2026-11-23T10:30:00+04:00', 'PT2H', 'Asia/Dubai', '2026-11-23T08:30:00+04:00'],
    ['48 hours over the gap', '2026-03-30T09:00:00+01:00', 'PT48H', 'Europe/London', '2026-03-28T08:00:00Z'],
    ['two days over the gap', '2026-03-30T09:00:00+01:00', 'P2D', 'Europe/London', '2026-03-28T09:00:00Z'],
    [
      '48 hours over the overlap',
      '2026-10-26T09:00:00Z',
      'PT48H',
      'Europe/London',
      '2026-10-24T10:00:00+01:00',
    ],
    [
      'two days over the overlap',
      '2026-10-26T09:00:00Z',
      'P2D',
      'Europe/London',
      '2026-10-24T09:00:00+01:00',
    ],
    [
      'a day to a time that the gap left out',
      '2026-03-30T01:30:00+01:00',
      'P1D',
      'Europe/London',
      '2026-03-29T02:30:00+01:00',
    ],
  ])('%s', (_what, visit, duration, zone, time) => {
    expect(toIso(beforeByRule(at(visit), duration, zone))).toBe(toIso(at(time)))
  })

  it('is at the same time of day when counted in days', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 1, max: 30 }), (visit, days) => {
        const time = beforeByRule(visit, `P${days}D`, 'Asia/Kolkata')
        expect(minuteOfDay(time, 'Asia/Kolkata')).toBe(minuteOfDay(visit, 'Asia/Kolkata'))
        expect(time).toBe(visit - days * day)
      }),
    )
  })
})

function at(text: string): Instant {
  return parseInstant(text) ?? instant(Number.NaN)
}
