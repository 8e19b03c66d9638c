/**
 * dispatch-due: a tick, or the nudge for one request.
 * in: requests due within the next minute · decides: `dispatchWindow`, `decideDispatch` · out: send jobs; or the request's new time or reason
 */
import type { CommunicationRequest } from 'fhir/r4'
import { mayHaveLeft } from '../domain/delivery.ts'
import { type DispatchFacts, decideDispatch, type Hop } from '../domain/dispatch.ts'
import { hasLapsed } from '../domain/fallback.ts'
import { laneOf } from '../domain/lane.ts'
import type { Reference } from '../domain/message-request.ts'
import { isCarried } from '../domain/same-day.ts'
import { fromCommunicationRequest, toReason } from '../fhir/communication-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendRequestStatus } from './amend-message.ts'
import { type RequestRead, readJudged } from './dispatch-facts.ts'
import { findDue } from './due-requests.ts'
import { recordNotSent } from './not-sent.ts'
import type { Job, JobResult, Stored, World } from './ports.ts'
import { postpone } from './postpone.ts'
import { completeRequest, holdRequest } from './resolve-attempt.ts'
import { completeCarried } from './same-day.ts'
import { sendOn } from './send-message.ts'

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
  const about = { request, lane, ...(read.kind === 'request' && { patient: read.request.patient }) }
  return [
    { kind: 'dispatch', ...about },
    ...senders.map(({ id: sender }) => ({ kind: 'send', sender, ...about }) as const),
  ]
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
  if (lane === 'fast' && sender) return sendOn(world, facts, { hop, sender, lane })
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
async function settle(world: World, { request, attempts, ...facts }: DispatchFacts): Promise<void> {
  if (!request.reference || request.status !== 'active' || request.forbidden) return
  if (isCarried(facts)) return completeCarried(world, request.reference)
  const left = attempts.filter(({ state }) => mayHaveLeft(state) && state !== 'claimed')
  const isOpen = left.length > 0 && left.every(({ state }) => state === 'unknown')
  if (isOpen && request.handedOverAt === undefined) return holdRequest(world, request.reference)
  // No other way was open to what was given its time.
  const inTime = attempts.filter((attempt) => !hasLapsed(request, attempt, world.now()))
  if (left.length > 0) await completeRequest(world, request.reference, inTime)
}

/** A request that cannot be read is ended, with what is wrong: it would come back at every tick otherwise. */
async function refuse(world: World, reference: Reference, because: string): Promise<void> {
  const statusReason = { ...toReason('unreadable-request'), text: because }
  await amendRequestStatus(world.store, reference, { status: 'revoked', statusReason })
  world.tally.count('not_sent', 'unreadable-request')
  world.log.warn('a request cannot be read', { reference, code: because })
}
