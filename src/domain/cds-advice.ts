/**
 * What a clinician should know at the moment of booking a visit or opening a chart. Whether a way is open is judged by
 * `openHops`, as for every message; here is only decided what of it is worth a card. All is well: nothing is said.
 */
import type { Attempt } from './attempt.ts'
import type { Channel } from './channel.ts'
import { hasFailed } from './delivery.ts'
import type { ClosedHop } from './describe-closed.ts'
import type { Inbound } from './inbound.ts'
import type { Language } from './language.ts'
import type { Reference } from './message-request.ts'
import { tellingReason } from './open-channel.ts'
import type { OpenHops } from './open-hops.ts'
import type { Reason } from './reason.ts'
import { before, type Duration, day, type Instant } from './time.ts'

export type Advice =
  /** By no channel of the clinic's rules. */
  | { kind: 'no-reminder'; closed: ClosedHop[] }
  /** What stands in the chart is wrong; `open` are the channels that remain, maybe none. */
  | { kind: 'wrong-address'; closed: ClosedHop[]; open: Channel[] }
  | { kind: 'other-language'; language: Language }
  | { kind: 'no-language'; language: Language }
  | { kind: 'unread'; count: number }
  /** `uncertain`: nobody can say whether it left. `channel` is the one that the reason is about. */
  | { kind: 'reminder-failed'; reason: Reason; channel?: Channel; uncertain: boolean }

export type AdviceAsk =
  /** `appointments` as the EMR would book them: FHIR, not in its schedule yet. */
  | { hook: 'appointment-book'; patient: Reference; appointments: unknown[] }
  | { hook: 'patient-view'; patient: Reference }

export interface AdviceGiven {
  advice: Advice[]
  /** The clinic's own: whoever reads it works there. */
  language: Language
}

export interface BookingFacts {
  /** Of the channels of all rules together. */
  hops: OpenHops
  /** Channels that are open, and for which the reminder has no words, or lacks a value. */
  wordless: ClosedHop[]
  /** In which the patient is reminded. `fits`: the patient reads it. */
  language: { language: Language; fits: boolean }
  /** BCP 47, as the chart has them. */
  preferredLanguages: string[]
}

/** Somebody has to mend the chart, not to ask the patient. */
const wrong: Reason[] = ['no-address', 'invalid-address', 'not-a-mobile', 'own-address']

export function adviseBooking({ hops, wordless, language, preferredLanguages }: BookingFacts): Advice[] {
  const closed = [...hops.closed, ...wordless]
  const open =
    hops.kind === 'open'
      ? hops.channels.filter((one) => !wordless.some(({ channel }) => channel === one))
      : []
  if (open.length === 0) {
    const isWrong = closed.length > 0 && closed.every(({ reason }) => wrong.includes(reason))
    return [isWrong ? { kind: 'wrong-address', closed, open } : { kind: 'no-reminder', closed }]
  }
  // Nobody needs a mailbox and a telephone: only what is there, and wrong, is worth a word.
  const mistaken = closed.filter(({ reason }) => wrong.includes(reason) && reason !== 'no-address')
  return [
    ...(mistaken.length > 0 ? [{ kind: 'wrong-address', closed: mistaken, open } as const] : []),
    ...adviseLanguage(language, preferredLanguages),
  ]
}

function adviseLanguage({ language, fits }: BookingFacts['language'], preferred: string[]): Advice[] {
  if (fits) return []
  return [{ kind: preferred.length > 0 ? 'other-language' : 'no-language', language }]
}

export interface ChartFacts {
  /** Both of the last `looksBackFor`. */
  inbound: Inbound[]
  attempts: Attempt[]
  /** Requests that still have a hop to come. */
  underway: Reference[]
}

/** What is older is history, and no longer waits for anybody. */
export const looksBackFor: Duration = 30 * day

export function lookBackFrom(now: Instant): Instant {
  return before(now, looksBackFor)
}

export function adviseChart(facts: ChartFacts): Advice[] {
  const count = unread(facts).length
  return [...(count > 0 ? [{ kind: 'unread', count } as const] : []), ...adviseReminder(facts)]
}

/** Newer than what staff last wrote, and not settled by an automatic answer. A reaction asks for nothing. */
function unread({ inbound, attempts }: ChartFacts): Inbound[] {
  const left = attempts.filter(({ state }) => state !== 'not-sent' && !hasFailed(state))
  const answeredAt = Math.max(0, ...left.filter(isByStaff).map(({ sentAt, at }) => sentAt ?? at))
  const settled = new Set(left.filter((one) => !isByStaff(one)).map(({ answers }) => answers))
  return inbound.filter(
    ({ reaction, receivedAt, reference }) => !reaction && receivedAt > answeredAt && !settled.has(reference),
  )
}

function isByStaff({ category }: Attempt): boolean {
  return category === 'conversation'
}

/** Not sent for one of these, it was rightly not sent. */
const asItShouldBe: Reason[] = [
  'visit-missing',
  'visit-cancelled',
  'visit-moved',
  'visit-declined',
  'already-confirmed',
  'merged',
  'visit-over',
  'rule-changed',
  'withdrawn',
]

function adviseReminder({ attempts, underway }: ChartFacts): Advice[] {
  const last = lastReminder(attempts)
  if (!last) return []
  const { state, reason = 'undelivered' } = last
  if (state === 'unknown') return [toFailed(last, last.reason ?? 'no-answer', true)]
  const isLost = hasFailed(state) || (state === 'not-sent' && !asItShouldBe.includes(reason))
  // The next channel of its plan is still to be tried.
  if (!isLost || underway.includes(last.request)) return []
  // Of several hops of one reminder, the one that tells most.
  const own = attempts.filter(({ request }) => request === last.request)
  const telling = tellingReason(own.map(({ reason = 'undelivered' as const }) => reason))
  const hop = own.find(({ reason = 'undelivered' }) => reason === telling) ?? last
  return [toFailed(hop, telling, false)]
}

function toFailed({ channel }: Attempt, reason: Reason, uncertain: boolean): Advice {
  return { kind: 'reminder-failed', reason, ...(channel && { channel }), uncertain }
}

export function lastReminder(attempts: Attempt[]): Attempt | undefined {
  return attempts.filter(({ category }) => category === 'reminder').toSorted((a, b) => b.at - a.at)[0]
}
