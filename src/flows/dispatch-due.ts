/**
 * dispatch-due: a tick, or the nudge for one request.
 * in: requests due within the next minute · decides: `decideDispatch` · out: send jobs; or the request's new time or reason
 */
import { mayHaveLeft } from '../domain/delivery.ts'
import { type DispatchFacts, decideDispatch, type Hop } from '../domain/dispatch.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import { after, minute, toIso } from '../domain/time.ts'
import { naming } from '../fhir/codes.ts'
import { fromCommunicationRequest, toReason } from '../fhir/communication-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendRequest, amendRequestStatus } from './amend-message.ts'
import { type RequestRead, readJudged } from './dispatch-facts.ts'
import { recordNotSent } from './not-sent.ts'
import type { JobResult, Lane, World } from './ports.ts'
import { completeRequest, holdRequest } from './record-outcome.ts'
import { sendOn } from './send-message.ts'

/** Every due request of the install; each is judged in a job of its own, so that one bad request stops no other. */
export async function dispatchDue(world: World): Promise<void> {
  const until = after(world.now(), minute)
  const due = await world.store.search('CommunicationRequest', {
    status: 'active',
    occurrence: `le${toIso(until)}`,
    // The EMR has requests of its own, to staff or by other means: they are none of our business.
    identifier: `${naming.requestKey}|`,
  })
  const jobs = due
    .filter((resource) => !resource.doNotPerform)
    .map((resource) => {
      const read = fromCommunicationRequest(resource)
      const request = referenceTo(resource)
      if (read.kind !== 'request') return { job: { kind: 'dispatch', request } as const }
      const { patient, dueAt } = read.request
      const job = { kind: 'dispatch', request, patient } as const
      return { job, ...(dueAt > world.now() && { notBefore: dueAt }) }
    })
  await world.jobs.addAll(jobs)
}

export async function dispatchRequest(
  world: World,
  job: { request: Reference; patient?: Reference },
): Promise<JobResult> {
  const { request: reference } = job
  const { read, facts: readFacts } = await readJudged(world, job)
  if (read.kind !== 'request') {
    await leave(world, reference, read)
    return done
  }
  const facts = await readFacts()

  const decision = decideDispatch(facts)

  switch (decision.kind) {
    case 'send':
      world.tally.count('dispatched', decision.hop.channel)
      return hand(world, facts, decision.hop)
    case 'postpone':
      await postpone(world, reference, decision.until)
      return done
    case 'skip':
      await recordNotSent(world, read.request, decision)
      return done
    case 'settled':
      await settle(world, facts)
      return done
  }
}

const done: JobResult = { kind: 'done' }

/** What someone waits for goes at once, on the facts just read; a campaign stands in its sender's queue. */
async function hand(world: World, facts: DispatchFacts, hop: Hop): Promise<JobResult> {
  const { reference = '', patient } = facts.request
  const lane = laneOf(facts.request)
  const sender = world.senders.find(({ id }) => id === hop.sender)
  if (lane === 'fast' && sender) return sendOn(world, facts, hop, sender)
  await world.jobs.add({ kind: 'send', request: reference, patient, sender: hop.sender, lane })
  return done
}

async function leave(
  world: World,
  reference: Reference,
  read: Exclude<RequestRead, { kind: 'request' }>,
): Promise<void> {
  if (read.kind === 'gone') return world.log.info('a request is gone before its dispatch', { reference })
  if (read.kind === 'foreign') return world.log.info('a request is not ours', { reference })
  return refuse(world, reference, read.because)
}

/** An active request whose message is on its way, or may be, was left so by a death: it is brought up to date. */
async function settle(world: World, { request, attempts }: DispatchFacts): Promise<void> {
  if (!request.reference || request.status !== 'active' || request.forbidden) return
  if (attempts.some(({ state }) => state === 'unknown')) return holdRequest(world, request.reference)
  const isAccepted = attempts.some(({ state }) => mayHaveLeft(state) && state !== 'claimed')
  if (isAccepted) await completeRequest(world, request.reference)
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
