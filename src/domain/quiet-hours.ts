/**
 * When patients are left in peace. Quiet is what the clock and the calendar on the patient's wall say: from `from` until
 * just before `to`, over midnight where `to` is the smaller, in the repeated hour of a clock change too; and the whole of
 * some days.
 */
import {
  after,
  dayInZone,
  type Instant,
  instant,
  minuteOfDay,
  nextClockChange,
  nextMinuteOfDay,
  type Weekday,
  weekdayInZone,
} from './time.ts'

export interface QuietHours {
  /** `HH:MM`, 00:00 to 23:59; the first quiet minute. */
  from: string
  /** `HH:MM`; the first minute that is not quiet. The same as `from` means never quiet. */
  to: string
}

/** One calendar day, `2026-12-02`, or all from the first to the last of several. */
export type Holiday = string | { from: string; to: string }

export interface QuietTimes extends Partial<QuietHours> {
  /** Quiet from midnight to midnight; never all seven. */
  days?: readonly Weekday[]
  holidays?: readonly Holiday[]
}

/**
 * The first instant from which a message may go; `undefined` when it may go now. `zone` is an IANA name.
 * Throws `RangeError` on a time that is not `HH:MM`, and where no day is left to open: settings are checked before they
 * come here.
 */
export function quietUntil(now: Instant, quiet: QuietTimes | undefined, zone: string): Instant | undefined {
  if (!quiet) return undefined
  const { days = [], holidays = [] } = quiet
  if (new Set(days).size === 7) throw new RangeError('Some day of the week must not be quiet')
  const from = minutesOf(quiet.from ?? '00:00')
  const to = minutesOf(quiet.to ?? '00:00')
  const isQuiet = (at: Instant) =>
    isBetween(minuteOfDay(at, zone), from, to) || isQuietDay({ days, holidays }, at, zone)
  if (!isQuiet(now)) return undefined
  // A quiet day ends at midnight, whatever the hours say.
  const ends = days.length + holidays.length > 0 ? [to, 0] : [to]
  let opens = nextOpening(now, ends, zone)
  // Where a clock change jumps over the opening, the clock may land in the next quiet stretch.
  while (isQuiet(opens)) opens = nextOpening(after(opens, 1), ends, zone)
  return opens
}

/** The clock reaches the end of what is quiet, or it is put forward or back to a time that may not be quiet. */
function nextOpening(at: Instant, ends: number[], zone: string): Instant {
  const change = nextClockChange(at, zone)
  const openings = ends.map((end) => nextMinuteOfDay(at, end, zone))
  return instant(Math.min(...openings, change ?? Number.POSITIVE_INFINITY))
}

function isQuietDay(
  { days, holidays }: Required<Pick<QuietTimes, 'days' | 'holidays'>>,
  at: Instant,
  zone: string,
): boolean {
  if (days.length > 0 && days.includes(weekdayInZone(at, zone))) return true
  if (holidays.length === 0) return false
  const today = dayInZone(at, zone)
  // Written so, days sort as text.
  return holidays.some((one) => {
    const { from, to } = typeof one === 'string' ? { from: one, to: one } : one
    return from <= today && today <= to
  })
}

function isBetween(minute: number, from: number, to: number): boolean {
  return from <= to ? from <= minute && minute < to : from <= minute || minute < to
}

function minutesOf(time: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  if (hours === undefined) throw new RangeError(`Quiet hours need HH:MM, not "${time}"`)
  return Number(hours) * 60 + Number(minutes)
}
