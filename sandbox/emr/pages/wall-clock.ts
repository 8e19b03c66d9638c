/** Wall-clock times of a clinic's house: from a form to an instant with its offset, and back to words. */
import type { Location } from 'fhir/r4'
import { Temporal } from 'temporal-polyfill'
import { extension } from '../../../src/fhir/codes.ts'

export function zoneOf(location: Location | undefined): string {
  return location?.extension?.find(({ url }) => url === extension.timezone)?.valueCode ?? 'UTC'
}

/**
 * `2026-11-20`, `09:00` in a zone. undefined when a clock change leaves this time out; of a time that comes twice the
 * first is meant.
 */
export function fromWallClock(date: string, time: string, zone: string): Temporal.ZonedDateTime | undefined {
  try {
    const wanted = Temporal.PlainDateTime.from(`${date}T${time}`)
    const moment = wanted.toZonedDateTime(zone)
    return moment.toPlainDateTime().equals(wanted) ? moment : undefined
  } catch {
    return undefined
  }
}

/** `2026-11-20T09:00:00+04:00`, as FHIR wants an instant. */
export function toFhirInstant(moment: Temporal.ZonedDateTime): string {
  return moment.toString({ timeZoneName: 'never' })
}

/** undefined when there is no time or it cannot be read. */
export function inZone(instant: string | undefined, zone: string): Temporal.ZonedDateTime | undefined {
  try {
    return instant ? Temporal.Instant.from(instant).toZonedDateTimeISO(zone) : undefined
  } catch {
    return undefined
  }
}

/** `09:00` */
export function timeOf(moment: Temporal.ZonedDateTime): string {
  return moment.toPlainTime().toString({ smallestUnit: 'minute' })
}

/** `2026-11-20` */
export function dateOf(moment: Temporal.ZonedDateTime): string {
  return moment.toPlainDate().toString()
}

/** `Friday, 20 November 2026` */
export function longDate(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
}

/** `20 Nov 2026, 09:00`, in UTC. */
export function shortStamp(instant: string | undefined): string {
  const moment = inZone(instant, 'UTC')
  if (!moment) return ''
  return new Date(moment.epochMilliseconds).toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
}

export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}
