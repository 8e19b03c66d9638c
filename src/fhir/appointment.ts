/** Appointment → Visit, with what its Location, Practitioner and the clinic's settings know besides. */
import type { Appointment, Element, FhirResource, Location } from 'fhir/r4'
import { isZone, parseInstant } from '../domain/time.ts'
import type { Visit, VisitStatus } from '../domain/visit.ts'
import { fromReference, referenceTo } from './reference.ts'
import { zoneExtension } from './zone.ts'

export interface ZoneFallback {
  /** `Location/id` → IANA zone. */
  zones: Record<string, string>
  zone?: string
}

/** `around` holds the resources that the appointment refers to, as far as they were found. */
export function fromAppointment(
  appointment: Appointment,
  around: FhirResource[],
  fallback: ZoneFallback,
): Visit {
  const actors = (appointment.participant ?? []).map((participant) => fromReference(participant.actor))
  const byReference = new Map(around.map((resource) => [referenceTo(resource), resource]))
  const places = actors.filter((actor) => actor?.startsWith('Location/'))
  const place = places
    .map((actor) => byReference.get(actor ?? ''))
    .find((one) => one?.resourceType === 'Location')
  return {
    reference: referenceTo(appointment),
    status: appointment.status as VisitStatus,
    start: parseInstant(appointment.start),
    zone: zoneOf(appointment, place as Location | undefined, places[0], fallback),
    patients: patientsOf(appointment),
    place: (place as Location | undefined)?.name ?? displayOf(appointment, 'Location/'),
    practitioner: practitionerOf(appointment, byReference),
    changedAt: parseInstant(appointment.meta?.lastUpdated) ?? parseInstant(appointment.created),
  }
}

/** Each patient once: some EMRs list the same one twice, as subject and as attender. */
function patientsOf(appointment: Appointment): Visit['patients'] {
  const answers = new Map<string, Set<string | undefined>>()
  for (const { actor, status } of appointment.participant ?? []) {
    const reference = fromReference(actor)
    if (!reference?.startsWith('Patient/')) continue
    answers.set(reference, (answers.get(reference) ?? new Set()).add(status))
  }
  return [...answers].map(([reference, said]) => ({
    reference,
    confirmed: said.has('accepted'),
    ...(said.has('declined') && !said.has('accepted') && { declined: true }),
  }))
}

function zoneOf(
  appointment: Appointment & { _start?: Element },
  place: Location | undefined,
  placeReference: string | undefined,
  fallback: ZoneFallback,
): string | undefined {
  const candidates = [
    zoneExtension(appointment._start),
    zoneExtension(appointment),
    zoneExtension(place),
    placeReference && fallback.zones[placeReference],
    fallback.zone,
  ]
  return candidates.find(isZone)
}

function practitionerOf(appointment: Appointment, around: Map<string, FhirResource>): string | undefined {
  for (const participant of appointment.participant ?? []) {
    const found = around.get(fromReference(participant.actor) ?? '')
    if (found?.resourceType !== 'Practitioner') continue
    const name = found.name?.[0]
    const full =
      name?.text ?? [...(name?.prefix ?? []), ...(name?.given ?? []), name?.family].filter(Boolean).join(' ')
    if (full) return full
  }
  return displayOf(appointment, 'Practitioner/')
}

function displayOf(appointment: Appointment, type: string): string | undefined {
  return appointment.participant?.find((one) => fromReference(one.actor)?.startsWith(type))?.actor?.display
}
