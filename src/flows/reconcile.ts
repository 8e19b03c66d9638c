/**
 * reconcile: a tick over what was left in the middle.
 * in: attempts in `preparation`, patients' messages not yet acted on · decides: `resolveUnknown` · out: jobs, or the attempt as `unknown` with a Task
 */
import type { Attempt } from '../domain/attempt.ts'
import type { Reference } from '../domain/message-request.ts'
import { resolveUnknown } from '../domain/resolve-unknown.ts'
import { before, second, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { system } from '../fhir/codes.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { amendAttempt } from './amend-message.ts'
import { readRequest } from './dispatch-facts.ts'
import { findUnfetched } from './fetch-files.ts'
import type { World } from './ports.ts'
import { leaveUnknown } from './record-outcome.ts'

export async function reconcile(world: World): Promise<void> {
  await reconcileAttempts(world)
  await reconcileInbound(world)
  await reconcileFiles(world)
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
  if (read.kind === 'request' && read.request.status === 'active')
    return world.jobs.add({ kind: 'dispatch', request: attempt.request })
  const reason =
    attempt.reason ?? ((read.kind === 'request' && read.request.reason) || 'provider-unreachable')
  await amendAttempt(world.store, attempt.reference, (now) =>
    now.state === 'claimed' && now.nextAttemptAt !== undefined
      ? { ...now, state: 'failed', reason, at: world.now(), nextAttemptAt: undefined }
      : undefined,
  )
}

/** Files that patients sent, and that nobody is fetching any more. */
async function reconcileFiles(world: World): Promise<void> {
  for (const message of await findUnfetched(world)) await world.jobs.add({ kind: 'fetch', message })
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
