/** AppointmentResponse: what the patient answered to a visit's question. */
import type { AppointmentResponse } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { type Instant, parseInstant, toIso } from '../domain/time.ts'
import { naming, profile } from './codes.ts'
import { fromReference, toReference } from './reference.ts'

/** One per inbound message, so that reading it twice answers once. */
export function answerIdentifier(message: Reference): { system: string; value: string } {
  return { system: naming.answer, value: message.replace('/', '-') }
}

export function toAppointmentResponse(answer: {
  visit: Reference
  patient: Reference
  message: Reference
  participantStatus: 'accepted' | 'declined'
  /** Which start it answers: the visit may be moved later. */
  start: Instant | undefined
}): AppointmentResponse {
  return {
    resourceType: 'AppointmentResponse',
    meta: { profile: [profile.visitAnswer] },
    identifier: [answerIdentifier(answer.message)],
    appointment: toReference(answer.visit),
    start: answer.start === undefined ? undefined : toIso(answer.start),
    actor: toReference(answer.patient),
    participantStatus: answer.participantStatus,
  }
}

/** The start that the patient declined last; `undefined` when nothing says which. */
export function declinedStart(responses: AppointmentResponse[], patient: Reference): Instant | undefined {
  return answeredStart(responses, patient, 'declined')
}

/** The start that the patient accepted, where that was the last word; `undefined` when nothing says which. */
export function acceptedStart(responses: AppointmentResponse[], patient: Reference): Instant | undefined {
  return answeredStart(responses, patient, 'accepted')
}

function answeredStart(
  responses: AppointmentResponse[],
  patient: Reference,
  answer: AppointmentResponse['participantStatus'],
): Instant | undefined {
  const own = responses.filter(({ actor }) => fromReference(actor) === patient)
  const latest = own.toSorted((a, b) =>
    (b.meta?.lastUpdated ?? '').localeCompare(a.meta?.lastUpdated ?? ''),
  )[0]
  return latest?.participantStatus === answer ? parseInstant(latest.start) : undefined
}
