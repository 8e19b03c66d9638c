/**
 * May we write to this patient, on this channel, at this address, for this purpose? Pure and fail-closed: what is not
 * clearly permitted is refused, each step with its own reason.
 */
import type { Address } from './address.ts'
import type { Channel } from './channel.ts'
import { type MessageCategory, type Purpose, purposeOf, type Reference } from './message-request.ts'
import type { Reason } from './reason.ts'
import type { Instant } from './time.ts'

export interface ConsentRecord {
  reference: Reference
  patient: Reference
  active: boolean
  type: 'permit' | 'deny'
  /** Absent: holds for every channel. */
  channel?: Channel
  /** Absent: holds for every address of the patient on the channel. */
  address?: Address
  /** Empty: all purposes. */
  purposes: Purpose[]
  /** Kinds of messages that a permit leaves out. */
  exceptions: { purposes: Purpose[]; categories: MessageCategory[] }[]
  period: { from?: Instant; until?: Instant }
  decidedAt: Instant
  /** The patient wrote STOP: it then holds for the address, whoever shares it. */
  byStop: boolean
  /** The wording agreed to. */
  policy?: string
  /** Held by the host beside our records: the EMR's own, which only the EMR ends. */
  atHost?: boolean
}

export interface ConsentQuestion {
  /** Of this patient, and those that name this address. */
  records: ConsentRecord[]
  patient: Reference
  channel: Channel
  address: Address
  category: MessageCategory
  now: Instant
  /** What the clinic wants where nothing is on file. */
  noConsent: 'block' | 'allow-care'
}

export type ConsentDecision =
  | { kind: 'permitted'; by?: Reference }
  | { kind: 'refused'; reason: Reason; by?: Reference }

/** The order of steps is that of the profile's guidance: suppression, latest record (deny wins a tie), exceptions, purpose, period. */
export function decideConsent(question: ConsentQuestion): ConsentDecision {
  const active = question.records.filter((record) => record.active && covers(record, question))
  const own = latest(active.filter((record) => record.patient === question.patient))
  const stop = latest(active.filter((record) => record.byStop && record.type === 'deny'))
  if (
    stop &&
    stop.patient !== question.patient &&
    !(own?.type === 'permit' && own.decidedAt > stop.decidedAt)
  )
    return { kind: 'refused', reason: 'address-suppressed', by: stop.reference }
  if (!own) return withoutRecord(question)
  return judge(own, question)
}

function judge(record: ConsentRecord, question: ConsentQuestion): ConsentDecision {
  const by = record.reference
  const purpose = purposeOf[question.category]
  if (record.type === 'deny') return { kind: 'refused', reason: 'opted-out', by }
  const excepted = record.exceptions.some(
    (exception) => exception.purposes.includes(purpose) || exception.categories.includes(question.category),
  )
  if (excepted) return { kind: 'refused', reason: 'category-excepted', by }
  // An answer to what the patient asked needs no purpose of its own: they wrote first.
  if (record.purposes.length > 0 && purpose !== 'PATRQT' && !record.purposes.includes(purpose))
    return { kind: 'refused', reason: 'purpose-not-permitted', by }
  const { from, until } = record.period
  if ((from !== undefined && question.now < from) || (until !== undefined && question.now >= until))
    return { kind: 'refused', reason: 'consent-expired', by }
  return { kind: 'permitted', by }
}

function withoutRecord(question: ConsentQuestion): ConsentDecision {
  const care = purposeOf[question.category] !== 'HMARKT'
  return question.noConsent === 'allow-care' && care
    ? { kind: 'permitted' }
    : { kind: 'refused', reason: 'no-consent' }
}

function covers(record: ConsentRecord, question: ConsentQuestion): boolean {
  if (record.channel && record.channel !== question.channel) return false
  if (record.type === 'deny' && record.purposes.length > 0) {
    if (!record.purposes.includes(purposeOf[question.category])) return false
  }
  return record.address === undefined || record.address === question.address
}

function latest(records: ConsentRecord[]): ConsentRecord | undefined {
  return records.toSorted(latestFirst)[0]
}

/** By decision; of two at the same instant the denying one comes first. */
export function latestFirst(a: ConsentRecord, b: ConsentRecord): number {
  return b.decidedAt - a.decidedAt || Number(b.type === 'deny') - Number(a.type === 'deny')
}
