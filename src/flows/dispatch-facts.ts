/** Everything that `decideDispatch` needs to know, read afresh: by dispatch when a request is due, by send just before the call. */
import type { Consent, Patient } from 'fhir/r4'
import { usableForm } from '../domain/approval-form.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import { asksWhoHasNot, type DispatchFacts } from '../domain/dispatch.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { freeTextWithin } from '../domain/open-channel.ts'
import type { Person } from '../domain/person.ts'
import { plainCategory, pricesOf } from '../domain/rate-card.ts'
import { healthOf, isPaused, isResting, type SenderRecord } from '../domain/sender-health.ts'
import { opensFor } from '../domain/sender-limits.ts'
import { before, type Instant, instant, toIso } from '../domain/time.ts'
import { acceptedStart, declinedStart } from '../fhir/appointment-response.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { fromCommunicationRequest } from '../fhir/communication-request.ts'
import { fromConsent } from '../fhir/consent.ts'
import { optedOutChannels } from '../fhir/host-opt-out.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { fromPatient } from '../fhir/patient.ts'
import { idOf, typeOf } from '../fhir/reference.ts'
import { answersHome, readHostConsents, readHostRequests } from './beside-host.ts'
import { type Emr, EmrError, type Sender, type World } from './ports.ts'
import { readRecentContact } from './recent-contact.ts'
import { readSameDay } from './same-day.ts'
import { findTemplate, valuesFor } from './template-values.ts'
import { findThread } from './thread.ts'
import { readVisit } from './visit.ts'

export type RequestRead =
  | { kind: 'request'; request: MessageRequest }
  | { kind: 'gone' }
  /** The EMR's own: it carries no key of ours, and is neither sent nor ended by us. */
  | { kind: 'foreign' }
  | { kind: 'refused'; because: string }

export async function readRequest(store: Emr, reference: Reference): Promise<RequestRead> {
  const resource = await store.read('CommunicationRequest', idOf(reference))
  if (!resource) return { kind: 'gone' }
  const isOurs = resource.identifier?.some(({ system }) => system === naming.requestKey)
  return isOurs ? fromCommunicationRequest(resource) : { kind: 'foreign' }
}

/** A request, and at the same time what can be asked before it is known. `facts` begins the rest. */
export async function readJudged(world: World, job: { request: Reference; patient?: Reference }) {
  const now = world.now()
  const early = job.patient ? quietly(readEarly(world, { ...job, patient: job.patient })) : undefined
  const read = await readRequest(world.store, job.request)
  // The job only supposed whose it is.
  const isHis = read.kind === 'request' && read.request.patient === job.patient
  const facts = () => {
    if (read.kind !== 'request') throw new EmrError(`${job.request} cannot be judged`)
    return readDispatchFacts(world, read.request, { now, ...(isHis && { early }) })
  }
  return { read, facts }
}

/** Somebody may never ask how it ended. */
function quietly<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

/** What the patient and the request's reference are enough to ask for. `held` are the patient's active requests in the host. */
async function readEarly(world: World, { request, patient }: { request?: Reference; patient: Reference }) {
  const [chart, based, held, consents, atHost, thread] = await Promise.all([
    world.host.read('Patient', idOf(patient)),
    request ? readAttempts(world.store, request) : [],
    readHostRequests(world, patient),
    world.store.search('Consent', { patient, status: 'active' }),
    readHostConsents(world, patient),
    findThread(world, patient),
  ])
  return { chart, based, held, consents, atHost, thread }
}

