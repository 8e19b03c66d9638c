/** Delivery only moves forward: events in any order, any number of times, end in the same state. */
import type { Attempt, AttemptState } from './attempt.ts'
import type { DeliveryEvent, Money } from './outcome.ts'
import { type Instant, instant } from './time.ts'

/**
 * A higher rank wins, whatever came first. A late "delivered" beats "undelivered" (carriers correct themselves); a
 * failure never beats a delivery.
 */
const rank: Record<AttemptState, number> = {
  'not-sent': 0,
  claimed: 1,
  unknown: 2,
  queued: 3,
  sent: 4,
  'relay-accepted': 5,
  failed: 6,
  undelivered: 7,
  delivered: 8,
  read: 9,
}

/** States after which the routing plan may try its next hop. */
export function hasFailed(state: AttemptState): boolean {
  return state === 'failed' || state === 'undelivered'
}

/** States in which the message is, or may be, with the provider: nothing else may be sent for the same hop. */
export function mayHaveLeft(state: AttemptState): boolean {
  return state !== 'not-sent' && !hasFailed(state)
}

/** The attempt after the event. The very same object when the event brings nothing new. */
export function advanceDelivery(attempt: Attempt, event: DeliveryEvent): Attempt {
  const facts = { ...attempt, ...times(attempt, event), ...moved(attempt, event), ...figures(attempt, event) }
  return same(attempt, facts) ? attempt : facts
}

function moved(attempt: Attempt, event: DeliveryEvent): Partial<Attempt> {
  if (!outranks(attempt, event)) return {}
  return {
    state: event.state,
    at: event.at,
    reason: event.reason ?? (hasFailed(event.state) ? 'undelivered' : undefined),
    // FHIR has no empty strings.
    code: event.code || undefined,
    nextAttemptAt: undefined,
    providerId: attempt.providerId,
  }
}

/** Whoever waited a day for a receipt is moved on by an end only: "sent" is no news. */
function rankOf({ state, reason }: Attempt): number {
  return state === 'unknown' && reason === 'no-receipt' ? rank['relay-accepted'] : rank[state]
}

function outranks(attempt: Attempt, event: DeliveryEvent): boolean {
  const difference = rank[event.state] - rankOf(attempt)
  if (difference !== 0) return difference > 0
  if (event.at !== attempt.at) return event.at < attempt.at
  return because(event) < because(attempt)
}

/** Orders two tellings of the same thing at the same instant: which one wins does not matter, only that it always does. */
function because({ state, code, reason }: Pick<Attempt, 'state' | 'code' | 'reason'>): string {
  return `${code ?? ''} ${reason ?? (hasFailed(state) ? 'undelivered' : '')}`
}

function times(attempt: Attempt, event: DeliveryEvent): Partial<Attempt> {
  const reached = { sentAt: attempt.sentAt, deliveredAt: attempt.deliveredAt, readAt: attempt.readAt }
  if (event.state === 'read') reached.readAt = earliest(reached.readAt, event.at)
  // A company may skip "delivered" and send only "read": who read it has received it.
  if (event.state === 'read' || event.state === 'delivered')
    reached.deliveredAt = earliest(reached.deliveredAt, event.at)
  // Whatever happened to it, it was handed over by then; also when our own record of that was lost.
  reached.sentAt = earliest(reached.sentAt, event.at)
  return reached
}

function figures(attempt: Attempt, event: DeliveryEvent): Partial<Attempt> {
  const segments = Math.max(attempt.segments ?? 0, event.segments ?? 0)
  return { segments: segments > 0 ? segments : undefined, cost: dearer(attempt.cost, event.cost) }
}

/** What the company told counts more than a rate card. Of several the highest, so that their order does not matter: companies first tell an estimate, or one part's price. */
function dearer(a: Money | undefined, b: Money | undefined): Money | undefined {
  if (!a || !b) return a ?? b
  if (a.source !== b.source) return a.source === undefined ? a : b
  const difference = Number(b.amount) - Number(a.amount)
  return difference > 0 || (difference === 0 && b.currency < a.currency) ? b : a
}

function earliest(a: Instant | undefined, b: Instant): Instant {
  return a === undefined ? b : instant(Math.min(a, b))
}

function same(a: Attempt, b: Attempt): boolean {
  return (Object.keys(b) as (keyof Attempt)[]).every((key) => a[key] === b[key])
}
