/**
 * Times as people read them: the screen's language, always the Gregorian calendar (an Arabic locale may default to
 * another), and always a stated zone. Pure: `now` is an argument.
 */
import type { Language } from '../../../src/domain/language.ts'
import { day, dayInZone, hour, type Instant, instant, minute, minuteOfDay } from '../../../src/domain/time.ts'

const locale: Record<Language, string> = {
  en: 'en-GB-u-ca-gregory',
  ar: 'ar-u-ca-gregory',
  hi: 'hi-u-ca-gregory',
}

/** `14:05` */
export function clockTime(at: Instant, language: Language, zone: string): string {
  return format(at, language, zone, { hour: '2-digit', minute: '2-digit' })
}

/** `20 Nov 2026` */
export function dayOf(at: Instant, language: Language, zone: string): string {
  return format(at, language, zone, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** `Fri, 20 Nov, 14:05`; the year only when it is another one. */
export function dayAndTime(at: Instant, now: Instant, language: Language, zone: string): string {
  return format(at, language, zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: yearOf(at, zone) === yearOf(now, zone) ? undefined : 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
}

/** The day of a separator: `today` and `yesterday` are words of their own. */
export function dayName(
  at: Instant,
  now: Instant,
  language: Language,
  zone: string,
): { kind: 'today' | 'yesterday' } | { kind: 'date'; text: string } {
  const today = dayInZone(now, zone)
  if (dayInZone(at, zone) === today) return { kind: 'today' }
  if (dayInZone(at, zone) === dayBefore(today)) return { kind: 'yesterday' }
  const year = yearOf(at, zone) === yearOf(now, zone) ? undefined : 'numeric'
  return {
    kind: 'date',
    text: format(at, language, zone, { weekday: 'long', day: 'numeric', month: 'long', year }),
  }
}

/** `in 2 days`, `in 3 hours`, `5 minutes ago`. */
export function fromNow(at: Instant, now: Instant, language: Language): string {
  const words = new Intl.RelativeTimeFormat(locale[language], { numeric: 'auto' })
  const [amount, unit] = inLargestUnit(at - now)
  return words.format(amount, unit)
}

/** `48 hours`, `2 days`: a length of time, rounded to what a person would say. */
export function lengthOf(milliseconds: number, language: Language): string {
  const hours = Math.round(milliseconds / hour)
  const [amount, unit] =
    milliseconds < hour
      ? [Math.round(milliseconds / minute), 'minute']
      : hours > 48 && hours % 24 === 0
        ? [hours / 24, 'day']
        : [hours, 'hour']
  return new Intl.NumberFormat(locale[language], { style: 'unit', unit, unitDisplay: 'long' }).format(amount)
}

/** A birth date has no zone: `1984-03-07`, `1984-03` or `1984` stays what it is. */
export function birthDay(text: string, language: Language): string {
  const [year = '', month, date] = text.split('-')
  const at = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(date ?? 1))
  if (!/^\d{4}$/.test(year) || Number.isNaN(at)) return text
  return format(instant(at), language, 'UTC', {
    year: 'numeric',
    month: month ? 'long' : undefined,
    day: date ? 'numeric' : undefined,
  })
}

/** `Arabic` for `ar-AE`, in the screen's language: the region says little about how to speak with someone. */
export function languageName(tag: string, language: Language): string {
  try {
    return (
      new Intl.DisplayNames([locale[language]], { type: 'language' }).of(tag.split(/[-_]/)[0] ?? tag) ?? tag
    )
  } catch {
    return tag
  }
}

/** `GST`, to stand beside a time. */
export function zoneName(at: Instant, language: Language, zone: string): string {
  const format = new Intl.DateTimeFormat(locale[language], { timeZone: zone, timeZoneName: 'short' })
  return format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? zone
}

/** The same, only where the zone's clock is not the reader's `own`. */
export function zoneNameBeside(
  at: Instant,
  language: Language,
  zone: string,
  own: string,
): string | undefined {
  const agree = minuteOfDay(at, zone) === minuteOfDay(at, own) && dayInZone(at, zone) === dayInZone(at, own)
  return agree ? undefined : zoneName(at, language, zone)
}

function inLargestUnit(difference: number): [number, Intl.RelativeTimeFormatUnit] {
  const size = Math.abs(difference)
  if (size < hour) return [Math.round(difference / minute), 'minute']
  if (size < 2 * day) return [Math.round(difference / hour), 'hour']
  return [Math.round(difference / day), 'day']
}

/** By the calendar: a day in which the clocks change has no 24 hours. */
function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - day).toISOString().slice(0, 10)
}

function yearOf(at: Instant, zone: string): string {
  return dayInZone(at, zone).slice(0, 4)
}

function format(at: Instant, language: Language, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale[language], { ...options, timeZone: zone }).format(at)
}
