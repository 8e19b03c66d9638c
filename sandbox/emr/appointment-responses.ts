/**
 * As in a real EMR, an answer to a visit reaches the visit: an AppointmentResponse sets the status of its
 * actor among the Appointment's participants.
 */
import type { AppointmentParticipant } from 'fhir/r4'
import type { Change } from './fhir-repository.ts'
import type { Repository } from './repository.ts'

type Answer = AppointmentParticipant['status']

const answers: readonly string[] = ['accepted', 'declined', 'tentative', 'needs-action'] satisfies Answer[]

export function createAnswerListener(repository: Repository): (change: Change) => Promise<void> {
  return async ({ kind, record }) => {
    if (record.resourceType !== 'AppointmentResponse' || kind === 'deleted') return
    const { actor, participantStatus } = record
    if (!actor?.reference || !answers.includes(participantStatus)) return
    const id = record.appointment.reference?.match(/^Appointment\/([^/]+)$/)?.[1]
    const appointment = id && (await repository.read('Appointment', id))
    if (!appointment) return
    const participant = appointment.participant.map((one) =>
      one.actor?.reference === actor.reference ? { ...one, status: participantStatus as Answer } : one,
    )
    const isNews = participant.some((one, index) => one.status !== appointment.participant[index]?.status)
    if (isNews) await repository.update({ ...appointment, participant })
  }
}
