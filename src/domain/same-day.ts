/**
 * Visits of one patient on one day get one reminder of each rule: that of the first visit, which names the others. It is
 * settled when a message is about to leave, so it stays right in whatever order the visits became known: a later visit's
 * reminder waits for the first one's, and goes by itself as soon as that one will not go or did not name it.
 */
import type { Attempt } from './attempt.ts'
import { mayHaveLeft } from './delivery.ts'
import type { MessageRequest } from './message-request.ts'
import { isFreeToRepeat } from './repeat.ts'
import type { ClinicSettings } from './settings.ts'
import { after, dayInZone, type Instant, instant, minute, toIso } from './time.ts'
import type { Visit } from './visit.ts'

export interface SameDay {
  /** Active reminders of the same rule for other visits of the patient on that day. */
  others: MessageRequest[]
  /** Messages of another visit's reminder that named this one, each with that visit as it is now. */
  carriers: { attempt: Attempt; visit: Visit | 'missing' | undefined }[]
}

/** Those among `requests` that share the day of `request`, in the order of their visits. */
export function remindersOfDay(
  request: MessageRequest,
  requests: MessageRequest[],
  zone: string,
): MessageRequest[] {
  const { visitStart: start, ruleId, patient, visit } = request
  if (request.category !== 'reminder' || start === undefined || ruleId === undefined) return []
  const today = dayInZone(start, zone)
  return requests
    .filter(
      (one) =>
        one.category === 'reminder' &&
        one.status === 'active' &&
        !one.forbidden &&
        one.handedOverAt === undefined &&
        one.patient === patient &&
        one.ruleId === ruleId &&
        one.visit !== visit &&
        one.visitStart !== undefined &&
        dayInZone(one.visitStart, zone) === today,
    )
    .toSorted(byVisit)
}

/** Two visits at the same time have an order too, the same for whoever asks. */
function byVisit(a: MessageRequest, b: MessageRequest): number {
  return (a.visitStart ?? 0) - (b.visitStart ?? 0) || (a.key < b.key ? -1 : 1)
}

/** Those that come after it: its message names them. */
export function laterOnes(request: MessageRequest, others: MessageRequest[]): MessageRequest[] {
  return others.filter((one) => byVisit(request, one) < 0)
}

/** Long enough for a message that is due to leave; then it is asked again. */
const givesTheFirst = 5 * minute

/** Until when it waits for an earlier visit's reminder; `undefined` where there is none worth waiting for. */
export function waitForFirst({
  request,
  sameDay,
  now,
}: {
  request: MessageRequest
  sameDay?: SameDay | undefined
  now: Instant
}): Instant | undefined {
  const first = sameDay?.others.find((one) => byVisit(one, request) < 0)
  if (!first) return undefined
  const until = after(instant(Math.max(first.dueAt, now)), givesTheFirst)
  return until < request.window.until ? until : undefined
}

/** Another visit's message has told of this one, or may have; unless that visit was called off since. */
export function isCarried({ sameDay }: { sameDay?: SameDay | undefined }): boolean {
  return (sameDay?.carriers ?? []).some(
    ({ attempt, visit }) =>
      mayHaveLeft(attempt.state) && !isFreeToRepeat(attempt) && visit !== undefined && stands(visit),
  )
}

function stands(visit: Visit | 'missing'): boolean {
  if (visit === 'missing') return false
  return visit.status !== 'cancelled' && visit.status !== 'entered-in-error' && visit.status !== 'noshow'
}

export function mergesSameDay({ mergeSameDay }: Pick<ClinicSettings, 'mergeSameDay'>): boolean {
  return mergeSameDay ?? true
}

/** As the `times` filter of a template reads them. */
export function toOthers(starts: Instant[]): string {
  return starts.map(toIso).join(' ')
}
