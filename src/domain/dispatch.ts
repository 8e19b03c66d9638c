/**
 * May this request be sent now, on which hop of its routing plan, to which address? Judged when it becomes due, and
 * again just before the call. Every "no" has a reason; what is unclear is a "no".
 */
import type { Address } from './address.ts'
import type { Attempt } from './attempt.ts'
import { type Channel, channels } from './channel.ts'
import { type ConsentRecord, decideConsent } from './consent.ts'
import { hasFailed, mayHaveLeft } from './delivery.ts'
import type { Inbound } from './inbound.ts'
import type { MessageRequest } from './message-request.ts'
import type { AddressOnFile, Person } from './person.ts'
import { quietUntil } from './quiet-hours.ts'
import type { Reason } from './reason.ts'
import { chooseSender, type SenderFacts } from './sender-choice.ts'
import type { ClinicSettings } from './settings.ts'
import type { Instant } from './time.ts'
import { minute } from './time.ts'
import { reasonAgainstReminding, type Visit } from './visit.ts'

export interface DispatchFacts {
  request: MessageRequest
  person: Person | undefined
  /** Of the request's visit; `missing` when the EMR says 404 or 410. */
  visit?: Visit | 'missing'
  /** Of the patient, and those that name one of the patient's addresses. */
  consents: ConsentRecord[]
  /** Channels on which the EMR itself forbids contact. */
  hostOptOuts: Channel[]
  /** Every attempt for this request. */
  attempts: Attempt[]
  /** The patient's message that the request answers. */
  answered?: Inbound
  senders: SenderFacts[]
  settings: ClinicSettings
  now: Instant
}

export interface Hop {
  index: number
  channel: Channel
  to: Address
  sender: string
}

export type DispatchDecision =
  | { kind: 'send'; hop: Hop }
  | { kind: 'postpone'; until: Instant; reason: Reason }
  | { kind: 'skip'; reason: Reason; hops: { channel: Channel; reason: Reason }[] }
  /** Sent, in flight, withdrawn: nothing is left to do. */
  | { kind: 'settled' }

export function decideDispatch(facts: DispatchFacts): DispatchDecision {
  const { request, now } = facts
  if (request.status !== 'active') return { kind: 'settled' }
  const pending = facts.attempts.find((attempt) => mayHaveLeft(attempt.state))
  if (pending && !isFreeToRepeat(pending)) return { kind: 'settled' }
  const against =
    againstPerson(facts) ?? againstVisit(facts) ?? (now >= request.window.until ? 'expired' : undefined)
  if (against) return { kind: 'skip', reason: against, hops: [] }
  if (now < request.dueAt) return { kind: 'postpone', until: request.dueAt, reason: 'not-yet-due' }
  if (pending?.nextAttemptAt && now < pending.nextAttemptAt)
    return { kind: 'postpone', until: pending.nextAttemptAt, reason: 'not-yet-due' }
  return route(facts)
}

/** It surely never reached the provider, and waits for its next try. */
function isFreeToRepeat(attempt: Attempt): boolean {
  return attempt.state === 'claimed' && attempt.nextAttemptAt !== undefined
}

function againstPerson({ person, request }: DispatchFacts): Reason | undefined {
  if (request.forbidden) return 'host-opt-out'
  if (!person) return 'patient-missing'
  if (person.deceased) return 'patient-deceased'
  if (!person.active) return 'patient-inactive'
  return person.restricted ? 'patient-restricted' : undefined
}

function againstVisit({ visit, request, settings }: DispatchFacts): Reason | undefined {
  if (!request.visit || request.category !== 'reminder') return undefined
  if (!visit || visit === 'missing') return 'visit-missing'
  const against = reasonAgainstReminding(visit, settings.remindOn)
  if (against) return against
  if (visit.start !== request.visitStart) return 'visit-moved'
  return visit.patients.some((one) => one.reference === request.patient) ? undefined : 'visit-cancelled'
}

function route(facts: DispatchFacts): DispatchDecision {
  const plan = facts.request.plan.length > 0 ? facts.request.plan : [...channels]
  const closed: { channel: Channel; reason: Reason }[] = []
  for (const [index, channel] of plan.entries()) {
    const failed = facts.attempts.find(
      (attempt) => attempt.attemptId.endsWith(`_${index}`) && hasFailed(attempt.state),
    )
    const open: HopDecision = failed
      ? { kind: 'closed', reason: failed.reason ?? 'undelivered' }
      : openHop(facts, channel)
    if (open.kind === 'open') return whenAwake(facts, { index, channel, to: open.to, sender: open.sender })
    closed.push({ channel, reason: open.reason })
  }
  return { kind: 'skip', reason: tellingReason(closed.map((one) => one.reason)), hops: closed }
}

