/** STOP and START: the consents they change, and what was planned on those channels revoked. */
import type { AnswerFacts, Consequence } from '../domain/answer.ts'
import type { ConsentRecord } from '../domain/consent.ts'
import type { MessageRequestStatus, Reference } from '../domain/message-request.ts'
import { type Instant, instant, minute } from '../domain/time.ts'
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
  if (change.kind === 'deny') await revokePending(world, change)
}

function denials(
  { inbound, consents }: AnswerFacts,
  { patient, at }: Extract<ConsentChange, { kind: 'deny' }>,
): NewConsent[] {
  const decidedAt = stopCountsFrom(inbound.receivedAt, consents)
  return at.map(({ channel, address }) => ({
    ...{ patient, channel, address, active: true, type: 'deny', byStop: true },
    ...{ purposes: [], exceptions: [], period: {}, decidedAt, policy: policy.stopReply },
  }))
}

/** Clocks differ by minutes: a permit that seems a little newer than the STOP was there when it was written. */
function stopCountsFrom(receivedAt: Instant, consents: ConsentRecord[]): Instant {
  const beside = consents.filter((one) => one.active && one.type === 'permit' && !one.byStop)
  const near = beside
    .map((one) => one.decidedAt)
    .filter((at) => at >= receivedAt && at < receivedAt + 5 * minute)
  return instant(Math.max(receivedAt, ...near.map((at) => at + 1)))
}

function permits(
  { inbound }: AnswerFacts,
  { records }: Extract<ConsentChange, { kind: 'permit-again' }>,
): NewConsent[] {
  return records.map((record) => ({
    ...record,
    ...{ active: true, byStop: false },
    period: { until: record.period.until },
    decidedAt: inbound.receivedAt,
  }))
}

const pendingStatuses: MessageRequestStatus[] = ['active', 'on-hold', 'draft']

/** What was planned must not go out by the next channel of its routing plan either. */
async function revokePending(
  world: World,
  { patient, at }: Extract<ConsentChange, { kind: 'deny' }>,
): Promise<void> {
  const channels = at.map(({ channel }) => channel)
  const pending = await world.store.search('CommunicationRequest', {
    subject: patient,
    status: pendingStatuses.join(','),
  })
  for (const resource of pending) {
    const read = fromCommunicationRequest(resource)
    if (read.kind !== 'request' || read.request.forbidden || read.request.category === 'consent-confirmation')
      continue
    // No plan means any channel.
    const { plan } = read.request
    if (plan.length > 0 && !plan.some((channel) => channels.includes(channel))) continue
    await amendRequest(world.store, referenceTo(resource), (now) =>
      pendingStatuses.includes(now.status) ? { status: 'revoked', reason: 'opted-out' } : undefined,
    )
    await world.live.publish({ patient, reference: referenceTo(resource) })
  }
}
