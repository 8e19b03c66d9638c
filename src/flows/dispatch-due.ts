/**
 * dispatch-due: a tick, or the nudge for one request.
 * in: requests due within the next minute · decides: `dispatchWindow`, `decideDispatch` · out: send jobs; or the request's new time or reason
 */
import type { CommunicationRequest } from 'fhir/r4'
import { mayHaveLeft } from '../domain/delivery.ts'
import { type DispatchFacts, decideDispatch } from '../domain/dispatch.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { fromCommunicationRequest, toReason } from '../fhir/communication-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendRequest, amendRequestStatus } from './amend-message.ts'
import { readDispatchFacts, readRequest } from './dispatch-facts.ts'
import { findDue } from './due-requests.ts'
import { recordNotSent } from './not-sent.ts'
import type { Job, Lane, Stored, World } from './ports.ts'
import { completeRequest, holdRequest } from './record-outcome.ts'

/**
 * What is due, as much of it as may be in Redis; each is judged in a job of its own, so that one bad request stops no other.
 */
export async function dispatchDue(world: World): Promise<void> {
  const due = await findDue(world, async (requests) => {
    const ways = requests.map((one) => waysOut(world, one))
    const isHeld = await world.jobs.held(ways.flat())
    const each = 1 + world.senders.length
    return ways.map((_, index) => isHeld.slice(index * each, (index + 1) * each).includes(true))
  })
  const jobs = due.flatMap((resource) => {
    const [job] = waysOut(world, resource)
    const read = fromCommunicationRequest(resource)
    const notBefore =
      read.kind === 'request' && read.request.dueAt > world.now() ? read.request.dueAt : undefined
    return job ? [{ job, ...(notBefore && { notBefore }) }] : []
  })
  await world.jobs.addAll(jobs)
}

/** The job that judges a request, and those that may have come of it. */
function waysOut({ senders }: World, resource: Stored<CommunicationRequest>): Job[] {
  const read = fromCommunicationRequest(resource)
  const lane = read.kind === 'request' ? laneOf(read.request) : 'bulk'
  const request = referenceTo(resource)
  return [
    { kind: 'dispatch', request },
    ...senders.map(({ id: sender }) => ({ kind: 'send', request, sender, lane }) as const),
  ]
}

export async function dispatchRequest(world: World, reference: Reference): Promise<void> {
  const read = await readRequest(world.store, reference)
  if (read.kind === 'gone') return world.log.info('a request is gone before its dispatch', { reference })
  if (read.kind === 'foreign') return world.log.info('a request is not ours', { reference })
  if (read.kind === 'refused') return refuse(world, reference, read.because)
  const facts = await readDispatchFacts(world, read.request)

  const decision = decideDispatch(facts)

  switch (decision.kind) {
    case 'send':
      world.tally.count('dispatched', decision.hop.channel)
      return world.jobs.add({
        kind: 'send',
        request: reference,
        sender: decision.hop.sender,
        lane: laneOf(read.request),
      })
    case 'postpone':
      return postpone(world, reference, decision.until)
    case 'skip':
      return recordNotSent(world, read.request, decision)
    case 'settled':
      return settle(world, facts)
  }
}

/** An active request whose message is on its way, or may be, was left so by a death: it is brought up to date. */
async function settle(world: World, { request, attempts }: DispatchFacts): Promise<void> {
  if (!request.reference || request.status !== 'active' || request.forbidden) return
  const left = attempts.filter(({ state }) => mayHaveLeft(state) && state !== 'claimed')
  if (left.some(({ state }) => state !== 'unknown')) return completeRequest(world, request.reference)
  if (left.length > 0) await holdRequest(world, request.reference)
}

/** A request that cannot be read is ended, with what is wrong: it would come back at every tick otherwise. */
async function refuse(world: World, reference: Reference, because: string): Promise<void> {
  const statusReason = { ...toReason('unreadable-request'), text: because }
  await amendRequestStatus(world.store, reference, { status: 'revoked', statusReason })
  world.tally.count('not_sent', 'unreadable-request')
  world.log.warn('a request cannot be read', { reference, code: because })
}

function laneOf(request: MessageRequest): Lane {
  const urgent = request.priority === 'urgent' || request.priority === 'stat'
  // What a script orders may be ten thousand; nobody sits before a screen for it.
  const isOrdered = request.key.startsWith('api-')
  return urgent || (request.category !== 'reminder' && !isOrdered) ? 'fast' : 'bulk'
}

/** The new time stands in the store, so that it survives everything. */
async function postpone(world: World, reference: Reference, until: MessageRequest['dueAt']): Promise<void> {
  await amendRequest(world.store, reference, (request) =>
    request.status === 'active' && request.dueAt < until ? { dueAt: until } : undefined,
  )
}
