/** Four people of the sample clinic, and their visits. Each is in the journey for one thing that happens. */
import type { Appointment, Consent, FhirResource, Patient } from 'fhir/r4'
import { sampleClinic } from '../../../sandbox/clinic/sample-clinic.ts'

const ids = {
  answers: 'patient-spaced-number',
  moves: 'patient-group-1',
  stops: 'patient-sms-only',
  neverAgreed: 'patient-no-consent',
} as const
export type Who = keyof typeof ids

export interface SamplePeople {
  /** Ordered so that what is referred to comes first. */
  clinic: FhirResource[]
  consents: Consent[]
  phoneOf(who: Who): string
}

const clinicTypes = ['Organization', 'Location', 'Practitioner', 'PractitionerRole']

export function samplePeople(today: Date): SamplePeople {
  const all = sampleClinic({ seed: 1, today })
  const people = Object.values(ids).map((id) => findPatient(all, id))
  const references = people.map(({ id }) => `Patient/${id}`)
  return {
    clinic: [...all.filter(({ resourceType }) => clinicTypes.includes(resourceType)), ...people],
    consents: all
      .filter((one) => one.resourceType === 'Consent')
      .filter(({ patient }) => references.includes(patient?.reference ?? '')),
    phoneOf: (who) => mobileOf(findPatient(all, ids[who])),
  }
}

export function patientOf(who: Who): string {
  return `Patient/${ids[who]}`
}

/** On a full minute, as visits are. */
export function visitOf(who: Who, inHours: number): Appointment & { id: string } {
  const start = Math.floor(Date.now() / 60_000) * 60_000 + inHours * 3_600_000
  return {
    resourceType: 'Appointment',
    id: `visit-of-${ids[who]}`,
    status: 'booked',
    start: new Date(start).toISOString(),
    end: new Date(start + 1_800_000).toISOString(),
    participant: [
      { actor: { reference: patientOf(who) }, status: 'needs-action' },
      { actor: { reference: 'Practitioner/practitioner-saleh' }, status: 'accepted' },
      { actor: { reference: 'Location/location-dubai' }, status: 'accepted' },
    ],
  }
}

function findPatient(all: FhirResource[], id: string): Patient & { id: string } {
  const found = all.find((one) => one.resourceType === 'Patient' && one.id === id)
  if (!found) throw new Error(`the sample clinic has no ${id}`)
  return found as Patient & { id: string }
}

function mobileOf({ telecom }: Patient): string {
  const number = telecom?.find(({ system }) => system === 'phone')?.value ?? ''
  return number.replaceAll(' ', '')
}
