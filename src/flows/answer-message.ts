/**
 * answer-message: what a patient wrote is matched, read and acted on.
 * in: the stored message · decides: `matchPatient`, `readKeyword`, `decideAnswer` · out: answer, consent, Task, reply; then the message is `completed`
 */

import type { Communication } from 'fhir/r4'
import { type AnswerFacts, decideAnswer } from '../domain/answer.ts'
import type { Attempt } from '../domain/attempt.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import { type Inbound, matchPatient, type PatientMatch } from '../domain/inbound.ts'
import { type ReplyIntent, readKeyword } from '../domain/keywords.ts'
import type { Reference } from '../domain/message-request.ts'
import type { Person } from '../domain/person.ts'
import type { ClinicSettings } from '../domain/settings.ts'
import { before, day, type Instant, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import { naming } from '../fhir/codes.ts'
import { consentAddress, fromConsent } from '../fhir/consent.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { fromPatient } from '../fhir/patient.ts'
import { fromReference, idOf } from '../fhir/reference.ts'
import { amendInbound } from './amend-message.ts'
import { findByTelecom, readHostConsents } from './beside-host.ts'
import { carryOutAll } from './consequences.ts'
import { readRequest } from './dispatch-facts.ts'
import type { World } from './ports.ts'
import { ensureThread } from './thread.ts'
import { readVisit } from './visit.ts'

export async function answerMessage(world: World, reference: Reference): Promise<void> {
  const stored = await world.store.read('Communication', idOf(reference))
  const inbound = stored && fromInbound(stored)
  if (!inbound || inbound.handled) return
  const facts = await readFacts(world, inbound)

  const consequences = decideAnswer(facts)

  // Matched first, so that the conversation shows the message while its consequences are drawn.
  const matched = await saveMatch(world, reference, facts)
  await carryOutAll(world, { ...facts, inbound: matched }, consequences)
  await amendInbound(world.store, reference, () => ({ handled: true }))
  await audit(world, reference, matched.patient)
  if (matched.patient) await world.live.publish({ patient: matched.patient, reference })
}

/** What the company took it for counts more than our own reading. */
function toldBy({ intent }: Inbound): ReplyIntent | undefined {
  return intent === 'stop' || intent === 'start' ? intent : undefined
}

async function readFacts(world: World, inbound: Inbound): Promise<AnswerFacts> {
  const settings = await world.clinic.settings()
  const candidates = await readCandidates(world, inbound, settings)
  const recent = (await Promise.all(candidates.map((person) => readRecent(world, person.reference)))).flat()
  const asked = recent.flatMap((resource) => fromAttempt(resource) ?? [])
  const match = matchPatient(inbound, candidates, asked, answeredBefore(inbound, recent))
  const question = match.kind === 'one' ? match.question : undefined
  const visit = question && (await readVisit(world.host, question.visit, settings))
  return {
    inbound,
    match,
    intent: toldBy(inbound) ?? readKeyword(inbound.text, question?.options ?? [], settings.replies),
    ...(visit && visit !== 'missing' && { visit }),
    askedStart: await readAskedStart(
      world,
      asked.find((one) => one.reference === question?.attempt),
    ),
    consents: await readConsentHistory(world, match),
    recentReplies: asked.filter((attempt) => isAutomatic(attempt.category)),
    hostCanCancel: settings.replies.cancel === 'host' && (await world.hostCan('update', 'Appointment')),
    settings,
    now: world.now(),
  }
}

/** Everyone who may be behind the address: by the chart's own numbers, however written, and by the consents that name it. */
async function readCandidates(world: World, inbound: Inbound, settings: ClinicSettings): Promise<Person[]> {
  const { system, value } = consentAddress(inbound.channel, inbound.from)
  const [byTelecom, consents] = await Promise.all([
    findByTelecom(world, inbound.from),
    world.store.search('Consent', { identifier: `${system}|${value}` }),
  ])
  const known = new Set(byTelecom.map((patient) => `Patient/${patient.id}`))
  const named = new Set(consents.flatMap((consent) => fromReference(consent.patient) ?? []))
  if (known.size === 0 && named.size === 0)
    for (const patient of await readWrittenTo(world, inbound)) named.add(patient)
  const others = await Promise.all(
    [...named].filter((one) => !known.has(one)).map((one) => world.host.read('Patient', idOf(one))),
  )
  const patients = [...byTelecom, ...others.filter((one) => one !== undefined)]
  return patients.map((patient) => fromPatient(patient, settings.country)).filter((person) => person.active)
}

/** The chart may spell the number as no server can search it: then those whom we wrote to there are who it may be. */
async function readWrittenTo(world: World, { from }: Inbound): Promise<Reference[]> {
  const since = toIso(before(world.now(), 14 * day))
  const recent = await world.store.search(
    'Communication',
    { identifier: `${naming.attemptId}|`, sent: `ge${since}`, _sort: '-sent' },
    { limit: 2_000 },
  )
  const attempts = recent.flatMap((resource) => fromAttempt(resource) ?? [])
  return attempts.filter(({ to }) => to === from).map(({ patient }) => patient)
}

function isAutomatic(category: Attempt['category']): boolean {
  return category === 'auto-reply' || category === 'consent-confirmation'
}

/** What was said between us and the person in the last weeks. */
async function readRecent(world: World, patient: Reference): Promise<Communication[]> {
  const since = toIso(before(world.now(), 14 * day))
  return world.store.search('Communication', { subject: patient, sent: `ge${since}` })
}

function answeredBefore(inbound: Inbound, recent: Communication[]): Set<Reference> {
  const others = recent.flatMap((resource) => fromInbound(resource) ?? [])
  const answers = others.filter((one) => one.reference !== inbound.reference)
  return new Set(
    answers.flatMap(({ intent, answers }) =>
      intent === 'confirm' || intent === 'cancel' ? (answers ?? []) : [],
    ),
  )
}

/** The start that the patient was asked about: the visit may have been moved since. */
async function readAskedStart(world: World, attempt: Attempt | undefined): Promise<Instant | undefined> {
  if (!attempt) return undefined
  const read = await readRequest(world.store, attempt.request)
  return read.kind === 'request' ? read.request.visitStart : undefined
}

async function readConsentHistory(world: World, match: PatientMatch): Promise<ConsentRecord[]> {
  const people = match.kind === 'one' ? [match.person] : match.kind === 'several' ? match.people : []
  const found = await Promise.all(
    people.map(async ({ reference: patient }) => {
      const [kept, atHost] = await Promise.all([
        world.store.search('Consent', { patient }),
        readHostConsents(world, patient),
      ])
      return [...kept.flatMap((resource) => fromConsent(resource) ?? []), ...atHost]
    }),
  )
  return found.flat()
}

async function saveMatch(
  world: World,
  reference: Reference,
  { match, intent, inbound }: AnswerFacts,
): Promise<Inbound> {
  if (match.kind !== 'one') return (await amendInbound(world.store, reference, () => ({ intent }))) ?? inbound
  const thread = await ensureThread(world, match.person.reference)
  const change = { patient: match.person.reference, thread, intent, answers: match.question?.attempt }
  return (await amendInbound(world.store, reference, () => change)) ?? inbound
}

async function audit(world: World, reference: Reference, patient: Reference | undefined): Promise<void> {
  await world.store.create(
    toAuditEvent({
      what: 'receive',
      patient,
      entities: [reference],
      source: world.install,
      now: world.now(),
    }),
  )
}