export async function readDispatchFacts(
  world: World,
  request: MessageRequest,
  begun: { now?: Instant; early?: ReturnType<typeof readEarly> | undefined } = {},
): Promise<DispatchFacts> {
  // When the reading began: a store that keeps us waiting makes the facts old.
  const { now = world.now() } = begun
  const settings = await world.clinic.settings()
  const early = begun.early ?? readEarly(world, { request: request.reference, patient: request.patient })
  const shared = early.then(async ({ chart, consents, atHost }) => {
    const person = chart && fromPatient(chart satisfies Patient, settings.country)
    const kept = toRecords([...consents, ...(await readShared(world.store, person))])
    return { person, consents: [...kept, ...atHost] }
  })
  const [{ based, held, thread }, { person, consents }, visit, answered, lastWhatsAppAt, recent] =
    await Promise.all([
      early,
      shared,
      request.visit ? readVisit(world.host, request.visit, settings) : undefined,
      request.answers ? readAnswered(world.store, request) : undefined,
      mayGoByWhatsApp(world, request) ? readLastWhatsApp(world, request.patient) : undefined,
      readRecentContact(world, request, settings),
    ])
  const [attempts, carriers] = byRequest(based, request.reference)
  const [sameDay, answers] = await Promise.all([
    readSameDay(world, { request, visit, settings }, { held, attempts: carriers }),
    readAnswersToVisit(world, request, visit, settings),
  ])
  const board = await world.board.read()
  const content = { request, person, visit, settings }
  const senders = await Promise.all(
    world.senders.map(async (sender) => ({
      ...sender,
      ...fareOf(board[sender.id], world.now()),
      ...(await roomOf(world, sender, { person, lastWhatsAppAt })),
      prices: pricesFor(world, sender),
      ...(needsApproval(sender) && { approved: await isApproved(world, sender, content) }),
    })),
  )
  return {
    ...{
      request,
      person,
      visit,
      consents,
      hostOptOuts: optedOutChannels(held),
      attempts,
      thread,
      answered,
      lastWhatsAppAt,
      ...answers,
    },
    ...{ recent, sameDay, senders, settings, now },
  }
}

function fareOf(record: SenderRecord | undefined, now: Instant) {
  return { health: healthOf(record, now), paused: isPaused(record), resting: isResting(record, now) }
}

/**
 * Whether its company lets this sender write to this person just now, as far as is known: without Redis nobody is held back
 * here, and nothing leaves, because the place is taken before the call.
 */
async function roomOf(
  { caps, now }: World,
  sender: Sender,
  { person, lastWhatsAppAt }: Pick<DispatchFacts, 'person' | 'lastWhatsAppAt'>,
) {
  if (!sender.limits) return {}
  const opens = opensFor(sender, { lastWhatsAppAt, now: now() })
  const verdicts = await Promise.all(
    (person?.addresses ?? []).map(({ channel, parsed }) =>
      channel === sender.channel && parsed.kind === 'address'
        ? caps.judge({ sender: sender.id, to: parsed.address, opens }).catch(() => undefined)
        : undefined,
    ),
  )
  const full = verdicts.flatMap((one) => (one?.kind === 'full' ? [one.until] : []))
  return full.length > 0 ? { resting: true, freeAt: instant(Math.min(...full)) } : {}
}

/** A WhatsApp message costs by what it says, so what most of ours are must do. */
function pricesFor({ rateCards, now }: World, { provider, channel }: Sender) {
  return pricesOf(rateCards, { provider, category: plainCategory[channel] ?? 'utility', at: now() })
}

function needsApproval({ channel, carries }: Sender): boolean {
  return channel === 'whatsapp' && carries.templates === 'approved'
}

/** Whether what is to be said may be said by this sender at any time. */
async function isApproved(
  world: World,
  { id }: Sender,
  facts: Pick<DispatchFacts, 'request' | 'person' | 'visit' | 'settings'>,
): Promise<boolean> {
  const { content } = facts.request
  if (content.kind !== 'template') return false
  const template = await findTemplate(world, facts, content)
  return template !== undefined && usableForm(template, id, valuesFor(facts)) !== undefined
}

/** All that name this request: its own, and another visit's message that told of it too. */
export async function readAttempts(store: Emr, request: Reference): Promise<Attempt[]> {
  const found = await store.search('Communication', { 'based-on': request })
  return found.flatMap((resource) => fromAttempt(resource) ?? [])
}

