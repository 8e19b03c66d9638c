import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFullSweepDue, sweepWindows } from '../../src/domain/sweep-windows.ts'
import { after, before, day, hour, type Instant, minute } from '../../src/domain/time.ts'
import { at, now, rule, settings } from '../people.ts'

const clinic = settings()

describe('what is swept', () => {
  it('near: from what has just begun to the first reminder of what comes, and a day', () => {
    expect(sweepWindows('near', clinic, now)).toEqual([
      { from: before(now, hour), until: after(now, 72 * hour) },
    ])
  })

  it('near: further where a rule reminds earlier, and a day where none reminds', () => {
    const early = settings({ rules: [rule({ before: 'P14D' }), rule()] })
    expect(sweepWindows('near', early, now)[0]?.until).toBe(after(now, 15 * day))
    expect(sweepWindows('near', settings({ rules: [] }), now)[0]?.until).toBe(after(now, day))
  })

  it.each([
    'near',
    'ahead',
    'full',
  ] as const)('%s: in slices that leave nothing out and take nothing twice', (reach) => {
    const windows = sweepWindows(reach, clinic, now)
    expect(windows[0]?.from).toBe(before(now, hour))
    for (const [index, { from, until }] of windows.entries()) {
      expect(until).toBeGreaterThan(from)
      expect(until - from).toBeLessThanOrEqual(30 * day + hour)
      if (index > 0) expect(from).toBe(windows[index - 1]?.until)
    }
  })

  it('ahead a month, in full more than a year', () => {
    expect(sweepWindows('ahead', clinic, now).at(-1)?.until).toBe(after(now, 30 * day))
    expect(sweepWindows('full', clinic, now).at(-1)?.until).toBe(after(now, 390 * day))
  })
})

const dubai = 'Asia/Dubai'
const due: [what: string, last: string | undefined, now: string, is: boolean][] = [
  ['never done', undefined, '2026-11-20T10:00:00Z', true],
  ['done this night', '2026-11-19T22:05:00Z', '2026-11-20T10:00:00Z', false],
  ['done this night, and the next has not begun', '2026-11-19T22:05:00Z', '2026-11-20T21:59:00Z', false],
  ['the next night has begun', '2026-11-19T22:05:00Z', '2026-11-20T22:00:00Z', true],
  ['down that night, up in the morning', '2026-11-18T22:05:00Z', '2026-11-20T05:00:00Z', true],
  ['down for a week', '2026-11-13T22:05:00Z', '2026-11-20T05:00:00Z', true],
  ['done late that morning: once for that night', '2026-11-20T05:00:00Z', '2026-11-20T12:00:00Z', false],
  ['done late, the next night is on time', '2026-11-20T21:30:00Z', '2026-11-20T22:00:00Z', true],
]

describe('the nightly sweep, at two o’clock in Dubai', () => {
  it.each(due)('%s', (_what, last, time, is) => {
    expect(isFullSweepDue(last === undefined ? undefined : at(last), at(time), dubai)).toBe(is)
  })

  it.each([
    'Europe/London',
    'America/New_York',
    'Asia/Dubai',
    'Australia/Lord_Howe',
  ])('is due once in every 22 to 26 hours, also when the clock changes: %s', (zone) => {
    const start = at('2026-10-20T00:00:00Z')
    let last: Instant = start
    let longest = 0
    let runs = 0
    for (let time = start; time < after(start, 20 * day); time = after(time, 15 * minute)) {
      if (!isFullSweepDue(last, time, zone)) continue
      if (runs > 0) longest = Math.max(longest, time - last)
      if (runs > 0) expect(time - last).toBeGreaterThanOrEqual(22 * hour)
      last = time
      runs += 1
    }
    expect(longest).toBeLessThanOrEqual(26 * hour)
    expect(runs).toBeGreaterThanOrEqual(19)
  })

  it('is never due again right after it was done', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 * 24 * 60 }),
        fc.constantFrom('Europe/London', dubai),
        (minutes, zone) => {
          const time = after(at('2026-01-01T00:00:00Z'), minutes * minute)
          expect(isFullSweepDue(time, time, zone)).toBe(false)
        },
      ),
    )
  })
})
