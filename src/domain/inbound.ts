/** What a patient wrote to us, and whom we take them for. */

import type { Address } from './address.ts'
import type { Attempt } from './attempt.ts'
import type { Channel } from './channel.ts'
import type { ReplyIntent } from './keywords.ts'
import type { Reference, ReplyOption } from './message-request.ts'
import type { Person } from './person.ts'
import type { Instant } from './time.ts'

/** A file that a patient sent. `location` is the company's until it is fetched, then `Binary/…` in the store. */
export interface FileReceived {
  location?: string
  contentType: string
  name?: string
  /** Bytes. */
  size?: number
  /** Hex; as the company announced it, until it is fetched. */
  sha256?: string
  /** Hex; of what is in the store. */
  sha1?: string
  /** Set once it is clear that it will never be had. */
  lost?: 'gone' | 'too-large' | 'altered' | 'type-not-taken'
}

/** Neither in the store yet, nor lost for good. */
export function isWaiting({ location, lost }: FileReceived): boolean {
  return lost === undefined && location?.startsWith('Binary/') !== true
}

export interface Inbound {
  reference?: Reference
  providerId: { system: string; value: string }
  channel: Channel
  from: Address
  to: Address
  /** Empty for a file without a caption. */
  text: string
  files?: FileReceived[]
  /** To a message of ours, by the provider's id; an empty emoji takes it back. */
  reaction?: { toMessage: string; emoji: string }
  /** For people who hide their number: the provider's id of the person. */
  userId?: string
  /** Nothing shows that it is from whom it says. */
  unproven?: true
  /** The provider's time. */
  sentAt: Instant
  /** Our clock. */
  receivedAt: Instant
  /** The provider's id of the message that it quotes. */
  quotes?: string
  /** Absent until exactly one patient is matched. */
  patient?: Reference
  thread?: Reference
  intent?: ReplyIntent
  /** The question that it answers. */
  answers?: Reference
  /** `false` while its consequences are still to be drawn. */
  handled: boolean
}

/** A question we asked that has not been answered: an attempt with reply options. */
export interface OpenQuestion {
  attempt: Reference
  patient: Reference
  visit: Reference
  options: ReplyOption[]
  askedAt: Instant
}

export type PatientMatch =
  | { kind: 'one'; person: Person; question?: OpenQuestion }
  | { kind: 'none' }
  | { kind: 'several'; people: Person[] }

/** A question older than this is no longer what "1" means. */
const questionHoldsFor = 7 * 24 * 3_600_000

/**
 * Exactly one patient for the address → that one. Several (a family's phone) → the one whose question is unanswered; when
 * more than one has one, the one whose message is quoted. Else nobody: never the first match. A quote also says which
 * question is answered; without one it is the newest.
 */
export function matchPatient(
  inbound: Pick<Inbound, 'channel' | 'from' | 'quotes' | 'receivedAt'>,
  candidates: Person[],
  asked: Attempt[],
  /** Questions that have their answer: they still name a person's own, but no longer tell people apart. */
  answered: ReadonlySet<Reference> = new Set(),
): PatientMatch {
  const people = candidates.filter((person) => hasAddress(person, inbound.channel, inbound.from))
  const quoted = asked.find((attempt) => inbound.quotes && attempt.providerId?.value === inbound.quotes)
  const questions = openQuestions(inbound, quoted ? [quoted] : asked)
  const [only, another] = people
  if (only && !another) return { kind: 'one', person: only, question: newest(questions, only) }
  if (!only) return { kind: 'none' }
  const waiting = questions.filter((question) => !answered.has(question.attempt))
  const named = people.filter((person) =>
    quoted ? person.reference === quoted.patient : newest(waiting, person) !== undefined,
  )
  const [match, rival] = named
  return match && !rival
    ? { kind: 'one', person: match, question: newest(questions, match) }
    : { kind: 'several', people }
}

function hasAddress(person: Person, channel: Channel, address: Address): boolean {
  return person.addresses.some(
    (one) => one.channel === channel && one.parsed.kind === 'address' && one.parsed.address === address,
  )
}

function openQuestions(
  inbound: Pick<Inbound, 'from' | 'quotes' | 'receivedAt'>,
  asked: Attempt[],
): OpenQuestion[] {
  return asked
    .filter((attempt) => attempt.to === inbound.from && attempt.replyOptions.length > 0)
    .filter(
      (attempt) => attempt.sentAt !== undefined && attempt.sentAt > inbound.receivedAt - questionHoldsFor,
    )
    .flatMap((attempt) => toQuestion(attempt))
    .toSorted((a, b) => b.askedAt - a.askedAt)
}

function toQuestion(attempt: Attempt): OpenQuestion[] {
  const { reference, visit, patient, replyOptions, sentAt } = attempt
  if (!reference || !visit || sentAt === undefined) return []
  return [{ attempt: reference, patient, visit, options: replyOptions, askedAt: sentAt }]
}

function newest(questions: OpenQuestion[], person: Person): OpenQuestion | undefined {
  return questions.find((question) => question.patient === person.reference)
}