export async function readOwnAttempts(store: Emr, request: Reference): Promise<Attempt[]> {
  return byRequest(await readAttempts(store, request), request)[0]
}

/** Its own, and those of another visit's reminder that name it too. */
function byRequest(based: Attempt[], request: Reference | undefined): [own: Attempt[], carriers: Attempt[]] {
  const isOwn = (attempt: Attempt) => attempt.request === request
  return [based.filter(isOwn), based.filter((attempt) => !isOwn(attempt))]
}

/** Another patient's message is answered, quoted or reacted to by nobody's mistake. Who shares a phone has none of their own yet. */
async function readAnswered(store: Emr, { answers = '', patient }: MessageRequest) {
  if (typeOf(answers) !== 'Communication') return undefined
  const resource = await store.read('Communication', idOf(answers))
  const inbound = resource && fromInbound(resource)
  return !inbound?.patient || inbound.patient === patient ? inbound : undefined
}

/** Asked only where the visit itself says that the patient declined, or where it matters who has confirmed and it does not say. */
async function readAnswersToVisit(
  world: World,
  request: MessageRequest,
  visit: DispatchFacts['visit'],
  settings: DispatchFacts['settings'],
): Promise<Pick<DispatchFacts, 'declinedStart' | 'acceptedStart'>> {
  if (!visit || visit === 'missing') return {}
  const { patient } = request
  const own = visit.patients.find(({ reference }) => reference === patient)
  if (!own?.declined && (own?.confirmed || !asksWhoHasNot({ request, settings }))) return {}
  const home = await answersHome(world)
  const answers = await home.search('AppointmentResponse', { appointment: visit.reference })
  return { declinedStart: declinedStart(answers, patient), acceptedStart: acceptedStart(answers, patient) }
}

/** Whether it matters if the window is open: for what is no template, where templates need an approval, or people are counted. */
function mayGoByWhatsApp({ senders }: World, { content, plan }: MessageRequest): boolean {
  const matters = senders.some(
    ({ channel, carries, limits }) =>
      channel === 'whatsapp' &&
      (content.kind !== 'template' || carries.templates === 'approved' || limits?.peoplePerDay !== undefined),
  )
  return matters && (plan.length === 0 || plan.includes('whatsapp'))
}

/** Within its window only: an older message opens nothing. */
async function readLastWhatsApp(world: World, patient: Reference): Promise<Instant | undefined> {
  const since = toIso(before(world.now(), freeTextWithin))
  const found = await world.store.search('Communication', { subject: patient, received: `ge${since}` })
  const times = found
    .flatMap((resource) => fromInbound(resource) ?? [])
    .filter((inbound) => inbound.channel === 'whatsapp')
    .map((inbound) => inbound.receivedAt)
  return times.toSorted((a, b) => b - a)[0]
}

/** The patient's own, and every one that names one of the patient's addresses: a STOP holds for whoever shares it. */
export async function readConsents(
  world: World,
  patient: Reference,
  person?: Person,
): Promise<ConsentRecord[]> {
  const [own, shared, atHost] = await Promise.all([
    world.store.search('Consent', { patient, status: 'active' }),
    readShared(world.store, person),
    readHostConsents(world, patient),
  ])
  return [...toRecords([...own, ...shared]), ...atHost]
}

async function readShared(store: Emr, person: Person | undefined): Promise<Consent[]> {
  const addresses = (person?.addresses ?? []).flatMap((one) =>
    one.parsed.kind === 'address' ? [`${naming.consentAddress}|${one.channel}:${one.parsed.address}`] : [],
  )
  if (addresses.length === 0) return []
  return store.search('Consent', { identifier: addresses.join(','), status: 'active' })
}

function toRecords(consents: Consent[]): ConsentRecord[] {
  const each = new Map(consents.map((resource) => [resource.id, resource]))
  return [...each.values()].flatMap((resource) => fromConsent(resource) ?? [])
}
