/** May this person be written to now, or until when does the message wait? Asked once it is known that it may go at all. */
import { isOverCap, type RecentContact } from './frequency-cap.ts'
import type { MessageCategory, MessageRequest } from './message-request.ts'
import { placeInOpening } from './opening.ts'
import type { Person } from './person.ts'
import { type QuietTimes, quietUntil } from './quiet-hours.ts'
import { quietTimesFor } from './quiet-settings.ts'
import type { Reason } from './reason.ts'
import type { ClinicSettings } from './settings.ts'
import { after, type Instant, nextMinuteOfDay, toDuration } from './time.ts'
import type { Visit } from './visit.ts'

export interface WhenFacts {
  request: MessageRequest
  person: Person | undefined
  visit?: Visit | 'missing'
  /** Read only where the clinic set a cap. */
  recent?: RecentContact | undefined
  settings: ClinicSettings
  now: Instant
}

export interface Wait {
  until: Instant
  reason: Extract<Reason, 'quiet-hours' | 'frequency-cap'>
}

/** `category` is what the message can be seen to be. Urgent messages and answers to what the patient just wrote pass. */
export function waitFor(facts: WhenFacts, category: MessageCategory): Wait | undefined {
  if (passes(facts.request, category)) return undefined
  const { settings, now } = facts
  const quiet = settings.quietHours && quietTimesFor(settings.quietHours, category)
  const zone = zoneFor(facts)
  const opens = quietUntil(now, quiet, zone)
  if (opens !== undefined) return { until: placed(facts, opens, quiet, zone), reason: 'quiet-hours' }
  if (!isCapped(facts, category, zone)) return undefined
  const tomorrow = openingTomorrow(now, quiet, zone)
  return { until: placed(facts, tomorrow, quiet, zone), reason: 'frequency-cap' }
}

export function isPressing({ priority }: Pick<MessageRequest, 'priority'>): boolean {
  return priority === 'urgent' || priority === 'stat'
}

function passes(request: MessageRequest, category: MessageCategory): boolean {
  return isPressing(request) || category === 'auto-reply' || category === 'consent-confirmation'
}

/** The clock on the patient's wall, as far as it is known: patients mostly live where they are seen. */
export function zoneFor({
  person,
  visit,
  settings,
}: Pick<WhenFacts, 'person' | 'visit' | 'settings'>): string {
  const ofVisit = visit && visit !== 'missing' ? visit.zone : undefined
  return person?.zone ?? ofVisit ?? settings.zone
}

function isCapped(
  { request, recent, settings, now }: WhenFacts,
  category: MessageCategory,
  zone: string,
): boolean {
  if (!recent) return false
  return isOverCap(request, category, settings.mostPerDay, recent, { zone, now })
}

/** Nobody is written to at midnight because of a cap, also where no hours are quiet. */
const earliestByDay = 8 * 60

function openingTomorrow(now: Instant, quiet: QuietTimes | undefined, zone: string): Instant {
  const midnight = nextMinuteOfDay(after(now, 1), 0, zone)
  const opens = quietUntil(midnight, quiet, zone)
  if (opens !== undefined) return opens
  const morning = nextMinuteOfDay(midnight, earliestByDay, zone)
  return quietUntil(morning, quiet, zone) ?? morning
}

const usualSpread = 'PT15M'

function placed(
  { request, settings }: WhenFacts,
  opens: Instant,
  quiet: QuietTimes | undefined,
  zone: string,
): Instant {
  const spreadFor = toDuration(settings.quietHours?.spreadFor ?? usualSpread)
  return placeInOpening(opens, { seed: request.key, spreadFor, until: request.window.until }, quiet, zone)
}
