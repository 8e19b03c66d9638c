/** Communication ↔ Attempt: one try to hand one message to one sender. */
import type { Communication, Extension } from 'fhir/r4'
import type { Address } from '../domain/address.ts'
import type { Attempt, AttemptState } from '../domain/attempt.ts'
import { type MessageCategory, messageCategories } from '../domain/message-request.ts'
import { isReason } from '../domain/reason.ts'
import { instant, parseInstant, toIso } from '../domain/time.ts'
import { extension, naming, profile, qasid, system } from './codes.ts'
import { fromReplyOptions, toCategory, toReason, toReplyOptions } from './communication-request.ts'
import { codesIn, extensionOf, present, someOf } from './concept.ts'
import { fromMedium, toMedium } from './medium.ts'
import { fileSentIn, reactionIn, textIn, toFileSent, toReaction, toText } from './payload.ts'
import { isRedacted } from './redaction.ts'
import { fromReference, idOf, referenceTo, toReference } from './reference.ts'

/** Engine state → FHIR status. `statusReason` tells the rest. */
const statusOf: Record<AttemptState, Communication['status']> = {
  claimed: 'preparation',
  queued: 'in-progress',
  sent: 'in-progress',
  'relay-accepted': 'completed',
  delivered: 'completed',
  read: 'completed',
  undelivered: 'stopped',
  failed: 'stopped',
  'not-sent': 'not-done',
  unknown: 'unknown',
}

const states = Object.keys(statusOf) as AttemptState[]

/** `undefined` when it is no attempt of ours: a thread header, an inbound message, or the EMR's own. */
export function fromAttempt(communication: Communication): Attempt | undefined {
  const attemptId = communication.identifier?.find((one) => one.system === naming.attemptId)?.value
  const request = fromReference(communication.basedOn?.[0])
  const patient = fromReference(communication.subject)
  if (!attemptId || !request || !patient) return undefined
  return {
    reference: referenceTo(communication),
    attemptId,
    request,
    ...carriedBy(communication),
    patient,
    recipient: fromReference(communication.recipient?.[0]) ?? patient,
    thread: fromReference(communication.partOf?.[0]),
    answers: fromReference(communication.inResponseTo?.[0]),
    visit: present((communication.about ?? []).map(fromReference)).find((one) =>
      one.startsWith('Appointment/'),
    ),
    category: categoryOf(communication),
    channel: fromMedium(communication.medium?.[0]),
    ...addressesOf(communication),
    ...providerIdOf(communication),
    text: textIn(communication.payload),
    file: fileSentIn(communication.payload),
    reaction: reactionIn(communication.payload),
    subject: communication.topic?.text,
    language: communication.language,
    template: communication.instantiatesCanonical?.[0],
    replyOptions: fromReplyOptions(communication.extension),
    reason: codesIn(communication.statusReason, system.notSentReason).find(isReason),
    sentAt: parseInstant(communication.sent),
    deliveredAt: parseInstant(communication.received),
    ...fromDelivery(communication),
    ...(isRedacted(communication) && { to: undefined, redacted: true }),
  }
}

function carriedBy({ basedOn = [] }: Communication): Pick<Attempt, 'carries'> {
  const carries = present(basedOn.slice(1).map(fromReference))
  return carries.length > 0 ? { carries } : {}
}

function categoryOf(communication: Communication): MessageCategory {
  const codes = codesIn(communication.category, system.messageCategory)
  return messageCategories.find((category) => codes.includes(category)) ?? 'conversation'
}

function addressesOf(communication: Communication): Pick<Attempt, 'from' | 'to'> {
  const points = extensionOf(communication, extension.contactPoints)
  return {
    // Written by us from parsed addresses only.
    from: extensionOf(points, 'from')?.valueContactPoint?.value as Address | undefined,
    to: extensionOf(points, 'to')?.valueContactPoint?.value as Address | undefined,
  }
}

const ownNames: string[] = [naming.attemptId, naming.claim, naming.copyLeft, naming.writeBack]

/** Only systems of ours name a provider's id; the EMR may have hung an identifier of its own on it. */
function providerIdOf(communication: Communication): Pick<Attempt, 'providerId'> {
  const found = communication.identifier?.find(
    (one) => one.system?.startsWith(`${qasid}/NamingSystem/`) && !ownNames.includes(one.system),
  )
  return found?.system && found.value ? { providerId: { system: found.system, value: found.value } } : {}
}

function fromDelivery(communication: Communication) {
  const delivery = extensionOf(communication, extension.delivery)
  const part = (name: string) => extensionOf(delivery, name)
  const cost = part('cost')?.valueMoney
  return {
    state: states.find((state) => state === part('state')?.valueCode) ?? 'unknown',
    at: parseInstant(part('at')?.valueDateTime) ?? instant(0),
    calls: part('attempt')?.valuePositiveInt ?? 0,
    calledAt: parseInstant(part('calledAt')?.valueDateTime),
    refusals: part('refusals')?.valuePositiveInt,
    throttles: part('throttles')?.valuePositiveInt,
    claimedBy: part('claimedBy')?.valueId,
    code: part('providerCode')?.valueString,
    provider: part('provider')?.valueCode,
    sender: part('sender')?.valueCode,
    readAt: parseInstant(part('readAt')?.valueDateTime),
    nextAttemptAt: parseInstant(part('nextAttemptAt')?.valueDateTime),
    possibleDuplicate: part('possibleDuplicate')?.valueBoolean || undefined,
    segments: part('segments')?.valuePositiveInt,
    ...(cost && {
      cost: {
        amount: String(cost.value),
        currency: String(cost.currency),
        ...(part('costSource')?.valueCode === 'rate-card' && { source: 'rate-card' as const }),
      },
    }),
  } satisfies Partial<Attempt>
}

