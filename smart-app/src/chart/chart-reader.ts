/** What the chart of one patient says, in the domain's words. The only file here that knows FHIR's search parameters. */
import type {
  Appointment,
  Communication,
  CommunicationRequest,
  Consent,
  DocumentReference,
  FhirResource,
  Location,
  Patient,
} from 'fhir/r4'
import type { Channel } from '../../../src/domain/channel.ts'
import type { ConsentRecord } from '../../../src/domain/consent.ts'
import type { MessageRequest, Reference } from '../../../src/domain/message-request.ts'
import type { Person } from '../../../src/domain/person.ts'
import type { SenderFacts } from '../../../src/domain/sender-choice.ts'
import { before, day, dayInZone, type Instant } from '../../../src/domain/time.ts'
import type { Visit } from '../../../src/domain/visit.ts'
import { fromAppointment } from '../../../src/fhir/appointment.ts'
import { naming } from '../../../src/fhir/codes.ts'
import { fromCommunication, type ThreadMessage } from '../../../src/fhir/communication.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../../../src/fhir/communication-request.ts'
import { fromConsent } from '../../../src/fhir/consent.ts'
import { type ChartDocument, fromDocumentReference } from '../../../src/fhir/document-reference.ts'
import { optedOutChannels } from '../../../src/fhir/host-opt-out.ts'
import { fromPatient } from '../../../src/fhir/patient.ts'
import { fromReference, idOf, typeOf } from '../../../src/fhir/reference.ts'
import { type FhirHost, HostError } from './fhir-host.ts'

export interface ChartReader {
  person(): Promise<Person>
  messages(): Promise<ThreadMessage[]>
  requests(): Promise<MessageRequest[]>
  consents(): Promise<ConsentRecord[]>
  /** Channels on which the EMR itself forbids contact. */
  hostOptOuts(): Promise<Channel[]>
  /** Soonest first. */
  comingVisits(now: Instant): Promise<Visit[]>
  /** `undefined` when it is gone, or not this patient's. */
  message(reference: Reference): Promise<ThreadMessage | undefined>
  request(reference: Reference): Promise<MessageRequest | undefined>
  saveRequest(request: MessageRequest): Promise<MessageRequest>
  /** What may be sent: the patient's current documents, latest first. */
  documents(): Promise<ChartDocument[]>
  /** A `Binary/…`, or the file behind a `DocumentReference/…` of this patient; `undefined` when it is gone. */
  file(reference: Reference): Promise<Blob | undefined>
}

/** What only the clinic knows about its patients' numbers, its places and its ways out. */
export interface ClinicFacts {
  /** ISO 3166 alpha-2, for numbers written without a country. */
  country?: string
  zone?: string
  zones: Record<string, string>
  noConsent: 'block' | 'allow-care'
  senders: SenderFacts[]
}

export interface ChartReaderParts {
  host: FhirHost
  patient: Reference
  clinic: ClinicFacts
  /** Whether the host lets us read its Locations, where the zones stand. */
  mayReadPlaces: boolean
}

export function createChartReader(parts: ChartReaderParts): ChartReader {
  const { host, patient, clinic } = parts
  const ofPatient = { patient, _count: '200' }
  const own = <T extends { patient: Reference }>(one: T | undefined) =>
    one?.patient === patient ? one : undefined
  return {
    async person() {
      const found = await host.read<Patient>(patient)
      if (!found) throw new HostError('The host has no such patient', 404)
      return fromPatient(found, clinic.country)
    },
    async messages() {
      const found = await host.search<Communication>('Communication', ofPatient)
      return found.flatMap((one) => fromCommunication(one) ?? [])
    },
    async requests() {
      const found = await host.search<CommunicationRequest>('CommunicationRequest', ofPatient)
      return found.flatMap((one) => toRequest(one) ?? [])
    },
    async consents() {
      const found = await host.search<Consent>('Consent', ofPatient)
      return found.flatMap((one) => fromConsent(one) ?? [])
    },
    async hostOptOuts() {
      const active = { ...ofPatient, status: 'active' }
      return optedOutChannels(await host.search<CommunicationRequest>('CommunicationRequest', active))
    },
    comingVisits: (now) => readVisits(parts, now),
    async message(reference) {
      const found = await host.read<Communication>(reference)
      return found && fromReference(found.subject) === patient ? fromCommunication(found) : undefined
    },
    async request(reference) {
      const found = await host.read<CommunicationRequest>(reference)
      return found && own(toRequest(found))
    },
    async saveRequest(request) {
      const identifier = { system: naming.requestKey, value: request.key }
      const saved = toRequest(await host.createOnce(toCommunicationRequest(request), identifier))
      if (!saved) throw new HostError('The host stored something else than the message')
      return saved
    },
    documents: () => readDocuments(parts),
    file: (reference) => readFile(parts, reference),
  }
}

async function readDocuments({ host, patient }: ChartReaderParts): Promise<ChartDocument[]> {
  const current = { patient, status: 'current', _count: '100' }
  const found = await host.search<DocumentReference>('DocumentReference', current)
  return found
    .map(fromDocumentReference)
    .filter((one) => one.current && one.patient === patient && one.content.kind !== 'elsewhere')
    .toSorted((a, b) => (b.writtenAt ?? 0) - (a.writtenAt ?? 0))
}

async function readFile(
  { host, patient }: ChartReaderParts,
  reference: Reference,
): Promise<Blob | undefined> {
  if (typeOf(reference) !== 'DocumentReference') return host.bytes(reference)
  const resource = await host.read<DocumentReference>(reference)
  const document = resource && fromDocumentReference(resource)
  if (document?.patient !== patient) return undefined
  const { content, contentType } = document
  if (content.kind === 'inline') return new Blob([content.bytes], { type: contentType })
  return content.kind === 'binary' ? host.bytes(content.reference) : undefined
}

function toRequest(resource: CommunicationRequest): MessageRequest | undefined {
  const read = fromCommunicationRequest(resource)
  return read.kind === 'request' ? read.request : undefined
}

async function readVisits(parts: ChartReaderParts, now: Instant): Promise<Visit[]> {
  const { host, patient, clinic } = parts
  // A day early: the host's day and ours may differ, and a visit under way is still a coming one to many.
  const since = dayInZone(before(now, day), 'UTC')
  const parameters = { patient, date: `ge${since}`, _sort: 'date', _count: '100' }
  const appointments = await host.search<Appointment>('Appointment', parameters)
  const places = parts.mayReadPlaces ? await readPlaces(host, appointments) : []
  return appointments
    .map((one) => fromAppointment(one, places, { zones: clinic.zones, zone: clinic.zone }))
    .filter((visit) => visit.start !== undefined && visit.start > now && isComing(visit))
    .toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
}

function isComing(visit: Visit): boolean {
  return ['proposed', 'pending', 'booked'].includes(visit.status)
}

/** A place that cannot be read takes no visit away: its zone is then unknown, and the screen says so. */
async function readPlaces(host: FhirHost, appointments: Appointment[]): Promise<FhirResource[]> {
  const actors = appointments.flatMap((one) =>
    one.participant.map((participant) => fromReference(participant.actor)),
  )
  const references = new Set(actors.filter((one): one is Reference => one?.startsWith('Location/') ?? false))
  const found = await Promise.all(
    [...references].filter(idOf).map((one) => host.read<Location>(one).catch(() => undefined)),
  )
  return found.filter((place) => place !== undefined)
}
