/** What each outcome of a send means: the one table of consequences. */
import { maskAddress } from '../domain/address.ts'
import type { Attempt } from '../domain/attempt.ts'
import { nextTryAt, waitAfterThrottle } from '../domain/backoff.ts'
import { advanceDelivery, hasFailed, mayHaveLeft } from '../domain/delivery.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import type { Money, Outcome } from '../domain/outcome.ts'
import { plainCategory, priceOf } from '../domain/rate-card.ts'
import { givesWay, isFreeToRepeat } from '../domain/repeat.ts'
import { countSegments } from '../domain/segments.ts'
import { healthOf, needsRest, noteOutcome, slowsSender } from '../domain/sender-health.ts'
import { after, type Duration, type Instant, minute, second } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import { policy } from '../fhir/codes.ts'
import { fromConsent } from '../fhir/consent.ts'
import { idOf } from '../fhir/reference.ts'
import { amendAttempt, amendRequest } from './amend-message.ts'
import { pauseSender } from './check-senders.ts'
import { closeTask, openTask } from './open-task.ts'
import type { JobResult, Sender, World } from './ports.ts'
import { type NewConsent, replaceConsent } from './replace-consent.ts'

type Claimed = Attempt & { reference: Reference }

export async function recordOutcome(
  world: World,
  attempt: Claimed,
  outcome: Outcome,
  sender: Sender,
): Promise<JobResult> {
  world.tally.count('sent', outcome.kind)
  await world.board.change(sender.id, (record) => noteOutcome(record, outcome, world.now()))
  // At the same time: the store takes both in one breath.
  const [result] = await Promise.all([
    consequence(world, attempt, outcome, sender),
    audit(world, attempt, outcome),
  ])
  await world.live.publish({ patient: attempt.patient, reference: attempt.reference })
  return result
}

async function consequence(
  world: World,
  attempt: Claimed,
  outcome: Outcome,
  sender: Sender,
): Promise<JobResult> {
  switch (outcome.kind) {
    case 'accepted':
      await accepted(world, attempt, outcome, sender)
      return { kind: 'done' }
    case 'throttled':
      return throttled(world, attempt, outcome, sender)
    case 'unreachable':
      return unreachable(world, attempt, outcome.code)
    case 'misconfigured':
      return misconfigured(world, attempt, outcome, sender)
    case 'unknown':
      await leaveUnknown(world, attempt)
      return { kind: 'done' }
    case 'rejected':
      return failed(world, attempt, { reason: outcome.reason, code: outcome.code })
    case 'opted-out':
      return optedOut(world, attempt, outcome.code)
  }
}

/** An early callback may have moved the attempt on already: then only what we alone know is added. */
async function accepted(
  world: World,
  attempt: Claimed,
  outcome: Extract<Outcome, { kind: 'accepted' }>,
  sender: Sender,
): Promise<void> {
  const event = {
    kind: 'delivery',
    providerId: outcome.providerId,
    state: outcome.state ?? 'queued',
    at: world.now(),
  } as const
  let wasUnknown = false
  // A death between the two leaves an active request to the next tick, or a claimed attempt to reconcile.
  const [amended] = await Promise.all([
    amendAttempt(world.store, attempt.reference, (now) => {
      wasUnknown = now.state === 'unknown'
      return {
        ...advanceDelivery(now, event),
        providerId: { system: sender.messageIdSystem, value: outcome.providerId },
        segments: outcome.segments ?? now.segments,
        cost: outcome.cost ?? now.cost ?? estimate(world, now, outcome.segments),
      }
    }),
    completeRequest(world, attempt.request),
  ])
  // Another worker gave the call up while it still ran.
  if (wasUnknown) await closeTask(world, 'unknown-outcome', attempt.reference)
  // A callback may have said already that it came to nothing: the request is opened again.
  if (amended && hasFailed(amended.state)) await resolved(world, { ...amended, reference: attempt.reference })
}

/** Accepted by a provider: the intent is fulfilled unless the delivery fails. */
export async function completeRequest(world: World, request: Reference): Promise<void> {
  await amendRequest(world.store, request, (now) =>
    now.status === 'active' || now.status === 'on-hold' || gaveUpTooEarly(now)
      ? { status: 'completed', reason: undefined }
      : undefined,
  )
}

