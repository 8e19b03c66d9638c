/** What the `Emr` contract writes, under names of its own. */
import type { Appointment, CommunicationRequest, Patient } from 'fhir/r4'
import type { Emr } from '../../src/flows/ports.ts'

export const system = 'https://example.org/contract'

export function request(key: string, facts: Partial<CommunicationRequest> = {}): CommunicationRequest {
  return {
    resourceType: 'CommunicationRequest',
    status: 'active',
    identifier: [{ system, value: key }],
    ...facts,
  }
}

export function visit(facts: Partial<Appointment> = {}): Appointment {
  return {
    resourceType: 'Appointment',
    status: 'booked',
    start: '2026-11-20T10:00:00+03:00',
    end: '2026-11-20T10:30:00+03:00',
    // By name only: some servers refuse a reference to what is not there.
    participant: [{ actor: { display: 'Somebody' }, status: 'accepted' }],
    ...facts,
  }
}

/** The reference of a new patient. */
export async function person(emr: Emr, facts: Partial<Patient> = {}): Promise<string> {
  const { resource } = await emr.create<Patient>({ resourceType: 'Patient', active: true, ...facts })
  return `Patient/${resource.id}`
}
