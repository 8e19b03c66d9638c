/**
 * dispatch-due: a tick, or the nudge for one request.
 * in: requests due within the next minute · decides: `dispatchWindow`, `decideDispatch` · out: send jobs; or the request's new time or reason
 */
import type { CommunicationRequest } from 'fhir/r4'
import { type DispatchFacts, decideDispatch, type Hop } from '../domain/dispatch.ts'
import { laneOf } from '../domain/lane.ts'
import type { Reference } from '../domain/message-request.ts'
import { onlyWay } from '../domain/only-way.ts'
import { fromCommunicationRequest, toReason } from '../fhir/communication-request.ts'
import { referenceTo } from '../fhir/reference.ts'
import { amendRequestStatus } from './amend-message.ts'
import { type RequestRead, readJudged } from './dispatch-facts.ts'
import { findDue } from './due-requests.ts'
import { recordNotSent } from './not-sent.ts'
import type { Job, JobResult, Stored, World } from './ports.ts'
import { postpone } from './postpone.ts'
import { reopenCarriedBy } from './same-day.ts'
import { sendOn } from './send-message.ts'
import { settle } from './settle-request.ts'

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
  await world.jobs.addAll(due.flatMap((resource) => firstJob(world, resource) ?? []))
}

/** Where there is nothing to choose, a campaign stands in its sender's queue at once, and is judged when its turn comes. */
function firstJob(world: World, resource: Stored<CommunicationRequest>) {
  const [judging, ...sending] = waysOut(world, resource)
  const read = fromCommunicationRequest(resource)
  if (read.kind !== 'request') return judging && { job: judging }
  const { request } = read
  const only = laneOf(request) === 'bulk' ? onlyWay(request, world.senders) : undefined
  const job = sending.find((one) => one.kind === 'send' && one.sender === only?.id) ?? judging
  if (only) world.tally.count('dispatched', only.channel)
  return job && { job, ...(request.dueAt > world.now() && { notBefore: request.dueAt }) }
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
      await reopenCarriedBy(world, facts.attempts)
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
  const isReady =
    lane === 'fast' && sender && !(await world.pace.expect({ sender: sender.id, lane })).isTooLong
  if (isReady) return sendOn(world, facts, { hop, sender, lane })
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

/** A request that cannot be read is ended, with what is wrong: it would come back at every tick otherwise. */
async function refuse(world: World, reference: Reference, because: string): Promise<void> {
  const statusReason = { ...toReason('unreadable-request'), text: because }
  await amendRequestStatus(world.store, reference, { status: 'revoked', statusReason })
  world.tally.count('not_sent', 'unreadable-request')
  world.log.warn('a request cannot be read', { reference, code: because })
}
