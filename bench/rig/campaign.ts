/**
 * A campaign as the EMR would hold it: one invented patient, one permit and one due request for each message. Each
 * patient has a number of their own, so that the carrier's ledger alone tells who was written to how often.
 */
import type { Communication, CommunicationRequest, FhirResource, Patient } from 'fhir/r4'
import { permits } from '../../sandbox/clinic/consents.ts'
import { organization, places } from '../../sandbox/clinic/places.ts'
import { naming, profile, system } from '../../src/fhir/codes.ts'
import { markOf } from './carrier-ledger.ts'

export interface Campaign {
  name: string
  /** Of its patients and requests: `bench-a-000001` … */
  ids: string[]
  resources: FhirResource[]
  /** Where each request goes. */
  numbers: Map<string, string>
  /** The ledger's mark of each request's address. */
  marks: Map<string, string>
}

type Kept = FhirResource & { id: string }

/** `from` keeps the numbers of two campaigns apart. */
export function makeCampaign(
  name: string,
  count: number,
  wishes: { from?: number; dueAt?: Date } = {},
): Campaign {
  const { from = 0, dueAt = new Date(Date.now() - 1_000) } = wishes
  const [place] = places
  if (!place) throw new Error('The sample clinic has no place')
  const made = Array.from({ length: count }, (_, index) => {
    const id = `bench-${name}-${String(index).padStart(6, '0')}`
    const mobile = `+97150${1_000_000 + from + index}`
    const patient = patientOf(id, mobile, from + index)
    const consents = permits({ patient, place, mobile }, ['sms'], '2026-01-01T00:00:00Z') as Kept[]
    return { id, mobile, resources: [patient, ...consents, requestOf(id, dueAt)] }
  })
  return {
    ...{ name, ids: made.map(({ id }) => id), resources: made.flatMap(({ resources }) => resources) },
    numbers: new Map(made.map(({ id, mobile }) => [id, mobile])),
    marks: new Map(made.map(({ id, mobile }) => [id, markOf(mobile)])),
  }
}

function patientOf(id: string, mobile: string, number: number): Patient & { id: string } {
  return {
    ...{ resourceType: 'Patient', id, active: true },
    name: [{ given: ['Mona'], family: `Bench ${number}` }],
    telecom: [{ system: 'phone', use: 'mobile', value: mobile }],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en' }] } }],
  }
}

/** What a clinician at the screen has just written, one for each patient; not in the store before they are nudged. */
export function makeReplies(
  count: number,
  from: number,
): { people: Campaign; replies: CommunicationRequest[] } {
  const people = makeCampaign('reply', count, { from })
  const replies = people.resources.flatMap((one) =>
    one.resourceType === 'CommunicationRequest'
      ? [{ ...one, identifier: [{ system: naming.requestKey, value: one.id ?? '' }] }]
      : [],
  )
  const resources = people.resources
    .filter((one) => one.resourceType !== 'CommunicationRequest')
    .concat(people.ids.map(threadOf))
  return { people: { ...people, resources }, replies }
}

/** Who is replied to has written before. */
function threadOf(patient: string): Communication & { id: string } {
  const subject = { reference: `Patient/${patient}` }
  return {
    ...{ resourceType: 'Communication', id: `thread-${patient}`, status: 'in-progress', subject },
    meta: { profile: [profile.thread] },
    identifier: [{ system: naming.thread, value: `${organization.id}_${patient}` }],
    category: [{ coding: [{ system: system.thread, code: 'header' }] }],
    recipient: [subject],
  }
}

/** Written as a script would have it written: nobody sits before a screen for it. */
function requestOf(id: string, dueAt: Date): CommunicationRequest & { id: string } {
  const subject = { reference: `Patient/${id}` }
  return {
    ...{ resourceType: 'CommunicationRequest', id, status: 'active', priority: 'routine' },
    meta: { profile: [profile.messageRequest] },
    identifier: [{ system: naming.requestKey, value: `api-${id}` }],
    category: [{ coding: [{ system: system.messageCategory, code: 'conversation' }] }],
    medium: [{ coding: [{ system: system.participationMode, code: 'SMSWRIT' }] }],
    ...{ subject, recipient: [subject] },
    payload: [{ contentString: `The flu vaccine is here. Walk in any morning. Ref ${id}` }],
    occurrenceDateTime: dueAt.toISOString(),
  }
}
