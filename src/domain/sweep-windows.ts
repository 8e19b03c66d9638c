/** Which part of the schedule is looked through, and when: notifications give speed, sweeps give truth. */
import type { ClinicSettings } from './settings.ts'
import {
  after,
  before,
  beforeByRule,
  type Duration,
  day,
  hour,
  type Instant,
  nextMinuteOfDay,
} from './time.ts'

/**
 * `near`: whatever may soon be due, every quarter of an hour. `ahead`: at a start, and when the host says that something changed
 * but not what. `full`: all that is booked, once a night.
 */
export type Reach = 'near' | 'ahead' | 'full'

/** Visits that start at or after `from` and before `until`. */
export interface SweepWindow {
  from: Instant
  until: Instant
}

/** Two o'clock: the clinic is closed, and most hosts have their own nightly work behind them or before them. */
const nightBegins = 2 * 60
/** A visit that has just begun may have been moved to later. */
const looksBack: Duration = hour
const slice = 30 * day
const ahead = 30 * day
/** Nobody books further ahead, save in series; those come in time. */
const farthest = 390 * day

/** In slices, so that no year of a hospital is in memory at once. */
export function sweepWindows(
  reach: Reach,
  { rules, zone }: Pick<ClinicSettings, 'rules' | 'zone'>,
  now: Instant,
): SweepWindow[] {
  const from = before(now, looksBack)
  if (reach === 'near') return [{ from, until: after(now, longestOf(rules, zone, now) + day) }]
  const until = after(now, reach === 'ahead' ? ahead : farthest)
  const windows: SweepWindow[] = []
  for (let at = from; at < until; at = after(at, slice))
    windows.push({ from: at, until: at + slice < until ? after(at, slice) : until })
  return windows
}

/** So long before a visit its first reminder is due. */
function longestOf(rules: ClinicSettings['rules'], zone: string, now: Instant): Duration {
  return Math.max(0, ...rules.map((rule) => now - beforeByRule(now, rule.before, zone)))
}

/**
 * Once for each night. `lastAt` is when the last one ended well: a worker that was down that night, or failed, does it at the next
 * chance. Asked every quarter of an hour.
 */
export function isFullSweepDue(lastAt: Instant | undefined, now: Instant, zone: string): boolean {
  return lastAt === undefined || lastAt < lastNight(now, zone)
}

/** When the night began that is, or was last. */
function lastNight(now: Instant, zone: string): Instant {
  const nights = [before(now, 2 * day), before(now, day), now]
    .map((from) => nextMinuteOfDay(from, nightBegins, zone))
    .filter((night) => night <= now)
  return nights.at(-1) ?? before(now, 2 * day)
}
