/**
 * retry-message: a message that ended without arriving is tried once more, by hand or by the clock.
 * in: the request, its attempts · decides: `decideRetry`, `decideAutomaticRetry` · out: the request active again in its next round, and dispatched
 */
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import {
  decideAutomaticRetry,
  decideRetry,
  passesByItself,
  type RetryDecision,
  type RetryFacts,
} from '../domain/retry.ts'
import { before, day, type Instant, toIso } from '../domain/time.ts'
import { naming } from '../fhir/codes.ts'
import { fromCommunicationRequest } from '../fhir/communication-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendRequest } from './amend-message.ts'
import { readMessage } from './message-status.ts'
import type { World } from './ports.ts'

export type Retried =
  | { kind: 'retried'; request: Reference; patient: Reference; round: number }
  | Extract<RetryDecision, { kind: 'refused' }>
  /** There is no such request of ours. */
  | { kind: 'missing' }

export function retryMessage(world: World, id: string, wish: { until?: Instant } = {}): Promise<Retried> {
  return retry(world, id, (facts) => decideRetry({ ...facts, ...wish }))
}

async function retry(
  world: World,
  id: string,
  decide: (facts: RetryFacts) => RetryDecision,
): Promise<Retried> {
  const read = await readMessage(world, id)
  if (!read) return { kind: 'missing' }
  const { request, attempts } = read
  const decision = decide({ request, attempts, now: world.now() })
  if (decision.kind === 'refused') return decision
  const reference = `CommunicationRequest/${id}`
  if (!(await reopen(world, reference, request, decision.change)))
    return { kind: 'refused', error: 'Someone else is at this message just now.' }
  await hurry(world, reference, request)
  return { kind: 'retried', request: reference, patient: request.patient, round: decision.change.round }
}

/** Of two who retry at once, one opens the next round and the other finds it open. */
async function reopen(
  world: World,
  reference: Reference,
  decided: MessageRequest,
  change: Extract<RetryDecision, { kind: 'retry' }>['change'],
): Promise<boolean> {
  let won = false
  await amendRequest(world.store, reference, (now) => {
    won = now.status === decided.status && now.round === decided.round
    return won ? change : undefined
  })
  return won
}

/** It is active in the store: without Redis the next tick takes it. */
async function hurry(world: World, reference: Reference, { patient }: MessageRequest): Promise<void> {
  try {
    await world.jobs.add({ kind: 'dispatch', request: reference, patient })
    await world.live.publish({ patient, reference })
  } catch (error) {
    world.log.warn('a retry waits for the next tick', { reference, code: (error as Error).name })
  }
}

/** One that cannot be read holds up no other. */
async function retriedByItself(world: World, reference: Reference): Promise<boolean> {
  try {
    const id = reference.slice('CommunicationRequest/'.length)
    return (await retry(world, id, decideAutomaticRetry)).kind === 'retried'
  } catch (error) {
    world.log.warn('a failed message could not be looked at', { reference, code: (error as Error).name })
    return false
  }
}

/** What failed longer ago is nobody's news any more. */
const looksBack = 2 * day

/** Whatever passes by itself, of the last two days. */
export async function retryFailed(world: World): Promise<void> {
  const ended = await world.store.search('CommunicationRequest', {
    status: 'revoked',
    identifier: `${naming.requestKey}|`,
    _lastUpdated: `ge${toIso(before(world.now(), looksBack))}`,
  })
  let opened = 0
  for (const resource of ended) {
    const read = fromCommunicationRequest(resource)
    if (read.kind !== 'request' || !passesByItself(read.request)) continue
    if (await retriedByItself(world, referenceTo(resource))) opened += 1
  }
  if (opened > 0) world.log.info('messages are tried again', { count: opened })
}
