/** What a stranger finds in the EMR about our messages. Read as plain FHIR, not with our own code. */
import type { Appointment, Communication, CommunicationRequest } from 'fhir/r4'
import type { NewPatient, Stored, Stranger } from './stranger.ts'

const category = 'https://qasid.dev/fhir/CodeSystem/message-category'
const attemptId = 'https://qasid.dev/fhir/NamingSystem/attempt-id'

/** The requests of a visit, earliest first. */
export async function requestsAbout(
  stranger: Stranger,
  visit: Stored<Appointment>,
): Promise<Stored<CommunicationRequest>[]> {
  const found = await stranger.search('CommunicationRequest', { 'based-on': `Appointment/${visit.id}` })
  return found.toSorted((a, b) => String(a.occurrenceDateTime).localeCompare(String(b.occurrenceDateTime)))
}

/** What is still planned for a visit. */
export async function plannedFor(stranger: Stranger, visit: Stored<Appointment>) {
  return (await requestsAbout(stranger, visit)).filter(({ status }) => status === 'active')
}

/** Attempts to tell the patient something, by what they belong to. */
export async function attemptsOf(
  stranger: Stranger,
  patient: NewPatient,
  request?: Stored<CommunicationRequest>,
): Promise<Stored<Communication>[]> {
  const found = await stranger.search('Communication', { subject: patient.reference })
  return found.filter(
    ({ identifier, basedOn }) =>
      identifier?.some(({ system }) => system === attemptId) &&
      (!request || basedOn?.some(({ reference }) => reference === `CommunicationRequest/${request.id}`)),
  )
}

export function attemptIdOf(attempt: Communication): string {
  return attempt.identifier?.find(({ system }) => system === attemptId)?.value ?? ''
}

/** What the patient wrote. */
export async function patientMessages(stranger: Stranger, patient: NewPatient) {
  const found = await stranger.search('Communication', { subject: patient.reference })
  return found.filter((one) =>
    one.category?.some(({ coding }) =>
      coding?.some(({ system, code }) => system === category && code === 'patient-message'),
    ),
  )
}

/** Codes of a status reason or a task, whatever their systems. */
export function codesOf(concept: { coding?: { code?: string }[] } | undefined): string[] {
  return (concept?.coding ?? []).flatMap(({ code }) => code ?? [])
}

/** Milliseconds between the planned time and the visit. */
export function leadOf(request: CommunicationRequest, visit: Appointment): number {
  return Date.parse(visit.start ?? '') - Date.parse(request.occurrenceDateTime ?? '')
}