/** A carrier corrects itself: what it called undelivered has arrived after all. */
function gaveUpTooEarly({ status, reason }: MessageRequest): boolean {
  return status === 'revoked' && (reason === 'undelivered' || reason === 'recipient-unreachable')
}

/** A short wait may slow this sender's queue; after a long one another way may be open: it is judged again at once. */
async function throttled(
  world: World,
  attempt: Claimed,
  outcome: Extract<Outcome, { kind: 'throttled' }>,
  sender: Sender,
): Promise<JobResult> {
  const { throttles = 0 } = attempt
  const { waitFor: asked = second } = outcome
  const wait = needsRest(outcome) ? second : waitAfterThrottle(throttles, asked)
  const at = await putBack(world, attempt, wait, (now) => ({
    calls: now.calls - 1,
    throttles: (now.throttles ?? 0) + 1,
  }))
  const health = healthOf((await world.board.read())[sender.id], world.now())
  return slowsSender(outcome, { throttles, health })
    ? { kind: 'slow-down', waitFor: asked }
    : { kind: 'later', at }
}

/** Judged again at once: another sender, or another channel, may carry it while this one is paused. */
async function misconfigured(
  world: World,
  attempt: Claimed,
  outcome: Extract<Outcome, { kind: 'misconfigured' }>,
  sender: Sender,
): Promise<JobResult> {
  // A set-up that its own test calls right is not wrong for everybody: this message alone waits for better times.
  const isItsOwn = givesWay(attempt)
  // In this order: it surely was not sent, whatever becomes of the alert.
  const at = await putBack(world, attempt, isItsOwn ? rarely : second, (now) => ({
    ...{ calls: now.calls - 1, refusals: (now.refusals ?? 0) + 1 },
    ...{ reason: 'sender-misconfigured', code: outcome.code },
  }))
  if (!isItsOwn) await pauseSender(world, sender, outcome.code)
  return { kind: 'later', at }
}

/** As often as every connection is tested. */
const rarely = 15 * minute

async function unreachable(world: World, attempt: Claimed, code: string): Promise<JobResult> {
  const next = nextTryAt(attempt.calls, world.now(), attempt.attemptId)
  if (next === undefined) return failed(world, attempt, { reason: 'provider-unreachable', code })
  return { kind: 'later', at: await putBack(world, attempt, next - world.now(), () => ({ code })) }
}

/** It waits for its next call; what was not the message's fault costs it no try. */
async function putBack(
  world: World,
  attempt: Claimed,
  waitFor: Duration,
  change: (now: Attempt) => Partial<Attempt>,
): Promise<Instant> {
  const at = after(world.now(), waitFor)
  await amendAttempt(world.store, attempt.reference, (now) =>
    now.state === 'claimed' ? { ...now, reason: undefined, ...change(now), nextAttemptAt: at } : undefined,
  )
  return at
}

/**
 * It may have been sent. It waits for a callback, and a human is told. The attempt is marked last: whoever dies before
 * leaves it claimed, and reconcile does all of it again.
 */
export async function leaveUnknown(world: World, attempt: Claimed): Promise<void> {
  const stored = await world.store.read('Communication', idOf(attempt.reference))
  const held = stored && fromAttempt(stored)
  if (!held) return
  // Callbacks may have told all while we still waited for the answer.
  if (held.state !== 'claimed') return resolved(world, { ...held, reference: attempt.reference })
  await openTask(world, { code: 'unknown-outcome', focus: attempt.reference, patient: attempt.patient })
  await holdRequest(world, attempt.request)
  const now = await amendAttempt(world.store, attempt.reference, (one) =>
    one.state === 'claimed' ? { ...one, state: 'unknown', reason: 'no-answer', at: world.now() } : undefined,
  )
  // Its answer, or a callback, came in between.
  if (now) await resolved(world, { ...now, reference: attempt.reference })
}

/** Nothing more may be sent for it until a callback resolves the attempt. */
export async function holdRequest(world: World, request: Reference): Promise<void> {
  await amendRequest(world.store, request, (now) =>
    now.status === 'active' ? { status: 'on-hold', reason: 'no-answer' } : undefined,
  )
}

