/** STOP and START: the new Consent, the old one inactive, the Provenance, and what was planned on those channels revoked. */
import type { Consent } from 'fhir/r4'
import type { AnswerFacts, Consequence } from '../domain/answer.ts'
import type { Channel } from '../domain/channel.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import type { Reference } from '../domain/message-request.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import { naming, policy } from '../fhir/codes.ts'
import { fromCommunicationRequest } from '../fhir/communication-request.ts'
import { toConsent } from '../fhir/consent.ts'
import { toConsentProvenance } from '../fhir/provenance.ts'
import { fromReference, idOf, referenceTo } from '../fhir/reference.ts'
import { amend } from './amend.ts'
import { amendRequest } from './amend-message.ts'
import type { World } from './ports.ts'

type ConsentChange = Extract<Consequence, { kind: 'deny' | 'permit-again' }>
type Written = Omit<ConsentRecord, 'reference'> & {
  channel: Channel
  address: NonNullable<ConsentRecord['address']>
}

export async function changeConsent(
  world: World,
  facts: AnswerFacts,
  message: Reference,
  change: ConsentChange,
): Promise<void> {
  const wanted = change.kind === 'deny' ? denials(facts, change) : permits(facts, change)
  for (const record of wanted) {
    const reference = await write(world, message, record)
    await deactivateOthers(world, facts, record, reference)
    await prove(world, { target: reference, message, patient: record.patient })
  }
  if (change.kind === 'deny') await revokePending(world, change)
}

function denials(
  { inbound }: AnswerFacts,
  { patient, channels }: Extract<ConsentChange, { kind: 'deny' }>,
): Written[] {
  return channels.map((channel) => ({
    ...{ patient, channel, address: inbound.from, active: true, type: 'deny', byStop: true },
    ...{ purposes: [], exceptions: [], period: {}, decidedAt: inbound.receivedAt, policy: policy.stopReply },
  }))
}

function permits(
  { inbound }: AnswerFacts,
  { records }: Extract<ConsentChange, { kind: 'permit-again' }>,
): Written[] {
  return records.map((record) => ({
    ...record,
    ...{ channel: record.channel ?? inbound.channel, address: inbound.from, active: true, byStop: false },
    period: { until: record.period.until },
    decidedAt: inbound.receivedAt,
  }))
}

/** One per message, patient and channel: reading the same STOP twice writes one Consent. */
async function write(world: World, message: Reference, record: Written): Promise<Reference> {
  const identifier = {
    system: naming.answer,
    value: `${idOf(message)}-${record.channel}-${idOf(record.patient)}`,
  }
  const consent: Consent = toConsent(record)
  consent.identifier?.push(identifier)
  const { resource } = await world.store.create(consent, identifier)
  return referenceTo(resource)
}

async function deactivateOthers(
  world: World,
  { consents }: AnswerFacts,
  record: Written,
  kept: Reference,
): Promise<void> {
  const replaced = consents.filter(
    (one) =>
      one.active &&
      one.reference !== kept &&
      one.patient === record.patient &&
      one.channel === record.channel &&
      (one.address === undefined || one.address === record.address),
  )
  for (const one of replaced)
    await amend(world.store, 'Consent', one.reference, (consent) =>
      consent.status === 'active' ? { ...consent, status: 'inactive' } : undefined,
    )
}

async function prove(
  world: World,
  { target, message, patient }: { target: Reference; message: Reference; patient: Reference },
): Promise<void> {
  const proven = await world.store.search('Provenance', { entity: message })
  if (proven.some((one) => one.target.some((its) => fromReference(its) === target))) return
  const now = world.now()
  await world.store.create(toConsentProvenance({ consent: target, message, patient, now }))
  await world.store.create(
    toAuditEvent({
      what: 'consent-change',
      patient,
      entities: [target, message],
      source: world.install,
      now,
    }),
  )
  await world.live.publish({ patient, reference: target })
}

/** What was planned must not go out by the next channel of its routing plan either. */
async function revokePending(
  world: World,
  { patient, channels }: Extract<ConsentChange, { kind: 'deny' }>,
): Promise<void> {
  const pending = await world.store.search('CommunicationRequest', {
    subject: patient,
    status: 'active,on-hold,draft',
  })
  for (const resource of pending) {
    const read = fromCommunicationRequest(resource)
    if (read.kind !== 'request' || read.request.forbidden || read.request.category === 'consent-confirmation')
      continue
    if (!read.request.plan.some((channel) => channels.includes(channel))) continue
    await amendRequest(world.store, referenceTo(resource), () => ({ status: 'revoked', reason: 'opted-out' }))
    await world.live.publish({ patient, reference: referenceTo(resource) })
  }
}
