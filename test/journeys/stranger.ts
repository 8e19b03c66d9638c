/** A stranger's script: an EMR's FHIR interface with `sandbox-admin`, and the people and visits that it brings. */
import type { Appointment, Bundle, Consent, FhirResource, Patient } from 'fhir/r4'

type Type = FhirResource['resourceType']
export type Stored<T extends FhirResource> = T & { id: string }
type Of<K extends Type> = Stored<Extract<FhirResource, { resourceType: K }>>
type Query = Record<string, string>

export interface NewPatient {
  reference: `Patient/${string}`
  phone: string
}

/** As `sandbox/emr/faults.ts` takes it. */
export interface Fault {
  answer: string
  at?: 'fhir' | 'metadata' | 'token'
  for?: number
  match?: string
  type?: string
  after?: number
  retryAfter?: number
}

export interface Stranger {
  fhirUrl: string
  create<R extends FhirResource>(resource: R): Promise<Stored<R>>
  read<K extends Type>(type: K, id: string): Promise<Of<K>>
  search<K extends Type>(type: K, query: Query): Promise<Of<K>[]>
  change<R extends FhirResource>(resource: Stored<R>): Promise<Stored<R>>
  /** A new person with a mobile of their own; `agrees` adds a permit Consent. */
  admit(wishes?: { language?: string; given?: string; agrees?: boolean }): Promise<NewPatient>
  /** A permit Consent for a person who has none. */
  agree(patient: NewPatient): Promise<Stored<Consent>>
  book(
    patient: NewPatient,
    wishes?: Partial<Appointment> & { inHours?: number },
  ): Promise<Stored<Appointment>>
  /** The EMR has a bad day. */
  misbehave(fault: Fault): Promise<void>
  behave(): Promise<void>
  /** How many requests met a fault so far. */
  misbehaved(): Promise<number>
}

const hour = 3_600_000

export function createStranger(fhirUrl: string): Stranger {
  const call = createCall()
  let people = 0
  const create: Stranger['create'] = (resource) =>
    call('POST', `${fhirUrl}/${resource.resourceType}`, resource)
  const faults = new URL('/sandbox/faults', fhirUrl).href
  return {
    fhirUrl,
    create,
    read: (type, id) => call('GET', `${fhirUrl}/${type}/${id}`),
    change: (resource) => call('PUT', `${fhirUrl}/${resource.resourceType}/${resource.id}`, resource),
    async search<K extends Type>(type: K, query: Query) {
      const bundle = await call<Bundle>('GET', `${fhirUrl}/${type}?${new URLSearchParams(query)}&_count=200`)
      return (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource as Of<K>] : []))
    },
    async admit({ language = 'en', given = 'Robin', agrees = true } = {}) {
      people += 1
      const phone = `+97155${String(1_000_000 + people)}`
      const patient = await create(newPatient({ phone, language, given }))
      const reference = `Patient/${patient.id}` as const
      if (agrees) await create(permit(reference))
      return { reference, phone }
    },
    agree: ({ reference }) => create(permit(reference)),
    book: (patient, { inHours = 24, ...rest } = {}) => create(newVisit(patient.reference, inHours, rest)),
    misbehave: (fault) => call('POST', faults, fault),
    behave: () => call('DELETE', faults),
    misbehaved: async () => (await call<{ met: number }>('GET', faults)).met,
  }
}

function createCall() {
  return async <T>(method: string, url: string, body?: object): Promise<T> => {
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: 'Bearer sandbox-admin',
        accept: 'application/fhir+json',
        // HAPI answers a search with what it found a minute ago.
        'cache-control': 'no-cache',
        'content-type': url.includes('/fhir') ? 'application/fhir+json' : 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`The EMR answered ${answer.status} to ${method} ${new URL(url).pathname}`)
    return (text && JSON.parse(text)) as T
  }
}

function newPatient(person: { phone: string; language: string; given: string }): Patient {
  return {
    resourceType: 'Patient',
    active: true,
    name: [{ given: [person.given], family: 'Journey' }],
    telecom: [{ system: 'phone', use: 'mobile', value: person.phone }],
    communication: [
      { language: { coding: [{ system: 'urn:ietf:bcp:47', code: person.language }] }, preferred: true },
    ],
  }
}

/** As a stranger writes it: of messaging, but with no channel, no address and no purpose of ours. */
function permit(patient: string): Consent {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: patient },
    dateTime: new Date(Date.now() - hour).toISOString(),
    policyRule: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTIN' }] },
    provision: {
      type: 'permit',
      class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Communication' }],
    },
  }
}

function newVisit(patient: string, inHours: number, rest: Partial<Appointment>): Appointment {
  return {
    resourceType: 'Appointment',
    status: 'booked',
    start: hoursAhead(inHours),
    end: hoursAhead(inHours + 0.5),
    participant: [
      { actor: { reference: patient }, status: 'needs-action' },
      { actor: { reference: 'Practitioner/practitioner-saleh' }, status: 'accepted' },
      { actor: { reference: 'Location/location-dubai' }, status: 'accepted' },
    ],
    ...rest,
  }
}

/** On the full minute, as visits are. */
export function hoursAhead(hours: number): string {
  return new Date(Math.floor((Date.now() + hours * hour) / 60_000) * 60_000).toISOString()
}
