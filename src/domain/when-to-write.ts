/** May this person be written to now, or until when does the message wait? Asked once it is known that it may go at all. */
import type { MessageCategory, MessageRequest } from './message-request.ts'
import { placeInOpening } from './opening.ts'
import type { Person } from './person.ts'
import { type QuietTimes, quietUntil } from './quiet-hours.ts'
import { quietTimesFor } from './quiet-settings.ts'
import type { Reason } from './reason.ts'
import type { ClinicSettings } from './settings.ts'
import { type Instant, toDuration } from './time.ts'
import type { Visit } from './visit.ts'

export interface WhenFacts {
  request: MessageRequest
  person: Person | undefined
  visit?: Visit | 'missing'
  settings: ClinicSettings
  now: Instant
}

export interface Wait {
  until: Instant
  reason: Extract<Reason, 'quiet-hours'>
}

/** `category` is what the message can be seen to be. Urgent messages and answers to what the patient just wrote pass. */
export function waitFor(facts: WhenFacts, category: MessageCategory): Wait | undefined {
  if (passes(facts.request, category)) return undefined
  const { settings, now } = facts
  const quiet = settings.quietHours && quietTimesFor(settings.quietHours, category)
  const zone = zoneFor(facts)
  const opens = quietUntil(now, quiet, zone)
  return opens === undefined ? undefined : { until: placed(facts, opens, quiet, zone), reason: 'quiet-hours' }
}

function passes({ priority }: MessageRequest, category: MessageCategory): boolean {
  const isUrgent = priority === 'urgent' || priority === 'stat'
  return isUrgent || category === 'auto-reply' || category === 'consent-confirmation'
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
