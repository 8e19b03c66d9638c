/**
 * Time without a clock. An instant is milliseconds since 1970-01-01T00:00Z and never carries a zone; a zone is an
 * IANA name. Wall-clock arithmetic goes through Temporal, so that it is right across clock changes.
 */
import { Temporal } from 'temporal-polyfill'

declare const instantBrand: unique symbol
/** Milliseconds since the epoch. */
export type Instant = number & { readonly [instantBrand]: true }

/** Milliseconds. */
export type Duration = number

export const second: Duration = 1_000
export const minute: Duration = 60 * second
export const hour: Duration = 60 * minute
export const day: Duration = 24 * hour

export function instant(milliseconds: number): Instant {
  return milliseconds as Instant
}

export function after(at: Instant, wait: Duration): Instant {
  return instant(at + wait)
}

export function before(at: Instant, wait: Duration): Instant {
  return instant(at - wait)
}

/** Reads a FHIR `instant` or `dateTime` that has a time and an offset; anything vaguer is `undefined`. */
export function parseInstant(text: string | undefined): Instant | undefined {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  if (text.endsWith('Z') && text.length === 24) {
    const at = Date.parse(text)
    // As we write it ourselves, which is nearly always; a day that does not exist comes out as another.
    if (!Number.isNaN(at) && new Date(at).toISOString() === text) return instant(at)
  }
  try {
    // Not Date.parse: it takes 30 February for 2 March.
    return instant(Temporal.Instant.from(text).epochMilliseconds)
  } catch {
    return undefined
  }
}

/** `2026-11-20T05:30:00.000Z`: what FHIR calls an instant, always in UTC. */
export function toIso(at: Instant): string {
  return new Date(at).toISOString()
}

/** `20261120T053000Z`: safe inside an identifier. */
export function toBasicIso(at: Instant): string {
  return toIso(at)
    .replace(/\.\d{3}/, '')
    .replace(/[-:]/g, '')
}

export function isZone(name: string | undefined): name is string {
  if (!name) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Minutes since midnight on the wall clock of a zone, 0 to 1439. */
export function minuteOfDay(at: Instant, zone: string): number {
  const clock = inZone(at, zone)
  return clock.hour * 60 + clock.minute
}

/**
 * The next instant, at or after `at`, at which the wall clock of the zone shows this minute of the day. A time that a
 * clock change leaves out comes as soon as the clock is past it; one that comes twice is found both times.
 */
export function nextMinuteOfDay(at: Instant, minuteOfDay: number, zone: string): Instant {
  const clock = inZone(at, zone)
  const time = { hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60 }
  // A clock put back at midnight shows the day before once more, hence -1.
  const candidates = [-1, 0, 1, 2]
    .flatMap((days) => occurrences(clock.toPlainDate().add({ days }).toPlainDateTime(time), zone))
    .filter((candidate) => candidate >= at)
  if (candidates.length === 0) throw new RangeError(`No minute ${minuteOfDay} within two days in ${zone}`)
  return instant(Math.min(...candidates))
}

/** When a wall clock shows this: once, twice where it is put back, or the moment it is put forward over it. */
function occurrences(wall: Temporal.PlainDateTime, zone: string): number[] {
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(wall)) {
    const later = wall.toZonedDateTime(zone, { disambiguation: 'later' })
    return [earlier.epochMilliseconds, later.epochMilliseconds]
  }
  const jump = earlier.getTimeZoneTransition('next')
  return jump ? [jump.epochMilliseconds] : []
}

/** The next instant after `at` at which the zone's clock is put forward or back, if one is known. */
export function nextClockChange(at: Instant, zone: string): Instant | undefined {
  const change = inZone(at, zone).getTimeZoneTransition('next')
  return change ? instant(change.epochMilliseconds) : undefined
}

/** An ISO 8601 duration of days, hours and minutes (`P2D`, `PT48H`, `PT90M`) before an instant, by the zone's wall clock for days. */
export function beforeByRule(at: Instant, duration: string, zone: string): Instant {
  return instant(inZone(at, zone).subtract(Temporal.Duration.from(duration)).epochMilliseconds)
}

/** The calendar day in a zone, `2026-11-20`. */
export function dayInZone(at: Instant, zone: string): string {
  return inZone(at, zone).toPlainDate().toString()
}

function inZone(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
}
