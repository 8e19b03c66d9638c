/**
 * send-message: one send job.
 * in: the request, the sender · decides: `decideDispatch` again, `renderTemplate` · out: claim → turn → provider → outcome
 *
 * The claim is in the store before the provider is called. Whoever finds a claim that is not its own leaves it alone, so
 * a message may stay `unknown`, but is never sent twice.
 */
import type { Attempt } from '../domain/attempt.ts'
import { restOf } from '../domain/circuit.ts'
import { type DispatchFacts, decideDispatch, type Hop } from '../domain/dispatch.ts'
import { laneOf } from '../domain/lane.ts'
import { isPossibleDuplicate, nextAttemptId } from '../domain/once-more.ts'
import type { Reason } from '../domain/reason.ts'
import { opensFor } from '../domain/sender-limits.ts'
import { spread } from '../domain/spread.ts'
import { after, type Instant, minute, second } from '../domain/time.ts'
import { mayCall } from './check-senders.ts'
import { claim } from './claim.ts'
import { readJudged } from './dispatch-facts.ts'
import { recordNotSent } from './not-sent.ts'
import type { Job, JobResult, Lane, Sender, World } from './ports.ts'
import { postpone } from './postpone.ts'
import { readRecentContact } from './recent-contact.ts'
import { putBack, recordOutcome } from './record-outcome.ts'
import { type Content, renderContent } from './render-content.ts'
import type { Claimed } from './resolve-attempt.ts'
import { readLaterVisits, reopenCarriedBy } from './same-day.ts'
import { settle } from './settle-request.ts'
import { costOf, isCounted, takePlace, takeTurn, uncalled } from './take-turn.ts'
import { ensureThread } from './thread.ts'

type SendJob = Extract<Job, { kind: 'send' }>

const done: JobResult = { kind: 'done' }

export async function sendMessage(world: World, job: SendJob): Promise<JobResult> {
  const { wait, isTooLong } = await world.pace.expect(job)
  // Facts that are read now would be old by the time of the call.
  if (isTooLong) return { kind: 'slow-down', waitFor: wait / 2, lane: job.lane }
  const { read, facts: readFacts } = await readJudged(world, job)
  if (read.kind !== 'request') return done
  const facts = await readFacts()

  const decision = decideDispatch(facts)
  if (decision.kind === 'settled') {
    await settle(world, facts)
    return done
  }
  if (decision.kind === 'postpone') return putOff(world, job, decision.until)
  if (decision.kind === 'skip') {
    await reopenCarriedBy(world, facts.attempts)
    await recordNotSent(world, read.request, decision)
    return done
  }
  // The facts changed since dispatch: another sender's queue has to carry it now.
  const sender = world.senders.find((one) => one.id === job.sender)
  if (sender?.channel !== decision.hop.channel || decision.hop.sender !== job.sender) {
    await world.jobs.add({ ...job, sender: decision.hop.sender })
    return done
  }
  return sendOn(world, facts, { hop: decision.hop, sender, lane: job.lane })
}

/**
 * A short rest is waited out by the sender's whole queue, without a look at each of its messages. A long one stands in the
 * store: what waits for hours has no place in Redis, and none before what may go now.
 */
async function putOff(world: World, { request, sender }: SendJob, until: Instant): Promise<JobResult> {
  const rest = restOf((await world.board.read())[sender]?.circuit, world.now())
  if (rest !== undefined && rest <= minute) return { kind: 'slow-down', waitFor: rest }
  if (until <= after(world.now(), minute)) return { kind: 'later', at: until }
  await postpone(world, request, until)
  return done
}

interface Ready {
  hop: Hop
  sender: Sender
  content: Content
  lane: Lane
}

export async function sendOn(
  world: World,
  facts: DispatchFacts,
  { hop, sender, lane }: Omit<Ready, 'content'>,
): Promise<JobResult> {
  if (isOld(world, facts)) return { kind: 'later', at: world.now() }
  const later = await readLaterVisits(world, facts)
  const content = await renderContent(world, { ...facts, later }, hop, sender)
  if (content.kind === 'refused') return refuseHop(world, facts, hop, sender, content.reason)

  const place = await takePlace(world, sender, { to: hop.to, opens: opensFor(sender, facts) })
  if (place.kind === 'none') return place.result
  const turn = await claimTurn(world, facts, { hop, sender, content, lane }).catch(async (error: unknown) => {
    await place.giveBack()
    throw error
  })
  if (turn.kind === 'held') {
    await place.giveBack()
    return turn.result
  }
  const { claimed } = turn
  if (claimed.calls === 1) world.tally.count('language', content.languageFits ? 'fits' : 'fallback')
  const outcome = await sender.send({
    attemptId: claimed.attemptId,
    to: hop.to,
    content: content.outgoing,
    ...quoteOf(facts, sender),
  })
  if (!isCounted(outcome)) await place.giveBack()
  const result = await recordOutcome(world, claimed, outcome, sender)
  // Whoever stands claimed and waits for a turn would hear the same.
  if (result.kind === 'slow-down') await world.pace.rest(sender.id, result.waitFor).catch(() => undefined)
  return result
}

