/**
 * May a message that ended without arriving be tried once more? A retry is another round over the whole routing plan,
 * judged anew like every send. Never where something may have arrived, or where the patient said no.
 */
import type { Attempt } from './attempt.ts'
import { placeOf } from './attempt.ts'
import { hasFailed, mayHaveLeft } from './delivery.ts'
import type { MessageRequest } from './message-request.ts'
import { type Reason, reasons } from './reason.ts'
import { after, hour, type Instant } from './time.ts'

export type RetryDecision =
  | { kind: 'retry'; change: RetryChange }
  /** One sentence for people. */
  | { kind: 'refused'; error: string }

export interface RetryChange {
  status: 'active'
  reason: undefined
  round: number
  dueAt: Instant
  window: MessageRequest['window']
}

export interface RetryFacts {
  request: MessageRequest
  /** Every attempt for this request, of all rounds. */
  attempts: Attempt[]
  /** Useless from then on, where the message gets another end than it had. */
  until?: Instant
  now: Instant
}

/**
 * What has to happen before a retry makes sense: `time` mends by itself, `hand` when someone corrected something, and
 * `nothing` cannot be mended: another message has to be written.
 */
type Mends = 'time' | 'hand' | 'nothing'

const mends: Record<Reason, Mends> = {
  // A record is found, restored or opened by staff; reminders of one that is there again come by themselves.
  'patient-missing': 'hand',
  'patient-deceased': 'nothing',
  'patient-inactive': 'hand',
  'patient-restricted': 'hand',
  // An address is corrected in the chart.
  'no-address': 'hand',
  'invalid-address': 'hand',
  'not-a-mobile': 'hand',
  'own-address': 'hand',
  // The patient, or whoever shares the address, said no.
  'address-suppressed': 'nothing',
  'host-opt-out': 'nothing',
  'opted-out': 'nothing',
  'provider-opt-out': 'nothing',
  // A consent is given or widened.
  'no-consent': 'hand',
  'category-excepted': 'hand',
  'purpose-not-permitted': 'hand',
  'consent-expired': 'hand',
  // Its time was over before it could go.
  'quiet-hours': 'hand',
  'not-yet-due': 'hand',
  expired: 'hand',
  'frequency-cap': 'hand',
  // What it said of the visit is not true any more; a visit that is back gets its reminders by itself.
  'visit-missing': 'nothing',
  'visit-cancelled': 'nothing',
  'visit-moved': 'nothing',
  'visit-declined': 'nothing',
  'already-confirmed': 'nothing',
  merged: 'nothing',
  'visit-over': 'nothing',
  'visit-without-patient': 'nothing',
  'visit-without-start': 'nothing',
  'visit-without-zone': 'nothing',
  'rule-changed': 'nothing',
  // A template is completed, approved or brought back; what a message itself lacks it lacks for good.
  'no-template': 'hand',
  'missing-value': 'hand',
  'unreadable-request': 'nothing',
  'no-content': 'nothing',
  'file-missing': 'hand',
  'template-not-approved': 'hand',
  'template-refused': 'hand',
  // A sender is set up.
  'content-not-carried': 'hand',
  'no-sender': 'hand',
  'country-not-served': 'hand',
  'sender-misconfigured': 'hand',
  'recipient-not-allowed': 'hand',
  // The patient writes by WhatsApp.
  'outside-window': 'hand',
  // The company said no to this very message.
  rejected: 'hand',
  'invalid-recipient': 'hand',
  'content-refused': 'nothing',
  'file-refused': 'nothing',
  'policy-refused': 'hand',
  // A phone was off, a company was down, a limit was reached.
  'recipient-unreachable': 'time',
  'provider-unreachable': 'time',
  'sender-resting': 'time',
  // A carrier gave it up; whether it will the next time, nobody knows.
  undelivered: 'hand',
  // It may have arrived.
  'no-answer': 'nothing',
  'no-receipt': 'nothing',
  withdrawn: 'nothing',
}

/** By hand: whatever someone may have mended. */
export function decideRetry(facts: RetryFacts): RetryDecision {
  const { request, attempts, now } = facts
  const against = againstRequest(request, attempts) ?? againstReason(request, attempts)
  if (against) return { kind: 'refused', error: against }
  const until = facts.until ?? request.window.until
  if (until <= now)
    return {
      kind: 'refused',
      error: facts.until
        ? 'The new end of its time is over already.'
        : 'The time of this message is over: say until when it is useful now.',
    }
  const round = (request.round ?? 0) + 1
  const change = {
    status: 'active',
    reason: undefined,
    round,
    dueAt: now,
    window: { from: now, until },
  } as const
  return { kind: 'retry', change }
}

const mostRounds = 3
const restsFor = hour

/** Judged by the reason that stands on the request, before anything more is read. */
export function passesByItself({ reason }: Pick<MessageRequest, 'reason'>): boolean {
  return reason !== undefined && mends[reason] === 'time'
}

/** By the clock: only what passes by itself, a few times, and not too soon. */
export function decideAutomaticRetry(facts: RetryFacts): RetryDecision {
  const { request, attempts, now } = facts
  const { round = 0 } = request
  if (!passesByItself(request)) return { kind: 'refused', error: 'It does not pass by itself.' }
  if (round + 1 >= mostRounds) return { kind: 'refused', error: 'It was tried often enough.' }
  const failedAt = Math.max(request.changedAt ?? 0, ...attempts.map(({ at }) => at))
  if (now < after(failedAt as Instant, restsFor))
    return { kind: 'refused', error: 'It failed only just now.' }
  return decideRetry(facts)
}

function againstRequest(request: MessageRequest, attempts: Attempt[]): string | undefined {
  if (request.forbidden) return reasons['host-opt-out']
  if (request.redacted) return 'What this message said was removed: write another.'
  if (attempts.some(({ state }) => state === 'unknown'))
    return 'Nobody knows yet whether this message arrived: a second one could be too many.'
  const left = attempts.filter(({ state }) => mayHaveLeft(state))
  if (left.some(({ state }) => state === 'delivered' || state === 'read'))
    return 'This message has arrived: there is nothing to retry.'
  if (left.length > 0 && request.status === 'completed')
    return 'This message was handed over, and nothing says that it failed.'
  if (left.length > 0 || request.status === 'active' || request.status === 'on-hold')
    return 'This message is still on its way.'
  return request.status === 'revoked' || request.status === 'completed'
    ? undefined
    : 'This message was not sent yet: there is nothing to retry.'
}

function againstReason(request: MessageRequest, attempts: Attempt[]): string | undefined {
  const optedOut = attempts.find(({ reason }) => reason === 'provider-opt-out')
  const reason = optedOut?.reason ?? request.reason ?? lastFailure(request, attempts)?.reason
  if (!reason) return 'It is not known why this message ended: write another.'
  return mends[reason] === 'nothing' ? reasons[reason] : undefined
}

function lastFailure({ round = 0 }: MessageRequest, attempts: Attempt[]): Attempt | undefined {
  return attempts
    .filter(({ attemptId, state }) => hasFailed(state) && placeOf(attemptId)?.round === round)
    .toSorted((a, b) => b.at - a.at)[0]
}
