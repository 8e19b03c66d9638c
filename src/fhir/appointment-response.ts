/** AppointmentResponse: what the patient answered to a visit's question. */
import type { AppointmentResponse } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { naming } from './codes.ts'
import { toReference } from './reference.ts'

/** One per inbound message, so that reading it twice answers once. */
export function answerIdentifier(message: Reference): { system: string; value: string } {
  return { system: naming.answer, value: message.replace('/', '-') }
}

export function toAppointmentResponse(answer: {
  visit: Reference
  patient: Reference
  message: Reference
  participantStatus: 'accepted' | 'declined'
}): AppointmentResponse {
  return {
    resourceType: 'AppointmentResponse',
    identifier: [answerIdentifier(answer.message)],
    appointment: toReference(answer.visit),
    actor: toReference(answer.patient),
    participantStatus: answer.participantStatus,
  }
}
