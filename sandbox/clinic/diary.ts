/**
 * The clinicians' free half hours: weekdays, 09:00 to 17:00 without lunch, by the wall clock of their house. A taken
 * half hour is gone, so nobody is booked twice.
 */
import { Temporal } from 'temporal-polyfill'
import { type Clinician, clinicians, type Place } from './places.ts'

export const minutesPerVisit = 30

const daysAhead = 21
const firstMinute = 9 * 60
const lastMinute = 16 * 60 + 30
const lunch = { from: 13 * 60, until: 14 * 60 }
/** A visit sooner than this would be over before anybody has looked at the sample. */
const soonest = { hours: 1 }

export interface Slot {
  clinician: Clinician
  start: Temporal.ZonedDateTime
}

export interface Diary {
  /** All that is free from an hour after today's instant until three weeks later. */
  free(): Slot[]
  take(slot: Slot): Slot
  /** Working days of the window that are still whole, first one first. */
  workdays(place: Place): Temporal.PlainDate[]
}

export function openDiary(today: Date): Diary {
  const now = Temporal.Instant.fromEpochMilliseconds(today.getTime())
  const taken = new Set<string>()
  return {
    free: () =>
      clinicians.flatMap((clinician) => slotsOf(clinician, now)).filter((slot) => !taken.has(keyOf(slot))),
    take: (slot) => {
      if (taken.has(keyOf(slot))) throw new Error(`${slot.clinician.id} is already booked at ${slot.start}`)
      taken.add(keyOf(slot))
      return slot
    },
    workdays: (place) => workdaysOf(place, now).slice(1),
  }
}

/** The next time after `today` that the clock of this house jumps; none where it never does. */
export function nextClockChange(place: Place, today: Date): Temporal.ZonedDateTime | undefined {
  const now = Temporal.Instant.fromEpochMilliseconds(today.getTime()).toZonedDateTimeISO(place.zone)
  return now.getTimeZoneTransition('next') ?? undefined
}

export function at(clinician: Clinician, date: Temporal.PlainDate, time: string): Slot {
  const start = date.toZonedDateTime({
    timeZone: clinician.place.zone,
    plainTime: Temporal.PlainTime.from(time),
  })
  return { clinician, start }
}

/** This day, or the Monday after it. */
export function workdayFrom(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.dayOfWeek > 5 ? date.add({ days: 8 - date.dayOfWeek }) : date
}

function slotsOf(clinician: Clinician, now: Temporal.Instant): Slot[] {
  const earliest = now.add(soonest)
  return workdaysOf(clinician.place, now).flatMap((date) =>
    times()
      .map((time) => at(clinician, date, time))
      .filter(({ start }) => Temporal.Instant.compare(start.toInstant(), earliest) >= 0),
  )
}

function workdaysOf(place: Place, now: Temporal.Instant): Temporal.PlainDate[] {
  const first = now.toZonedDateTimeISO(place.zone).toPlainDate()
  return Array.from({ length: daysAhead }, (_, days) => first.add({ days })).filter(
    (date) => date.dayOfWeek <= 5,
  )
}

function times(): string[] {
  const list: string[] = []
  for (let minute = firstMinute; minute <= lastMinute; minute += minutesPerVisit) {
    if (minute >= lunch.from && minute < lunch.until) continue
    list.push(`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`)
  }
  return list
}

function keyOf(slot: Slot): string {
  return `${slot.clinician.id} ${slot.start.epochMilliseconds}`
}
