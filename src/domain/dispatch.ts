/**
 * May this request be sent now, on which hop of its routing plan, to which address? Judged when it becomes due, and
 * again just before the call. Every "no" has a reason; what is unclear is a "no".
 */
import type { Address } from './address.ts'
import { type Attempt, placeOf } from './attempt.ts'
import { type Channel, channels } from './channel.ts'
import type { ConsentRecord } from './consent.ts'
import { hasFailed, mayHaveLeft } from './delivery.ts'
import { hasLapsed } from './fallback.ts'
import type { RecentContact } from './frequency-cap.ts'
import type { Inbound } from './inbound.ts'
import { laneOf } from './lane.ts'
import type { MessageCategory, MessageRequest, Reference } from './message-request.ts'
import { hasCopy, isReleased } from './once-more.ts'
import { openChannel, reasonAgainstPerson, tellingReason } from './open-channel.ts'
import type { Person } from './person.ts'
import type { Reason } from './reason.ts'
import { givesWay, isFreeToRepeat } from './repeat.ts'
import { isCarried, type SameDay, waitForFirst } from './same-day.ts'
import type { SenderFacts } from './sender-choice.ts'
import type { ClinicSettings } from './settings.ts'
import { spread } from './spread.ts'
import { after, type Instant, instant, minute, second } from './time.ts'
import { reasonAgainstReminding, type Visit } from './visit.ts'
import { waitFor } from './when-to-write.ts'

export interface DispatchFacts {
  request: MessageRequest
  person: Person | undefined
  /** Of the request's visit; `missing` when the EMR says 404 or 410. */
  visit?: Visit | 'missing'
  /** The start that the patient said they will not come to. */
  declinedStart?: Instant
  /** Of the patient, and those that name one of the patient's addresses. */
  consents: ConsentRecord[]
  /** Channels on which the EMR itself forbids contact. */
  hostOptOuts: Channel[]
  /** Every attempt for this request. */
  attempts: Attempt[]
  /** The header of the patient's conversation, once there is one. */
  thread?: Reference
  /** The patient's message that the request answers. */
  answered?: Inbound
  /** When the patient last wrote to us by WhatsApp. */
  lastWhatsAppAt?: Instant
  /** Read only for reminders. */
  sameDay?: SameDay | undefined
  /** What passed between us and the patient lately; read only where the clinic set a cap. */
  recent?: RecentContact | undefined
  /** The start that the patient said they will come to; read only for a rule that asks who has not. */
  acceptedStart?: Instant | undefined
  senders: SenderFacts[]
  settings: ClinicSettings
  now: Instant
}

export interface Hop {
  index: number
  channel: Channel
  to: Address
  sender: string
  /** Why this sender of several. */
  because: Extract<ReturnType<typeof openChannel>, { kind: 'open' }>['because']
}

export type DispatchDecision =
  | { kind: 'send'; hop: Hop }
  | { kind: 'postpone'; until: Instant; reason: Reason }
  | { kind: 'skip'; reason: Reason; hops: { channel: Channel; reason: Reason }[] }
  /** Sent, in flight, withdrawn: nothing is left to do. */
  | { kind: 'settled' }

export function decideDispatch(facts: DispatchFacts): DispatchDecision {
  const decision = decide(facts)
  // What was handed over is not taken back: where no other way is open, it stays as it is.
  return decision.kind === 'skip' && lapsedOf(facts).length > 0 ? { kind: 'settled' } : decision
}

function decide(facts: DispatchFacts): DispatchDecision {
  const { request, now } = facts
  // A "do not perform" is a wish of the EMR's: there is nothing to send, and nothing that we may end.
  if (request.status !== 'active' || request.forbidden) return { kind: 'settled' }
  const lapsed = lapsedOf(facts)
  const left = facts.attempts.filter(
    (one) => mayHaveLeft(one.state) && !lapsed.includes(one) && !hasCopy(one, facts.attempts),
  )
  const isUnderway = left.some((attempt) => !isFreeToRepeat(attempt) && !isReleased(attempt))
  if (isUnderway || isCarried(facts)) return { kind: 'settled' }
  // A template alone might still be rendered, as another message than it was.
  if (request.redacted) return { kind: 'skip', reason: 'no-content', hops: [] }
  const against =
    optedOutAtProvider(facts) ??
    reasonAgainstPerson(facts.person) ??
    againstVisit(facts) ??
    (now >= request.window.until ? tooLate(facts) : undefined) ??
    (hasBegun(facts) ? 'visit-over' : undefined)
  if (against) return { kind: 'skip', reason: against, hops: [] }
  const until = notBefore(request, left)
  if (now < until) return { kind: 'postpone', until, reason: 'not-yet-due' }
  const first = lapsed.length === 0 ? waitForFirst(facts) : undefined
  return first === undefined ? route(facts) : { kind: 'postpone', until: first, reason: 'merged' }
}

