/** An EMR's own staff: they admit and book behind its FHIR interface, whatever that lets others do. */
import type { Appointment, Consent, Patient } from 'fhir/r4'
import { hoursAhead, type NewPatient, type Stored, type Stranger } from './stranger.ts'

export interface Staff {
  /** With a permit: in the EMR, or in the store beside it. */
  admit(store: Stranger | undefined): Promise<NewPatient>
  book(patient: NewPatient, wishes?: { inHours?: number }): Promise<Stored<Appointment>>
  /** `Type/id` of all that is there, and `client id` of all who may sign in. */
  held(): Promise<string[]>
  heldOf(type: string): Promise<string[]>
}

let people = 0

export function createStaff(emrUrl: string): Staff {
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${emrUrl}/sandbox/records${path}`, {
      method,
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`The EMR answered its own staff ${answer.status} to ${method} ${path}`)
    return answer.json()
  }
  const put = async <R extends { resourceType: string; id: string }>(resource: R): Promise<R> => {
    await call('PUT', `/${resource.resourceType}/${resource.id}`, resource)
    return resource
  }
  const held = async () => {
    const { resources, clients } = (await call('GET', '')) as {
      resources: { type: string; id: string }[]
      clients: { id: string }[]
    }
    return [...resources.map(({ type, id }) => `${type}/${id}`), ...clients.map(({ id }) => `client ${id}`)]
  }
  return {
    held,
    heldOf: async (type) => (await held()).filter((one) => one.startsWith(`${type}/`)),
    async admit(store) {
      people += 1
      const id = `journey-${people}`
      const phone = `+97155${String(2_000_000 + people)}`
      await put(person(id, phone))
      const reference = `Patient/${id}` as const
      const consent = permit(store ? `${emrUrl}/fhir/${reference}` : reference)
      if (store) await store.create(consent)
      else await put({ ...consent, id: `journey-permit-${people}` })
      return { reference, phone }
    },
    async book({ reference }, { inHours = 24 } = {}) {
      people += 1
      return put(visit(`journey-visit-${people}`, reference, inHours))
    },
  }
}

function person(id: string, phone: string): Stored<Patient> {
  return {
    ...{ resourceType: 'Patient', id, active: true, name: [{ given: ['Robin'], family: 'Journey' }] },
    telecom: [{ system: 'phone', use: 'mobile', value: phone }],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en' }] }, preferred: true }],
  }
}

function permit(patient: string): Consent {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [
      { coding: [{ system: 'http://loinc.org', code: '59284-0' }] },
      { coding: [{ system: 'https://qasid.dev/fhir/CodeSystem/consent-category', code: 'messaging' }] },
    ],
    patient: { reference: patient },
    dateTime: new Date(Date.now() - 3_600_000).toISOString(),
    policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTIN' }] },
    provision: {
      type: 'permit',
      class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Communication' }],
    },
  }
}

function visit(id: string, patient: string, inHours: number): Stored<Appointment> {
  return {
    ...{ resourceType: 'Appointment', id, status: 'booked' },
    start: hoursAhead(inHours),
    end: hoursAhead(inHours + 0.5),
    participant: [
      { actor: { reference: patient }, status: 'needs-action' },
      { actor: { reference: 'Practitioner/practitioner-saleh' }, status: 'accepted' },
      { actor: { reference: 'Location/location-dubai' }, status: 'accepted' },
    ],
  }
}