export function toAttempt(attempt: Attempt): Communication {
  return {
    resourceType: 'Communication',
    ...(attempt.reference && { id: idOf(attempt.reference) }),
    meta: { profile: [profile.attempt] },
    language: attempt.language,
    extension: present([toDelivery(attempt), toContactPoints(attempt), toReplyOptions(attempt.replyOptions)]),
    identifier: present([
      { system: naming.attemptId, value: attempt.attemptId },
      attempt.providerId && { system: attempt.providerId.system, value: attempt.providerId.value },
    ]),
    instantiatesCanonical: attempt.template ? [attempt.template] : undefined,
    basedOn: [attempt.request, ...(attempt.carries ?? [])].map(toReference),
    partOf: attempt.thread ? [toReference(attempt.thread)] : undefined,
    inResponseTo: attempt.answers ? [toReference(attempt.answers)] : undefined,
    status: statusOf[attempt.state],
    statusReason: toStatusReason(attempt),
    category: toCategory(attempt.category),
    medium: attempt.channel ? [toMedium(attempt.channel)] : undefined,
    subject: toReference(attempt.patient),
    // "Similar to a subject line in an email", says FHIR of it.
    topic: attempt.subject ? { text: attempt.subject } : undefined,
    about: attempt.visit ? [toReference(attempt.visit)] : undefined,
    sent: attempt.sentAt === undefined ? undefined : toIso(attempt.sentAt),
    received: attempt.deliveredAt === undefined ? undefined : toIso(attempt.deliveredAt),
    recipient: [toReference(attempt.recipient)],
    payload: toAttemptPayload(attempt),
  }
}

function toAttemptPayload({ text, file, reaction }: Attempt): Communication['payload'] {
  if (reaction !== undefined) return toReaction(reaction)
  return someOf([...(file ? [toFileSent(file)] : []), ...toText(text)])
}

function toStatusReason(attempt: Attempt): Communication['statusReason'] {
  const reason = attempt.reason ?? (attempt.state === 'unknown' ? 'no-answer' : undefined)
  if (!reason) return undefined
  const standard = attempt.state === 'not-sent' ? notDoneReason[reason] : undefined
  const ours = toReason(reason)
  return standard
    ? {
        ...ours,
        coding: [{ system: system.communicationNotDoneReason, code: standard }, ...(ours.coding ?? [])],
      }
    : ours
}

/** HL7's few reasons, where one of them says the same. */
const notDoneReason: Partial<Record<NonNullable<Attempt['reason']>, string>> = {
  'opted-out': 'patient-objection',
  'address-suppressed': 'patient-objection',
  'host-opt-out': 'patient-objection',
  'invalid-address': 'invalid-phone-number',
  'not-a-mobile': 'invalid-phone-number',
  'patient-deceased': 'recipient-unavailable',
  'no-address': 'recipient-unavailable',
}

function toDelivery(attempt: Attempt): Extension {
  const { cost } = attempt
  return {
    url: extension.delivery,
    extension: present<Extension>([
      attempt.provider !== undefined && { url: 'provider', valueCode: attempt.provider },
      attempt.sender !== undefined && { url: 'sender', valueCode: attempt.sender },
      { url: 'state', valueCode: attempt.state },
      { url: 'at', valueDateTime: toIso(attempt.at) },
      attempt.calls > 0 && { url: 'attempt', valuePositiveInt: attempt.calls },
      attempt.refusals !== undefined && { url: 'refusals', valuePositiveInt: attempt.refusals },
      attempt.throttles !== undefined && { url: 'throttles', valuePositiveInt: attempt.throttles },
      attempt.claimedBy !== undefined && { url: 'claimedBy', valueId: attempt.claimedBy },
      attempt.calledAt !== undefined && { url: 'calledAt', valueDateTime: toIso(attempt.calledAt) },
      attempt.possibleDuplicate && { url: 'possibleDuplicate', valueBoolean: true },
      attempt.segments !== undefined && { url: 'segments', valuePositiveInt: attempt.segments },
      cost && { url: 'cost', valueMoney: { value: Number(cost.amount), currency: cost.currency as 'USD' } },
      cost?.source && { url: 'costSource', valueCode: cost.source },
      attempt.code !== undefined && { url: 'providerCode', valueString: attempt.code },
      attempt.readAt !== undefined && { url: 'readAt', valueDateTime: toIso(attempt.readAt) },
      attempt.nextAttemptAt !== undefined && {
        url: 'nextAttemptAt',
        valueDateTime: toIso(attempt.nextAttemptAt),
      },
    ]),
  }
}

function toContactPoints(attempt: Attempt): Extension | undefined {
  if (!attempt.to || !attempt.from) return undefined
  const kind = attempt.channel === 'email' ? 'email' : attempt.channel === 'sms' ? 'sms' : 'phone'
  return {
    url: extension.contactPoints,
    extension: [
      { url: 'to', valueContactPoint: { system: kind, value: attempt.to } },
      { url: 'from', valueContactPoint: { system: kind, value: attempt.from } },
    ],
  }
}