/** Handed over, but not read or not delivered in the time that it was given. */
function lapsedOf({ attempts, request, now }: DispatchFacts): Attempt[] {
  return attempts.filter((attempt) => hasLapsed(request, attempt, now))
}

/** Whoever wrote the request may have given it a longer life than its visit has. */
function hasBegun({ request, visit, now }: DispatchFacts): boolean {
  const start = visit && visit !== 'missing' ? visit.start : undefined
  return request.category === 'reminder' && start !== undefined && now >= start
}

/** What was sent and did not arrive in its time failed for that reason, not for being late. */
function tooLate(facts: DispatchFacts): Reason {
  const failed = facts.attempts.filter((attempt) => isOfRound(attempt, facts) && hasFailed(attempt.state))
  const found = failed.map(({ reason = 'undelivered' as const }) => reason)
  return found.length > 0 ? tellingReason(found) : 'expired'
}

/** Whoever told one provider to stop is not written to by another. */
function optedOutAtProvider({ attempts }: DispatchFacts): Reason | undefined {
  return attempts.find(({ reason }) => reason === 'provider-opt-out')?.reason
}

function notBefore({ dueAt, window }: MessageRequest, waiting: Attempt[]): Instant {
  const nextTries = waiting.flatMap(({ nextAttemptAt }) => nextAttemptAt ?? [])
  return instant(Math.max(dueAt, window.from, ...nextTries))
}

function againstVisit(facts: DispatchFacts): Reason | undefined {
  const { visit, request, settings, declinedStart } = facts
  if (!request.visit || request.category !== 'reminder') return undefined
  if (!visit || visit === 'missing') return 'visit-missing'
  const against = reasonAgainstReminding(visit, settings.remindOn)
  if (against) return against
  if (visit.start !== request.visitStart) return 'visit-moved'
  const own = visit.patients.find((one) => one.reference === request.patient)
  if (!own) return 'visit-cancelled'
  // Who declined Tuesday is asked again when staff have moved the visit to Wednesday.
  if (own.declined && declinedStart === visit.start) return 'visit-declined'
  const hasConfirmed = own.confirmed || facts.acceptedStart === visit.start
  return hasConfirmed && asksWhoHasNot(facts) ? 'already-confirmed' : undefined
}

/** The rule as it stands now: what it says of its reminders holds for those that are planned too. */
export function asksWhoHasNot({ request, settings }: Pick<DispatchFacts, 'request' | 'settings'>): boolean {
  return settings.rules.some(({ id, onlyIf }) => id === request.ruleId && onlyIf === 'unconfirmed')
}

function route(facts: DispatchFacts): DispatchDecision {
  const plan = facts.request.plan.length > 0 ? facts.request.plan : [...channels]
  const judged = plan.map((channel, index) => {
    const mine = facts.attempts.filter((attempt) => isOf(attempt, facts, index))
    const failed = mine.find((one) => hasFailed(one.state) || hasLapsed(facts.request, one, facts.now))
    const state = failed ? closedBy(failed) : openHop(facts, channel)
    return { index, channel, state, wasTried: failed !== undefined, last: mine.some(givesWay) }
  })
  // Stable: the plan's own order, but for a hop that was refused again and again.
  for (const { index, channel, state } of judged.toSorted((a, b) => Number(a.last) - Number(b.last)))
    if (state.kind === 'open') {
      const { to, sender, because } = state
      return whenAwake(facts, { index, channel, to, sender, because })
    }
  const closed = judged.flatMap(({ channel, state, wasTried }) =>
    state.kind === 'closed' ? [{ channel, reason: state.reason, wasTried }] : [],
  )
  return untilMended(facts, closed) ?? skipped(closed)
}