/** What follows from where an attempt is now; safe to draw again, so that a death in between costs nothing. */
export async function resolved(world: World, attempt: Claimed): Promise<void> {
  if (attempt.state === 'claimed' || attempt.state === 'unknown') return
  await closeTask(world, 'unknown-outcome', attempt.reference)
  if (attempt.reason === 'provider-opt-out') await denyByProvider(world, attempt)
  else if (hasFailed(attempt.state)) await tryNextHop(world, attempt)
  else await completeRequest(world, attempt.request)
}

/** The request was fulfilled when the provider took the message; now it is not, and is judged anew. */
async function tryNextHop(world: World, attempt: Claimed): Promise<void> {
  const others = await world.store.search('Communication', { 'based-on': attempt.request })
  const isCarried = others
    .flatMap((resource) => fromAttempt(resource) ?? [])
    .some((one) => one.reference !== attempt.reference && mayHaveLeft(one.state) && !isFreeToRepeat(one))
  if (isCarried) return
  await amendRequest(world.store, attempt.request, (now) =>
    now.status === 'completed' || now.status === 'on-hold'
      ? { status: 'active', reason: undefined }
      : undefined,
  )
  await world.jobs.add({ kind: 'dispatch', request: attempt.request, patient: attempt.patient })
}

/** The patient told the provider to stop: our own Consent says so from now on, and no other channel is tried. */
async function optedOut(world: World, attempt: Claimed, code: string): Promise<JobResult> {
  // In this order: whoever finds the attempt failed must find the Consent too.
  await denyByProvider(world, attempt)
  await markFailed(world, attempt, { reason: 'provider-opt-out', code })
  return { kind: 'done' }
}

/** Also where the provider tells it later, in an event. */
export async function denyByProvider(world: World, attempt: Claimed): Promise<void> {
  await amendRequest(world.store, attempt.request, (now) =>
    now.status === 'revoked' ? undefined : { status: 'revoked', reason: 'provider-opt-out' },
  )
  const { patient, channel, to: address } = attempt
  if (!channel || !address) return
  const known = (await world.store.search('Consent', { patient })).flatMap((one) => fromConsent(one) ?? [])
  const record: NewConsent = {
    ...{ patient, channel, address, active: true, type: 'deny', byStop: true },
    // When it was said, not when we hear of it again: what was permitted since stands.
    ...{ purposes: [], exceptions: [], period: {}, decidedAt: attempt.at, policy: policy.stopReply },
  }
  await replaceConsent(world, { record, evidence: attempt.reference, known })
}

/** Where the company tells no price; for WhatsApp it tells a category later. */
function estimate(world: World, attempt: Attempt, segments?: number): Money | undefined {
  const { channel, provider, to } = attempt
  const category = channel && plainCategory[channel]
  if (!category || !provider || !to) return undefined
  const counted = segments ?? (channel === 'sms' ? countSegments(attempt.text ?? '').segments : 1)
  return priceOf(world.rateCards, { provider, to, category, segments: counted, at: world.now() })
}

type Failure = { reason: NonNullable<Attempt['reason']>; code: string }

/** This hop is over; the routing plan may know another. */
async function failed(world: World, attempt: Claimed, failure: Failure): Promise<JobResult> {
  const now = await markFailed(world, attempt, failure)
  if (now) await resolved(world, { ...now, reference: attempt.reference })
  return { kind: 'done' }
}

/** A callback may know better by now; the answer is the attempt as it stands. */
function markFailed(world: World, attempt: Claimed, { reason, code }: Failure): Promise<Attempt | undefined> {
  return amendAttempt(world.store, attempt.reference, (now) =>
    now.state === 'claimed' || now.state === 'unknown'
      ? { ...now, state: 'failed', reason, code, at: world.now(), nextAttemptAt: undefined }
      : undefined,
  )
}

async function audit(world: World, attempt: Claimed, outcome: Outcome): Promise<void> {
  await world.store.create(
    toAuditEvent({
      what: 'transmit',
      patient: attempt.patient,
      entities: [attempt.reference, attempt.request],
      source: attempt.sender ?? world.install,
      failed: outcome.kind !== 'accepted',
      ...(attempt.to && { maskedAddress: maskAddress(attempt.to) }),
      now: world.now(),
    }),
  )
}
