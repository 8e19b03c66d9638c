/**
 * forget-patient: a person asked that what was said with them is deleted.
 * in: all requests and messages whose subject is this patient · decides: which of them are in somebody's hands just now ·
 * out: requests withdrawn, all of it emptied, an AuditEvent
 *
 * By subject only: another who shares the phone keeps every word. Consents stay, because a STOP that is forgotten is a STOP
 * that is not kept.
 */
import type { Communication, CommunicationRequest } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { givenUp, isFreeToRepeat } from '../domain/repeat.ts'
import { isAttemptOver, isPending } from '../domain/retention.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { fromCommunicationRequest } from '../fhir/communication-request.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { hasCopyLeft, isRedacted } from '../fhir/redaction.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendAttempt } from './amend-message.ts'
import { auditRemoval } from './audit-removal.ts'
import type { Stored, World } from './ports.ts'
import { emptyMessage, emptyRequest, finishMessage, finishRequest, type Removal } from './remove-content.ts'

export interface ToForget {
  requests: Stored<CommunicationRequest>[]
  messages: Stored<Communication>[]
  /** Of the requests: those that would still be sent. */
  pending: number
  /** Being sent, or being read, at this very moment: left alone now. */
  underWay: Reference[]
}

export interface Forgotten extends Pick<ToForget, 'pending' | 'underWay'> {
  removals: Removal[]
}

export async function findToForget(world: World, patient: Reference): Promise<ToForget> {
  const [requests, messages] = await Promise.all([findRequests(world, patient), findMessages(world, patient)])
  const pending = requests.filter(wouldBeSent).length
  return { requests, pending, ...messages }
}

/** Throws when the store cannot be reached: what is emptied by then stays so, and the same again does the rest. */
export async function forgetPatient(world: World, patient: Reference): Promise<Forgotten> {
  const requests = await findRequests(world, patient)
  const pending = requests.filter(wouldBeSent).length
  const removals: Removal[] = []
  try {
    for (const one of requests)
      removals.push(
        await (hasCopyLeft(one) ? finishRequest(world, one) : emptyRequest(world, one, withdrawn)),
      )
    // Read only now: what was withdrawn begins no other attempt.
    const { messages, underWay } = await findMessages(world, patient)
    for (const one of messages) removals.push(await forgetMessage(world, one))
    return { removals, pending, underWay }
  } finally {
    await auditRemoval(world, removals, patient)
    for (const { reference } of removals) await world.live.publish({ patient, reference })
  }
}

async function forgetMessage(world: World, message: Stored<Communication>): Promise<Removal> {
  if (isRedacted(message) && hasCopyLeft(message)) return finishMessage(world, message)
  const attempt = fromAttempt(message)
  if (attempt && isFreeToRepeat(attempt))
    await amendAttempt(world.store, referenceTo(message), (now) =>
      isFreeToRepeat(now) ? givenUp(now, world.now(), 'withdrawn') : undefined,
    )
  return emptyMessage(world, message)
}

async function findRequests(world: World, subject: Reference): Promise<Stored<CommunicationRequest>[]> {
  const ours = { subject, identifier: `${naming.requestKey}|` }
  const found = await world.store.search('CommunicationRequest', ours)
  return found.filter((one) => one.doNotPerform !== true && (!isRedacted(one) || hasCopyLeft(one)))
}

function wouldBeSent(resource: CommunicationRequest): boolean {
  const read = fromCommunicationRequest(resource)
  return read.kind === 'request' && !read.request.redacted && isPending(read.request)
}

function withdrawn(now: CommunicationRequest) {
  return wouldBeSent(now) ? ({ status: 'revoked', reason: 'withdrawn' } as const) : {}
}

async function findMessages(
  world: World,
  subject: Reference,
): Promise<Pick<ToForget, 'messages' | 'underWay'>> {
  const found = await world.store.search('Communication', { subject })
  const ours = found.filter((one) => fromAttempt(one) || fromInbound(one) || hasCopyLeft(one))
  const wanted = ours.filter((one) => !isRedacted(one) || hasCopyLeft(one))
  return {
    messages: wanted.filter((one) => !isUnderWay(one)),
    underWay: wanted.filter(isUnderWay).map(referenceTo),
  }
}

/** To empty it now would be undone by whoever has it in hand. */
function isUnderWay(message: Communication): boolean {
  const attempt = fromAttempt(message)
  if (attempt) return !isAttemptOver(attempt) && !isFreeToRepeat(attempt)
  return fromInbound(message)?.handled === false
}
