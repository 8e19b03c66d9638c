/** What booking, moving and cancelling do to an Appointment. Pure; the pages read and write. */
import type { Appointment, AppointmentParticipant, Patient, Practitioner } from 'fhir/r4'
import type { Temporal } from 'temporal-polyfill'
import type { Stored } from '../repository.ts'
import { displayName } from './person.ts'
import { toFhirInstant } from './wall-clock.ts'

export const visitServices = [
  'Check-up',
  'Follow-up',
  'Blood test',
  'Vaccination',
  'Physiotherapy',
  'Consultation',
]

/** http://hl7.org/fhir/R4/valueset-appointment-cancellation-reason.html */
export const cancellationReasons = { pat: 'Patient', prov: 'Provider' } as const
export type CancellationReason = keyof typeof cancellationReasons

const minutesPerVisit = 30

export interface Booking {
  patient: Stored<Patient>
  practitioner: Stored<Practitioner>
  location: { id: string; name?: string }
  start: Temporal.ZonedDateTime
  service: string
  status: 'booked' | 'proposed'
}

export function bookVisit(booking: Booking): Appointment {
  const { patient, practitioner, location, start, service, status } = booking
  return {
    resourceType: 'Appointment',
    status,
    serviceType: [{ text: service }],
    description: service,
    ...times(start, minutesPerVisit),
    participant: [
      participant(`Patient/${patient.id}`, displayName(patient), 'needs-action'),
      participant(`Practitioner/${practitioner.id}`, displayName(practitioner), 'accepted'),
      participant(`Location/${location.id}`, location.name, 'accepted'),
    ],
  }
}

/** Same id, same length; whoever has said yes to the old time is asked again. */
export function moveVisit(visit: Stored<Appointment>, start: Temporal.ZonedDateTime): Stored<Appointment> {
  return {
    ...visit,
    ...times(start, minutesOf(visit)),
    participant: visit.participant.map((one) =>
      isPatient(one) ? { ...one, status: 'needs-action' as const } : one,
    ),
  }
}

export function cancelVisit(visit: Stored<Appointment>, reason: CancellationReason): Stored<Appointment> {
  const coding = {
    system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason',
    code: reason,
    display: cancellationReasons[reason],
  }
  return { ...visit, status: 'cancelled', cancelationReason: { coding: [coding] } }
}

/** May it still be moved or cancelled? */
export function isOpen(visit: Appointment): boolean {
  return ['proposed', 'pending', 'booked'].includes(visit.status)
}

export function titleOf(visit: Appointment): string {
  return visit.serviceType?.[0]?.text ?? visit.description ?? 'Visit'
}

export function actorOf(
  visit: Appointment,
  type: 'Practitioner' | 'Location',
): AppointmentParticipant['actor'] {
  return visit.participant.find(({ actor }) => actor?.reference?.startsWith(`${type}/`))?.actor
}

export function patientsOf(visit: Appointment): AppointmentParticipant[] {
  return visit.participant.filter(isPatient)
}

export function idOf(reference: string | undefined): string | undefined {
  return reference?.split('/').at(-1)
}

function isPatient({ actor }: AppointmentParticipant): boolean {
  return actor?.reference?.startsWith('Patient/') ?? false
}

function minutesOf(visit: Appointment): number {
  if (!visit.start || !visit.end) return minutesPerVisit
  return (Date.parse(visit.end) - Date.parse(visit.start)) / 60_000 || minutesPerVisit
}

function times(start: Temporal.ZonedDateTime, minutes: number) {
  return { start: toFhirInstant(start), end: toFhirInstant(start.add({ minutes })), minutesDuration: minutes }
}

function participant(
  reference: string,
  display: string | undefined,
  status: AppointmentParticipant['status'],
): AppointmentParticipant {
  return { actor: { reference, display }, status }
}
