/** What follows from a patient's message. A list of consequences, each of which may be carried out twice without harm. */
import type { Address } from './address.ts'
import type { Attempt } from './attempt.ts'
import { type Channel, channelsOfSameAddress } from './channel.ts'
import { type ConsentRecord, latestFirst } from './consent.ts'
import type { Inbound, OpenQuestion, PatientMatch } from './inbound.ts'
import type { ReplyIntent } from './keywords.ts'
import type { Reference } from './message-request.ts'
import type { Person } from './person.ts'
import type { ClinicSettings } from './settings.ts'
import { type Instant, minute } from './time.ts'
import type { Visit } from './visit.ts'

export type ReplyTemplate =
  | 'reply-confirmed'
  | 'reply-cancel-staff'
  | 'reply-cancelled'
  | 'reply-stop'
  | 'reply-start'
  | 'reply-start-unknown'
  | 'reply-help'

/** One way to one person. */
export interface ChannelAddress {
  channel: Channel
  address: Address
}

export type Consequence =
  | { kind: 'answer-visit'; visit: Reference; patient: Reference; status: 'accepted' | 'declined' }
  /** What follows depends on whether the EMR takes it. */
  | { kind: 'cancel-visit'; visit: Reference; taken: Consequence[]; refused: Consequence[] }
  | { kind: 'task'; code: 'respond' | 'match-sender' | 'update-schedule' }
  /** Deny at all of these; pending requests that would use their channels are revoked. */
  | { kind: 'deny'; patient: Reference; at: ChannelAddress[] }
  /** Permit again what an earlier wording covered. */
  | { kind: 'permit-again'; records: (ConsentRecord & ChannelAddress)[] }
  | { kind: 'reply'; patient: Reference; template: ReplyTemplate }

export interface AnswerFacts {
  inbound: Inbound
  match: PatientMatch
  intent: ReplyIntent
  /** The visit that was asked about, as the EMR holds it now. */
  visit?: Visit
  /** Its start when it was asked about. */
  askedStart?: Instant
  /** Of everyone at the address. */
  consents: ConsentRecord[]
  /** Automatic answers of the last half hour to this address. */
  recentReplies: Attempt[]
  /** The EMR takes the cancellation from us. */
  hostCanCancel: boolean
  settings: ClinicSettings
  now: Instant
}

export function decideAnswer(facts: AnswerFacts): Consequence[] {
  // It is shown, and a human decides: whoever forges a sender must not stop messages or cancel visits.
  if (facts.inbound.unproven) return [{ kind: 'task', code: 'match-sender' }]
  if (facts.intent === 'stop') return stop(facts)
  // A thumb under a message asks for nothing; it is shown where it was put.
  if (facts.inbound.reaction) return []
  const { match } = facts
  if (match.kind !== 'one') return [{ kind: 'task', code: 'match-sender' }]
  const patient = match.person.reference
  if (facts.intent === 'start') return start(facts, patient)
  if (facts.intent === 'help') return reply(facts, patient, 'reply-help')
  const question = match.question
  const open = question && facts.visit && isOpen(facts.visit, question.patient, facts)
  if (question && isHalfCancelled(facts, question)) return cancel(facts, question)
  if (facts.intent === 'confirm' && open) return confirm(facts, question)
  if (facts.intent === 'cancel' && open) return cancel(facts, question)
  if (facts.intent === 'reschedule' && open) return [{ kind: 'task', code: 'update-schedule' }]
  return [{ kind: 'task', code: 'respond' }]
}

/** Since we asked, the time may have been given to somebody else, or the visit another time: then this is no answer to it. */
function isOpen(visit: Visit, patient: Reference, { askedStart, now }: AnswerFacts): boolean {
  if (askedStart !== undefined && visit.start !== askedStart) return false
  const alive = visit.status === 'booked' || visit.status === 'pending' || visit.status === 'proposed'
  const theirs = visit.patients.some((one) => one.reference === patient)
  return alive && theirs && visit.start !== undefined && visit.start > now
}

/** We were interrupted after the EMR took the cancellation: the patient has still to hear of it. */
function isHalfCancelled({ intent, inbound, visit, settings }: AnswerFacts, question: OpenQuestion): boolean {
  const wasOurs =
    intent === 'cancel' && inbound.answers === question.attempt && settings.replies.cancel === 'host'
  return wasOurs && visit?.status === 'cancelled'
}

function confirm(facts: AnswerFacts, { visit, patient }: OpenQuestion): Consequence[] {
  return [
    { kind: 'answer-visit', visit, patient, status: 'accepted' },
    ...reply(facts, patient, 'reply-confirmed'),
  ]
}

/** The patient is told "cancelled" only when the EMR's own record is; a group visit is never cancelled by one of the group. */
function cancel(facts: AnswerFacts, { visit, patient }: OpenQuestion): Consequence[] {
  const alone = facts.visit?.patients.length === 1
  const byUs = facts.settings.replies.cancel === 'host' && facts.hostCanCancel && alone
  const byStaff: Consequence[] = [
    { kind: 'task', code: 'update-schedule' },
    ...reply(facts, patient, 'reply-cancel-staff'),
  ]
  const taken = reply(facts, patient, 'reply-cancelled')
  return [
    { kind: 'answer-visit', visit, patient, status: 'declined' },
    ...(byUs ? [{ kind: 'cancel-visit', visit, taken, refused: byStaff } as const] : byStaff),
  ]
}

