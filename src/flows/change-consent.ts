/** STOP and START: the consents they change, and what was planned on those channels revoked. */
import type { AnswerFacts, Consequence } from '../domain/answer.ts'
import type { Channel } from '../domain/channel.ts'
import type { Reference } from '../domain/message-request.ts'
import { policy } from '../fhir/codes.ts'
import { fromCommunicationRequest } from '../fhir/communication-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendRequest } from './amend-message.ts'
import type { World } from './ports.ts'
import { type NewConsent, replaceConsent } from './replace-consent.ts'

type ConsentChange = Extract<Consequence, { kind: 'deny' | 'permit-again' }>

export async function changeConsent(
  world: World,
  facts: AnswerFacts,
  message: Reference,
  change: ConsentChange,
): Promise<void> {
  const wanted = change.kind === 'deny' ? denials(facts, change) : permits(facts, change)
  for (const record of wanted)
    await replaceConsent(world, { record, evidence: message, known: facts.consents })
  if (change.kind === 'deny') await revokePending(world, change.patient, change.channels)
}

function denials(
  { inbound }: AnswerFacts,
  { patient, channels }: Extract<ConsentChange, { kind: 'deny' }>,
): NewConsent[] {
  return channels.map((channel) => ({
    ...{ patient, channel, address: inbound.from, active: true, type: 'deny', byStop: true },
    ...{ purposes: [], exceptions: [], period: {}, decidedAt: inbound.receivedAt, policy: policy.stopReply },
  }))
}

function permits(
  { inbound }: AnswerFacts,
  { records }: Extract<ConsentChange, { kind: 'permit-again' }>,
): NewConsent[] {
  return records.map((record) => ({
    ...record,
    ...{ channel: record.channel ?? inbound.channel, address: inbound.from, active: true, byStop: false },
    period: { until: record.period.until },
    decidedAt: inbound.receivedAt,
  }))
}

/** What was planned must not go out by the next channel of its routing plan either. */
async function revokePending(world: World, patient: Reference, channels: Channel[]): Promise<void> {
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
