/** What each outcome of a send means: the one table of consequences. */
import { maskAddress } from '../domain/address.ts'
import type { Attempt } from '../domain/attempt.ts'
import { nextTryAt, waitAfterThrottle } from '../domain/backoff.ts'
import { advanceDelivery, hasFailed } from '../domain/delivery.ts'
import type { Outcome } from '../domain/outcome.ts'
import { givesWay } from '../domain/repeat.ts'
import { healthOf, isCutOff, needsRest, slowsSender } from '../domain/sender-health.ts'
import { after, type Duration, type Instant, minute, second } from '../domain/time.ts'
import { toAuditEvent } from '../fhir/audit-event.ts'
import { amendAttempt } from './amend-message.ts'
import { noteCall, pauseSender } from './check-senders.ts'
import { estimateCost } from './estimate-cost.ts'
import { closeDoubts, closeTask } from './open-task.ts'
import type { JobResult, Sender, World } from './ports.ts'
import { type Claimed, completeRequest, denyByProvider, leaveUnknown, resolved } from './resolve-attempt.ts'
import { reopenCarried } from './same-day.ts'

export async function recordOutcome(
  world: World,
  attempt: Claimed,
  outcome: Outcome,
  sender: Sender,
): Promise<JobResult> {
  world.tally.count('sent', outcome.kind)
  const tellStaff = await noteCall(world, sender, outcome)
  // At the same time: the store takes both in one breath.
  const [result] = await Promise.all([
    consequence(world, attempt, outcome, sender),
    audit(world, attempt, outcome),
  ])
  // What is known of the message is on file, whatever becomes of the alert.
  await tellStaff()
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
      return unreachable(world, attempt, outcome, sender)
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
        cost: outcome.cost ?? now.cost ?? estimateCost(world, now, outcome.segments),
      }
    }),
    completeRequest(world, attempt.request, [advanceDelivery(attempt, event)]),
  ])
  // Another worker gave the call up while it still ran.
  if (wasUnknown) await closeTask(world, 'unknown-outcome', attempt.reference)
  if (attempt.possibleDuplicate) await closeDoubts(world, attempt.request)
  // A callback may have said already that it came to nothing: the request is opened again.
  if (amended && hasFailed(amended.state)) await resolved(world, { ...amended, reference: attempt.reference })
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

/** While nobody gets through it is not this message's trouble: that costs it no try. */
async function unreachable(
  world: World,
  attempt: Claimed,
  { code }: Extract<Outcome, { kind: 'unreachable' }>,
  { id }: Sender,
): Promise<JobResult> {
  if (isCutOff((await world.board.read())[id])) {
    // Judged again at once: another sender, or another channel, may carry it meanwhile.
    const at = await putBack(world, attempt, second, (now) => ({ code, calls: now.calls - 1 }))
    return { kind: 'later', at }
  }
  const next = nextTryAt(attempt.calls, world.now(), attempt.attemptId)
  if (next === undefined) return failed(world, attempt, { reason: 'provider-unreachable', code })
  return { kind: 'later', at: await putBack(world, attempt, next - world.now(), () => ({ code })) }
}

/** It waits for its next call; what was not the message's fault costs it no try. */
export async function putBack(
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

/** The patient told the provider to stop: our own Consent says so from now on, and no other channel is tried. */
async function optedOut(world: World, attempt: Claimed, code: string): Promise<JobResult> {
  // In this order: whoever finds the attempt failed must find the Consent too.
  await denyByProvider(world, attempt)
  await markFailed(world, attempt, { reason: 'provider-opt-out', code })
  await reopenCarried(world, attempt)
  return { kind: 'done' }
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