/**
 * STOP is said to the clinic, not to a channel: whoever wrote it gets nothing more, whatever else was permitted. It holds for
 * everyone at the address where it is not clear who wrote it, and for both channels of a number.
 */
function stop(facts: AnswerFacts): Consequence[] {
  const { inbound, match } = facts
  const people = match.kind === 'one' ? [match.person] : match.kind === 'several' ? match.people : []
  const [first] = people
  if (!first) return [{ kind: 'task', code: 'match-sender' }]
  const here = channelsOfSameAddress(inbound.channel).map((channel) => ({ channel, address: inbound.from }))
  const elsewhere = match.kind === 'one' ? permittedElsewhere(facts, match.person) : []
  return [
    ...people.map(
      ({ reference }): Consequence => ({ kind: 'deny', patient: reference, at: [...here, ...elsewhere] }),
    ),
    ...reply(facts, first.reference, 'reply-stop'),
  ]
}

function permittedElsewhere({ consents, inbound }: AnswerFacts, person: Person): ChannelAddress[] {
  const onFile = person.addresses.flatMap(({ channel, parsed }) =>
    parsed.kind === 'address' && parsed.address !== inbound.from
      ? [{ channel, address: parsed.address }]
      : [],
  )
  return onFile.filter(({ channel, address }) =>
    consents.some(
      (one) =>
        one.active &&
        one.type === 'permit' &&
        one.patient === person.reference &&
        (one.channel ?? channel) === channel &&
        (one.address ?? address) === address,
    ),
  )
}

/** Gives back what a STOP took. It never creates a first opt-in. */
function start(facts: AnswerFacts, patient: Reference): Consequence[] {
  if (isOvertaken(facts, patient)) return []
  const records = stopped(facts, patient)
  if (records.length > 0) return [{ kind: 'permit-again', records }, ...reply(facts, patient, 'reply-start')]
  return reply(facts, patient, isPermitted(facts, patient) ? 'reply-start' : 'reply-start-unknown')
}

/** Jobs may run late or in another order than the messages came: who was denied since stays denied. */
function isOvertaken({ consents, inbound }: AnswerFacts, patient: Reference): boolean {
  return consents.some(
    (one) =>
      one.active &&
      one.type === 'deny' &&
      one.patient === patient &&
      (one.address === undefined || one.address === inbound.from) &&
      one.decidedAt >= inbound.receivedAt,
  )
}

/** Whoever writes START twice, or never wrote STOP, gets messages as they wish. */
function isPermitted({ consents, inbound }: AnswerFacts, patient: Reference): boolean {
  const [latest] = consents
    .filter(
      (one) => one.active && one.patient === patient && (one.channel ?? inbound.channel) === inbound.channel,
    )
    .filter((one) => one.address === undefined || one.address === inbound.from)
    .toSorted(latestFirst)
  return latest?.type === 'permit'
}

/** The permits that were in force, wherever the STOP that is in force now took them. */
function stopped({ consents, inbound }: AnswerFacts, patient: Reference): (ConsentRecord & ChannelAddress)[] {
  const own = consents.filter((one) => one.patient === patient).toSorted(latestFirst)
  const stops = own.filter((one) => one.active && one.type === 'deny' && one.byStop)
  const here = stops.find((one) => one.address === inbound.from)
  return stops
    .filter((one) => one.decidedAt === here?.decidedAt)
    .flatMap((denied) => permittedBefore(own, denied))
}

function permittedBefore(own: ConsentRecord[], denied: ConsentRecord): (ConsentRecord & ChannelAddress)[] {
  const { channel, address } = denied
  if (!channel || !address) return []
  const records = own.filter(
    (one) => (one.channel ?? channel) === channel && (one.address ?? address) === address,
  )
  if (records.find((one) => one.active) !== denied) return []
  const earlier = records.filter((one) => one !== denied && one.decidedAt <= denied.decidedAt)
  // A denial that was no STOP (said at the desk) is not for START to lift.
  const before = earlier.find((one) => !(one.type === 'deny' && one.byStop))
  // A permit for every channel comes back for the stopped ones, each by itself.
  return before?.type === 'permit' ? [{ ...before, channel, address }] : []
}

/** Two machines must not talk to each other for ever: so many equal answers per address and half hour, and none to short codes. */
function reply(facts: AnswerFacts, patient: Reference, template: ReplyTemplate): Consequence[] {
  const { inbound, recentReplies, settings, now } = facts
  const isShortCode = inbound.channel !== 'email' && inbound.from.replace('+', '').length < 7
  const equal = recentReplies.filter(
    (attempt) =>
      attempt.to === inbound.from &&
      attempt.template?.includes(`/${template}|`) &&
      attempt.at > now - 30 * minute,
  )
  return isShortCode || equal.length >= settings.replies.mostEqual
    ? []
    : [{ kind: 'reply', patient, template }]
}
