/** What follows from where an attempt is: for its request, its Task, the next hop, the consent. Each may be drawn again without harm. */
import type { Attempt } from '../domain/attempt.ts'
import { hasFailed, mayHaveLeft } from '../domain/delivery.ts'
import { afterHandOver, hasLapsed } from '../domain/fallback.ts'
import { type Lane, laneOf } from '../domain/lane.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { isUnanswered } from '../domain/once-more.ts'
import { isFreeToRepeat } from '../domain/repeat.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { policy } from '../fhir/codes.ts'
import { fromConsent } from '../fhir/consent.ts'
import { idOf } from '../fhir/reference.ts'
import { amendAttempt, amendRequest } from './amend-message.ts'
import { readOwnAttempts } from './dispatch-facts.ts'
import { closeTask, openTask } from './open-task.ts'
import type { World } from './ports.ts'
import { type NewConsent, replaceConsent } from './replace-consent.ts'
import { reopenCarried } from './same-day.ts'

export type Claimed = Attempt & { reference: Reference }

/** Accepted by a provider: the intent is fulfilled unless the delivery fails, or one of these attempts has a fallback to wait for. */
export async function completeRequest(world: World, request: Reference, attempts: Attempt[]): Promise<void> {
  await amendRequest(world.store, request, (now) =>
    now.status === 'active' || now.status === 'on-hold' || gaveUpTooEarly(now)
      ? afterHandOver(now, attempts, world.now())
      : undefined,
  )
}

/** A carrier corrects itself: what it called undelivered has arrived after all. */
function gaveUpTooEarly({ status, reason }: MessageRequest): boolean {
  return status === 'revoked' && (reason === 'undelivered' || reason === 'recipient-unreachable')
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
    // Put back meanwhile, it surely never left.
    one.state === 'claimed' && one.nextAttemptAt === undefined
      ? { ...one, state: 'unknown', reason: 'no-answer', at: world.now() }
      : undefined,
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
  if (hasFailed(attempt.state)) await reopenCarried(world, attempt)
  if (attempt.reason === 'provider-opt-out') await denyByProvider(world, attempt)
  else if (hasFailed(attempt.state)) await tryNextHop(world, attempt)
  else await completeRequest(world, attempt.request, [attempt])
}

/** The request was fulfilled when the provider took the message; now it is not, and is judged anew. */
async function tryNextHop(world: World, attempt: Claimed): Promise<void> {
  const own = await readOwnAttempts(world.store, attempt.request)
  const others = own
    .filter((one) => one.reference !== attempt.reference)
    .filter((one) => !(attempt.possibleDuplicate && isUnanswered(one)))
  let lane: Lane = 'bulk'
  let isCarried = false
  await amendRequest(world.store, attempt.request, (now) => {
    lane = laneOf(now)
    isCarried = others.some((one) => carries(one) && !hasLapsed(now, one, world.now()))
    const isOpen = now.status === 'active' && now.handedOverAt !== undefined
    if (isCarried || (now.status !== 'completed' && now.status !== 'on-hold' && !isOpen)) return undefined
    return {
      status: 'active',
      reason: undefined,
      ...(isOpen && { handedOverAt: undefined, dueAt: world.now() }),
    }
  })
  if (isCarried) return
  const { request, patient } = attempt
  await world.jobs.add({ kind: 'dispatch', request, patient, lane })
}

function carries(attempt: Attempt): boolean {
  return mayHaveLeft(attempt.state) && !isFreeToRepeat(attempt)
}

/** Also where the provider tells it later, in an event. */
export async function denyByProvider(world: World, attempt: Claimed): Promise<void> {
  await amendRequest(world.store, attempt.request, (now) =>
    now.status === 'revoked' ? undefined : { status: 'revoked', reason: 'provider-opt-out' },
  )
  const { patient, channel, to: address } = attempt
  // Of a message whose content was removed nobody knows the address any more: staff see to it.
  if (!channel || !address) return openTask(world, { code: 'fix-contact', focus: attempt.reference, patient })
  const known = (await world.store.search('Consent', { patient })).flatMap((one) => fromConsent(one) ?? [])
  const record: NewConsent = {
    ...{ patient, channel, address, active: true, type: 'deny', byStop: true },
    // When it was said, not when we hear of it again: what was permitted since stands.
    ...{ purposes: [], exceptions: [], period: {}, decidedAt: attempt.at, policy: policy.stopReply },
  }
  await replaceConsent(world, { record, evidence: attempt.reference, known })
}