type HopDecision = { kind: 'open'; to: Address; sender: string } | { kind: 'closed'; reason: Reason }

/** Whether one channel is open to this person now; the composer asks the same before Send. */
export function openHop(facts: DispatchFacts, channel: Channel): HopDecision {
  if (facts.hostOptOuts.includes(channel)) return { kind: 'closed', reason: 'host-opt-out' }
  const addresses = addressesFor(facts, channel)
  const judged = addresses.map((onFile) => judgeAddress(facts, channel, onFile))
  const open = judged.find((one) => one.kind === 'open')
  if (!open) {
    const reasons = judged.flatMap((one) => (one.kind === 'closed' ? [one.reason] : []))
    return { kind: 'closed', reason: reasons.length > 0 ? tellingReason(reasons) : 'no-address' }
  }
  const sender = chooseSender(facts.senders, channel, facts.answered?.to)
  return sender ? { kind: 'open', to: open.to, sender: sender.id } : { kind: 'closed', reason: 'no-sender' }
}

/** An automatic answer goes to the address that asked, and nowhere else. */
function addressesFor(facts: DispatchFacts, channel: Channel): AddressOnFile[] {
  const onFile = (facts.person?.addresses ?? []).filter((one) => one.channel === channel)
  const { answered, request } = facts
  if (!answered || request.category === 'conversation') return onFile
  return onFile.filter((one) => one.parsed.kind === 'address' && one.parsed.address === answered.from)
}

function judgeAddress(
  facts: DispatchFacts,
  channel: Channel,
  onFile: AddressOnFile,
): { kind: 'open'; to: Address } | { kind: 'closed'; reason: Reason } {
  const closed = (reason: Reason) => ({ kind: 'closed', reason }) as const
  if (onFile.parsed.kind === 'refused') return closed(onFile.parsed.reason)
  const to = onFile.parsed.address
  if (onFile.validUntil !== undefined && onFile.validUntil <= facts.now) return closed('no-address')
  if (onFile.noNotifications) return closed('host-opt-out')
  if (facts.senders.some((sender) => sender.address === to)) return closed('own-address')
  if (confirmsConsentChange(facts, channel, to)) return { kind: 'open', to }
  const consent = decideConsent({
    records: facts.consents,
    patient: facts.request.patient,
    channel,
    address: to,
    category: facts.request.category,
    now: facts.now,
    noConsent: facts.settings.noConsent,
  })
  return consent.kind === 'permitted' ? { kind: 'open', to } : closed(consent.reason)
}

/** The one message that may pass a STOP: our fixed confirmation, to the address that just wrote it. */
function confirmsConsentChange(
  { request, answered, now }: DispatchFacts,
  channel: Channel,
  to: Address,
): boolean {
  if (request.category !== 'consent-confirmation' || request.content.kind !== 'template') return false
  if (answered?.intent !== 'stop' && answered?.intent !== 'start') return false
  return answered.channel === channel && answered.from === to && now < answered.receivedAt + 15 * minute
}

/** Quiet hours hold for what we begin; urgent messages and answers to what the patient just wrote pass. */
function whenAwake({ request, settings, visit, now }: DispatchFacts, hop: Hop): DispatchDecision {
  const passes =
    request.priority === 'urgent' ||
    request.priority === 'stat' ||
    request.category === 'auto-reply' ||
    request.category === 'consent-confirmation'
  const zone = (visit && visit !== 'missing' && visit.zone) || settings.zone
  const until = passes ? undefined : quietUntil(now, settings.quietHours, zone)
  if (until === undefined) return { kind: 'send', hop }
  return until < request.window.until
    ? { kind: 'postpone', until, reason: 'quiet-hours' }
    : { kind: 'skip', reason: 'quiet-hours', hops: [{ channel: hop.channel, reason: 'quiet-hours' }] }
}

/** Of several closed ways, the reason that tells staff most: what was tried, then what the patient wants, then what is on file. */
const telling: Reason[] = [
  'undelivered',
  'rejected',
  'recipient-unreachable',
  'invalid-recipient',
  'provider-opt-out',
  'address-suppressed',
  'opted-out',
  'host-opt-out',
  'category-excepted',
  'purpose-not-permitted',
  'consent-expired',
  'no-consent',
  'not-a-mobile',
  'invalid-address',
  'own-address',
  'no-sender',
  'no-address',
]

function tellingReason(found: Reason[]): Reason {
  return telling.find((reason) => found.includes(reason)) ?? found[0] ?? 'no-address'
}
