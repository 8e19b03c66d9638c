/**
 * When a message that was handed over goes another way all the same, because nobody has read it or it has not arrived
 * within a time. Its request stays active until then, due at that moment, so that the ordinary dispatch finds it.
 */

import type { AttemptState } from './attempt.ts'
import { type Attempt, placeOf } from './attempt.ts'
import type { Channel } from './channel.ts'
import type { MessageRequest } from './message-request.ts'
import { type Instant, instant } from './time.ts'

/** E-mail tells neither; a carrier of SMS tells of the delivery at most. */
const tellsReads: readonly Channel[] = ['whatsapp']
const tellsDelivery: readonly Channel[] = ['whatsapp', 'sms']

/** Never after `unknown`: it may have arrived, and nobody will ever tell. */
const notYetDelivered: readonly AttemptState[] = ['queued', 'sent']
const notYetRead: readonly AttemptState[] = [...notYetDelivered, 'delivered']

/** `undefined` where the message stays as it is: read, on the last hop, or of no use by then. */
export function fallbackAt(
  {
    fallbackAfter,
    plan,
    round = 0,
    window,
  }: Pick<MessageRequest, 'fallbackAfter' | 'plan' | 'round' | 'window'>,
  attempt: Attempt,
): Instant | undefined {
  const place = placeOf(attempt.attemptId)
  const { channel, state } = attempt
  if (!fallbackAfter || !channel || place?.round !== round || place.hop >= plan.length - 1) return undefined
  const { unread, undelivered } = fallbackAfter
  const waits = [
    tellsReads.includes(channel) && notYetRead.includes(state) ? unread : undefined,
    tellsDelivery.includes(channel) && notYetDelivered.includes(state) ? undelivered : undefined,
  ].filter((wait) => wait !== undefined)
  const since = attempt.sentAt ?? attempt.calledAt ?? attempt.at
  const at = instant(since + Math.min(...waits))
  return at < window.until ? at : undefined
}

/** It was given its time: another hop may carry the message now. */
export function hasLapsed(request: MessageRequest, attempt: Attempt, now: Instant): boolean {
  const at = fallbackAt(request, attempt)
  return at !== undefined && at <= now
}

export type HandedOver =
  /** The intent is fulfilled, unless the delivery fails. */
  | { status: 'completed'; reason: undefined; handedOverAt: undefined }
  /** It is judged again then. */
  | { status: 'active'; reason: undefined; dueAt: Instant; handedOverAt: Instant }

/** What becomes of a request of which these attempts were handed over; `undefined` where its fallback is due, or it waits already. */
export function afterHandOver(
  request: MessageRequest,
  attempts: Attempt[],
  now: Instant,
): HandedOver | undefined {
  const waits = request.status === 'active' && request.handedOverAt !== undefined
  if (waits && attempts.some((attempt) => hasLapsed(request, attempt, now))) return undefined
  const dueAt = nextFallback(request, attempts, now)
  if (dueAt === undefined) return { status: 'completed', reason: undefined, handedOverAt: undefined }
  if (waits && request.dueAt === dueAt) return undefined
  return { status: 'active', reason: undefined, dueAt, handedOverAt: request.handedOverAt ?? now }
}

/** When the request is due again; `undefined` where nothing is left to wait for. */
function nextFallback(request: MessageRequest, attempts: Attempt[], now: Instant): Instant | undefined {
  const times = attempts.flatMap((attempt) => fallbackAt(request, attempt) ?? []).filter((at) => at > now)
  return times.length > 0 ? instant(Math.min(...times)) : undefined
}