type Turn = { kind: 'mine'; claimed: Claimed } | { kind: 'held'; result: JobResult }

async function claimTurn(
  world: World,
  facts: DispatchFacts,
  { hop, sender, content, lane }: Ready,
): Promise<Turn> {
  const claimed = await claim(world, facts, await newAttempt(world, facts, hop, sender, content))
  if (!claimed) return { kind: 'held', result: done }
  const cost = costOf(content.outgoing, sender)
  const result =
    (await takeTurn(world, claimed, { sender: sender.id, lane, cost })) ??
    (await reasonToWait(world, facts, claimed, sender))
  return result ? { kind: 'held', result } : { kind: 'mine', claimed }
}

/** Asked last, just before the call; what is held back here surely never left. */
async function reasonToWait(
  world: World,
  facts: DispatchFacts,
  claimed: Claimed,
  sender: Sender,
): Promise<JobResult | undefined> {
  if (isOld(world, facts) || (await isOvertaken(world, facts))) {
    // Of two that hold each other back one comes first.
    const wait = second * (1 + 4 * spread(claimed.attemptId))
    return { kind: 'later', at: await putBack(world, claimed, wait, uncalled) }
  }
  if (await mayCall(world, sender)) return undefined
  await putBack(world, claimed, 5 * second, uncalled)
  return { kind: 'slow-down', waitFor: 5 * second }
}

/** Another message to the same person was claimed at the same time, and a cap allows only one of them. */
async function isOvertaken(world: World, facts: DispatchFacts): Promise<boolean> {
  if (!facts.recent) return false
  const recent = await readRecentContact(world, facts.request, facts.settings)
  return decideDispatch({ ...facts, recent }).kind !== 'send'
}

/** The store kept us waiting meanwhile: a STOP may have come, or the night. */
function isOld(world: World, { now }: DispatchFacts): boolean {
  return world.now() - now > mostAge
}

const mostAge = 20 * second

/** What is missing in the message itself is missing on every channel. */
const isOfThisHop: Reason[] = ['content-not-carried', 'no-template', 'template-not-approved']

/** What this channel cannot say another may: the hop is closed uncalled, and the plan goes on. */
async function refuseHop(
  world: World,
  facts: DispatchFacts,
  hop: Hop,
  sender: Sender,
  reason: Reason,
): Promise<JobResult> {
  const { request } = facts
  if (request.plan.length === 1 || !isOfThisHop.includes(reason)) {
    await recordNotSent(world, request, { reason, hops: [{ channel: hop.channel, reason }] })
    return done
  }
  const nothing = { replyOptions: [], template: undefined }
  const wanted = await newAttempt(world, facts, hop, sender, nothing)
  const closed = await claim(world, facts, {
    ...wanted,
    state: 'failed',
    reason,
    calls: 0,
    calledAt: undefined,
  })
  const { patient } = request
  if (closed)
    await world.jobs.add({ kind: 'dispatch', request: closed.request, patient, lane: laneOf(request) })
  return done
}

/** What is answered is quoted, where the channel can; only on its own channel does the company know it. */
function quoteOf({ answered }: DispatchFacts, { carries, channel }: Sender): { replyTo?: string } {
  const isKnown = answered?.channel === channel && carries.quotes
  return isKnown ? { replyTo: answered.providerId.value } : {}
}

async function newAttempt(
  world: World,
  { request, attempts, visit, thread }: DispatchFacts,
  hop: Hop,
  sender: Sender,
  content: Partial<Content> & Pick<Content, 'replyOptions'>,
): Promise<Attempt> {
  return {
    attemptId: nextAttemptId({ request, attempts }, hop.index),
    ...(isPossibleDuplicate(attempts) && { possibleDuplicate: true as const }),
    request: request.reference ?? '',
    ...(content.carries && { carries: content.carries }),
    patient: request.patient,
    recipient: request.recipient,
    thread: thread ?? (await ensureThread(world, request.patient)),
    answers: request.answers,
    visit: visit && visit !== 'missing' ? visit.reference : undefined,
    category: request.category,
    channel: hop.channel,
    from: sender.address,
    to: hop.to,
    sender: sender.id,
    provider: sender.provider,
    text: content.text,
    subject: content.subject,
    file: content.file,
    reaction: content.reaction,
    language: content.language,
    template: content.template,
    replyOptions: content.replyOptions,
    state: 'claimed',
    at: world.now(),
    calledAt: world.now(),
    calls: 1,
    claimedBy: world.mint(),
  }
}
