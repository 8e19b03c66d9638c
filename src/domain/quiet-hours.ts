/**
 * When patients are left in peace. Quiet is what the clock on the patient's wall says: from `from` until just before
 * `to`, over midnight where `to` is the smaller, in the repeated hour of a clock change too.
 */
import { after, type Instant, instant, minuteOfDay, nextClockChange, nextMinuteOfDay } from './time.ts'

export interface QuietHours {
  /** `HH:MM`, 00:00 to 23:59; the first quiet minute. */
  from: string
  /** `HH:MM`; the first minute that is not quiet. The same as `from` means never quiet. */
  to: string
}

/**
 * The first instant from which a message may go; `undefined` when it may go now. `zone` is an IANA name.
 * Throws `RangeError` on a time that is not `HH:MM`: settings are checked before they come here.
 */
export function quietUntil(now: Instant, hours: QuietHours | undefined, zone: string): Instant | undefined {
  if (!hours) return undefined
  const from = minutesOf(hours.from)
  const to = minutesOf(hours.to)
  const isQuiet = (at: Instant) => isBetween(minuteOfDay(at, zone), from, to)
  if (!isQuiet(now)) return undefined
  let opens = nextOpening(now, to, zone)
  // Where a clock change jumps over the opening, the clock may land in the next quiet stretch.
  while (isQuiet(opens)) opens = nextOpening(after(opens, 1), to, zone)
  return opens
}

/** The clock reaches `to`, or it is put forward or back to a time that may not be quiet. */
function nextOpening(at: Instant, to: number, zone: string): Instant {
  const change = nextClockChange(at, zone)
  const opening = nextMinuteOfDay(at, to, zone)
  return change === undefined ? opening : instant(Math.min(opening, change))
}

function isBetween(minute: number, from: number, to: number): boolean {
  return from <= to ? from <= minute && minute < to : from <= minute || minute < to
}

function minutesOf(time: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  if (hours === undefined) throw new RangeError(`Quiet hours need HH:MM, not "${time}"`)
  return Number(hours) * 60 + Number(minutes)
}
