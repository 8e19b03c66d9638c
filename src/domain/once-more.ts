/**
 * One more copy of an urgent message of which nobody can say whether it left: rather twice than never, where the clinic's
 * settings say so. Exactly one: the attempt that may be a duplicate says so of itself, and is never followed by another.
 */
import { type Attempt, attemptId } from './attempt.ts'
import { mayHaveLeft } from './delivery.ts'
import { silentAfter } from './look-up.ts'
import type { MessageRequest, Reference } from './message-request.ts'
import type { ClinicSettings } from './settings.ts'
import type { Instant } from './time.ts'

/** Its answer was never seen. A message that was taken and then fell silent is not: that one has left. */
export function isUnanswered({ state, reason }: Attempt): boolean {
  return state === 'unknown' && reason === 'no-answer'
}

/** What the settings say of its category; for those the company is asked, and asked again when it could not tell. */
export function mayBeResent(attempt: Attempt, { unknown }: Pick<ClinicSettings, 'unknown'>): boolean {
  const category = attempt.category === 'patient-message' ? 'conversation' : attempt.category
  return isUnanswered(attempt) && unknown[category] === 'urgent-once-more'
}

export interface OnceMoreFacts {
  attempt: Attempt
  request: MessageRequest
  /** Every attempt for the request, this one among them. */
  attempts: Attempt[]
  settings: Pick<ClinicSettings, 'unknown'>
  now: Instant
}

/** Asked once the company could not tell. */
export function mayGoOnceMore({ attempt, request, attempts, settings, now }: OnceMoreFacts): boolean {
  const isUrgent = request.priority === 'urgent' || request.priority === 'stat'
  const waits =
    request.status === 'active' || (request.status === 'on-hold' && request.reason === 'no-answer')
  const others = attempts.filter(({ attemptId: id }) => id !== attempt.attemptId)
  return (
    mayBeResent(attempt, settings) &&
    isUrgent &&
    waits &&
    !request.forbidden &&
    now < request.window.until &&
    // Until then its answer, or a callback, may still come.
    now - attempt.at >= silentAfter &&
    attempts.every(({ possibleDuplicate }) => !possibleDuplicate) &&
    others.every(({ state }) => !mayHaveLeft(state))
  )
}

/** From then on it stands in the way of one more copy no longer; until a callback comes, or somebody takes it. */
export function released(attempt: Attempt, now: Instant): Attempt {
  return { ...attempt, nextAttemptAt: now }
}

export function isReleased(attempt: Attempt): boolean {
  return isUnanswered(attempt) && !attempt.possibleDuplicate && attempt.nextAttemptAt !== undefined
}

/** Its copy is on file: what becomes of the request is the copy's affair. */
export function hasCopy(attempt: Attempt, attempts: Attempt[]): boolean {
  return isUnanswered(attempt) && !attempt.possibleDuplicate && attempts.some((one) => one.possibleDuplicate)
}

/** Whoever sends now cannot know whether the patient has it already. */
export function isPossibleDuplicate(attempts: Attempt[]): boolean {
  return attempts.some(isUnanswered)
}

/** A copy has an id of its own, so that the callbacks of the two are told apart. */
export function nextAttemptId(
  { request, attempts }: { request: Pick<MessageRequest, 'reference' | 'round'>; attempts: Attempt[] },
  hop: number,
): string {
  const id = attemptId(idOf(request.reference), hop, request.round)
  return isPossibleDuplicate(attempts) ? `${id}_again` : id
}

function idOf(reference: Reference = ''): string {
  return reference.slice(reference.indexOf('/') + 1)
}
