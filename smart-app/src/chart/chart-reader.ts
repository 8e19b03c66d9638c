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
  /** Where our own records stand, see `chart-places.ts`; the host itself unless told. */
  ours?: () => Promise<FhirHost>
  /** Whether the host shows its own of these to us, beside ours. */
  mayReadOwn?(type: 'Consent' | 'CommunicationRequest'): boolean
  patient: Reference
  clinic: ClinicFacts
  /** Whether the host lets us read its Locations, where the zones stand. */
  mayReadPlaces: boolean
}

export function createChartReader(parts: ChartReaderParts): ChartReader {
  const { host, patient, clinic, ours = async () => host } = parts
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
      const found = await (await ours()).search<Communication>('Communication', ofPatient)
      return found.flatMap((one) => fromCommunication(one) ?? [])
    },
    async requests() {
      const found = await (await ours()).search<CommunicationRequest>('CommunicationRequest', ofPatient)
      return found.flatMap((one) => toRequest(one) ?? [])
    },
    async consents() {
      const search = (place: FhirHost) => place.search<Consent>('Consent', ofPatient)
      const found = await search(await ours())
      const others = await searchBeside(parts, 'Consent', search)
      const read = (held: Consent[]) => held.flatMap((one) => fromConsent(one) ?? [])
      return [...read(found), ...read(others).map((one) => ({ ...one, atHost: true }))]
    },
    async hostOptOuts() {
      const active = { ...ofPatient, status: 'active' }
      const search = (place: FhirHost) => place.search<CommunicationRequest>('CommunicationRequest', active)
      const found = await search(await ours())
      const others = await searchBeside(parts, 'CommunicationRequest', search)
      return optedOutChannels([...found, ...others])
    },
    comingVisits: (now) => readVisits(parts, now),
    async message(reference) {
      const found = await (await ours()).read<Communication>(reference)
      return found && fromReference(found.subject) === patient ? fromCommunication(found) : undefined
    },
    async request(reference) {
      const found = await (await ours()).read<CommunicationRequest>(reference)
      return found && own(toRequest(found))
    },
    async saveRequest(request) {
      const identifier = { system: naming.requestKey, value: request.key }
      const saved = toRequest(await (await ours()).createOnce(toCommunicationRequest(request), identifier))
      if (!saved) throw new HostError('The host stored something else than the message')
      return saved
    },
    documents: () => readDocuments(parts),
    file: (reference) => readFile(parts, reference),
  }
}

/** What the host itself holds of a type of ours, where ours stand elsewhere and it holds such and shows them. */
async function searchBeside<T>(
  { host, ours, mayReadOwn }: ChartReaderParts,
  type: 'Consent' | 'CommunicationRequest',
  search: (place: FhirHost) => Promise<T[]>,
): Promise<T[]> {
  if (!ours || (await ours()) === host || !mayReadOwn?.(type)) return []
  return search(host).catch((error: unknown) => {
    // That it has none, or shows none, is an answer; that it is away is not.
    if (error instanceof HostError && [400, 403, 404, 405].includes(error.status ?? 0)) return []
    throw error
  })
}

async function readDocuments({ host, patient }: ChartReaderParts): Promise<ChartDocument[]> {
  const current = { patient, status: 'current', _count: '100' }
  const found = await host.search<DocumentReference>('DocumentReference', current)
  return found
    .map(fromDocumentReference)
    .filter((one) => one.current && one.patient === patient && one.content.kind !== 'elsewhere')
    .toSorted((a, b) => (b.writtenAt ?? 0) - (a.writtenAt ?? 0))
}

/** A document and its bytes are the host's; what the patient sent is ours. */
async function readFile(
  { host, patient, ours }: ChartReaderParts,
  reference: Reference,
): Promise<Blob | undefined> {
  if (typeOf(reference) !== 'DocumentReference') return ((await ours?.()) ?? host).bytes(reference)
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
  const appointments = await searchVisits(host, patient, since)
  const places = parts.mayReadPlaces ? await readPlaces(host, appointments) : []
  return appointments
    .map((one) => fromAppointment(one, places, { zones: clinic.zones, zone: clinic.zone }))
    .filter((visit) => visit.start !== undefined && visit.start > now && isComing(visit))
    .toSorted((a, b) => (a.start ?? 0) - (b.start ?? 0))
}

/** Some hosts take no order, and some no date: what they cannot do is done here. */
async function searchVisits(host: FhirHost, patient: Reference, since: string): Promise<Appointment[]> {
  const [most, date] = [{ patient, _count: '100' }, `ge${since}`]
  let refusal: unknown
  for (const parameters of [{ ...most, date, _sort: 'date' }, { ...most, date }, { patient }])
    try {
      return await host.search<Appointment>('Appointment', parameters)
    } catch (error) {
      if (!(error instanceof HostError && error.status === 400)) throw error
      refusal = error
    }
  throw refusal
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
