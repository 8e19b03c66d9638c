/**
 * reconcile: a tick over what was left in the middle.
 * in: attempts in `preparation`, patients' messages not yet acted on · decides: `resolveUnknown` · out: jobs, or the attempt as `unknown` with a Task
 */
import type { Attempt } from '../domain/attempt.ts'
import type { Reference } from '../domain/message-request.ts'
import { givenUp, isFreeToRepeat } from '../domain/repeat.ts'
import { resolveUnknown } from '../domain/resolve-unknown.ts'
import { before, second, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { system } from '../fhir/codes.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { amendAttempt } from './amend-message.ts'
import { readRequest } from './dispatch-facts.ts'
import { reopen } from './look-up.ts'
import type { World } from './ports.ts'
import { leaveUnknown, resolved } from './record-outcome.ts'

export async function reconcile(world: World): Promise<void> {
  await reconcileAttempts(world)
  await reconcileInbound(world)
}

async function reconcileAttempts(world: World): Promise<void> {
  const open = await world.store.search('Communication', { status: 'preparation' })
  for (const resource of open) {
    const attempt = fromAttempt(resource)
    if (!attempt?.reference) continue
    const decision = resolveUnknown(attempt, world.now())
    if (decision === 'call-again') await callAgain(world, { ...attempt, reference: attempt.reference })
    if (decision === 'leave-unknown') {
      world.log.warn('an attempt was left in the middle', {
        reference: attempt.reference,
        reason: 'no-answer',
      })
      await leaveUnknown(world, { ...attempt, reference: attempt.reference })
    }
  }
}

/** Once its request is fulfilled another way, withdrawn or over, nobody will call for it any more. */
async function callAgain(world: World, attempt: Attempt & { reference: Reference }): Promise<void> {
  const read = await readRequest(world.store, attempt.request)
  // Freed by a look-up that died before it opened the request again.
  if (read.kind === 'request' && read.request.status === 'on-hold') await reopen(world, attempt.request)
  if (read.kind === 'request' && ['active', 'on-hold'].includes(read.request.status))
    return world.jobs.add({ kind: 'dispatch', request: attempt.request, patient: attempt.patient })
  const ended = await amendAttempt(world.store, attempt.reference, (now) =>
    isFreeToRepeat(now)
      ? givenUp(now, world.now(), read.kind === 'request' ? read.request.reason : undefined)
      : undefined,
  )
  if (ended) await resolved(world, { ...ended, reference: attempt.reference })
}

/** Its job was lost with Redis, or the worker died: drawing the consequences again does no harm. */
async function reconcileInbound(world: World): Promise<void> {
  const waiting = await world.store.search('Communication', {
    status: 'in-progress',
    category: `${system.messageCategory}|patient-message`,
    received: `lt${toIso(before(world.now(), 20 * second))}`,
  })
  for (const resource of waiting) {
    const inbound = fromInbound(resource)
    if (inbound?.reference) await world.jobs.add({ kind: 'answer', message: inbound.reference })
  }
}