function skipped(closed: { channel: Channel; reason: Reason }[]): DispatchDecision {
  const hops = closed.map(({ channel, reason }) => ({ channel, reason }))
  return { kind: 'skip', reason: tellingReason(closed.map((one) => one.reason)), hops }
}

/** A retry begins the plan anew: what failed in earlier rounds closes nothing. */
function isOf(attempt: Attempt, facts: DispatchFacts, hop: number): boolean {
  return isOfRound(attempt, facts) && placeOf(attempt.attemptId)?.hop === hop
}

function isOfRound({ attemptId }: Attempt, { request }: DispatchFacts): boolean {
  return placeOf(attemptId)?.round === (request.round ?? 0)
}

/**
 * A sender that is not set up right, or at its limit, holds its messages back, as long as they are of use. The longer it
 * has lasted, the seldomer is looked: each look costs the store a write.
 */
function untilMended(
  facts: DispatchFacts,
  closed: { channel: Channel; reason: Reason; wasTried: boolean }[],
): DispatchDecision | undefined {
  const waiting = closed.find(
    ({ reason, wasTried }) => !wasTried && (reason === 'sender-misconfigured' || reason === 'sender-resting'),
  )
  const { request, now } = facts
  const lasted = (now - request.window.from) / 4
  const until = untilFree(facts, closed) ?? after(now, Math.min(Math.max(lasted, soonest), latest))
  if (!waiting || until >= request.window.until) return undefined
  return { kind: 'postpone', until, reason: waiting.reason }
}

/** When a company's cap frees a place. What may wait lets go first what may not, and does not come all at once. */
function untilFree(
  { request, senders, now }: DispatchFacts,
  closed: { channel: Channel; reason: Reason }[],
): Instant | undefined {
  const resting = closed.filter(({ reason }) => reason === 'sender-resting').map(({ channel }) => channel)
  const free = senders.flatMap(({ channel, freeAt }) => (resting.includes(channel) ? (freeAt ?? []) : []))
  if (free.length === 0) return undefined
  const first = after(instant(Math.min(...free)), second)
  const spreads = laneOf(request) === 'bulk' ? minute * (1 + 14 * spread(request.key)) : 0
  return instant(Math.max(Math.round(first + spreads), now + second))
}

const soonest = 2 * minute
const latest = 15 * minute

function closedBy({ reason = 'undelivered' }: Attempt) {
  return { kind: 'closed', reason } as const
}

function openHop(facts: DispatchFacts, channel: Channel) {
  const { request, person, settings, consents, hostOptOuts, senders, answered, lastWhatsAppAt, now } = facts
  if (!person) return { kind: 'closed', reason: 'patient-missing' } as const
  const content = request.content.kind
  return openChannel(
    {
      ...{ person, consents, hostOptOuts, senders, answered, lastWhatsAppAt, now },
      ...{ category: categoryOf(facts), content, noConsent: settings.noConsent, seed: request.patient },
    },
    channel,
  )
}

/** What a request calls itself is believed only as far as it can be seen: an automatic answer answers, in our own words. */
function categoryOf({ request, answered }: DispatchFacts): MessageCategory {
  const { category, content } = request
  const isAutomatic = category === 'auto-reply' || category === 'consent-confirmation'
  if (category === 'patient-message') return 'conversation'
  if (!isAutomatic) return category
  const template = content.kind === 'template' ? content.template : undefined
  if (!answered || !template?.includes('/reply-')) return 'conversation'
  // Only these fixed texts may pass a STOP.
  const confirms = /\/reply-(stop|start)\|/.test(template)
  return category === 'consent-confirmation' && !confirms ? 'auto-reply' : category
}

/** What waits for longer than it is of use has come to nothing. */
function whenAwake(facts: DispatchFacts, hop: Hop): DispatchDecision {
  const wait = waitFor(facts, categoryOf(facts))
  if (!wait) return { kind: 'send', hop }
  const { until, reason } = wait
  return until < facts.request.window.until
    ? { kind: 'postpone', until, reason }
    : { kind: 'skip', reason, hops: [{ channel: hop.channel, reason }] }
}
