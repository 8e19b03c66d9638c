/**
 * send-message: one send job.
 * in: the request, the sender · decides: `decideDispatch` again, `renderTemplate` · out: claim → provider → outcome
 *
 * The claim is in the store before the provider is called. Whoever finds a claim that is not its own leaves it alone, so
 * a message may stay `unknown`, but is never sent twice.
 */
import { type Attempt, attemptId } from '../domain/attempt.ts'
import { type DispatchFacts, decideDispatch, type Hop } from '../domain/dispatch.ts'
import type { Reference } from '../domain/message-request.ts'
import type { Reason } from '../domain/reason.ts'
import { givenUp, isFreeToRepeat } from '../domain/repeat.ts'
import { fromAttempt, toAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { idOf, referenceTo } from '../fhir/reference.ts'
import { amendAttempt } from './amend-message.ts'
import { readJudged } from './dispatch-facts.ts'
import { recordNotSent } from './not-sent.ts'
import { ConflictError, type Job, type JobResult, type Sender, type World } from './ports.ts'
import { recordOutcome } from './record-outcome.ts'
import { type Content, renderContent } from './render-content.ts'
import { ensureThread } from './thread.ts'

type Claimed = Attempt & { reference: Reference }

const done: JobResult = { kind: 'done' }

export async function sendMessage(world: World, job: Extract<Job, { kind: 'send' }>): Promise<JobResult> {
  const { read, facts: readFacts } = await readJudged(world, job)
  if (read.kind !== 'request') return done
  const facts = await readFacts()

  const decision = decideDispatch(facts)
  if (decision.kind === 'settled') return done
  if (decision.kind === 'postpone') return { kind: 'later', at: decision.until }
  if (decision.kind === 'skip') {
    await recordNotSent(world, read.request, decision)
    return done
  }
  // The facts changed since dispatch: another sender's queue has to carry it now.
  const sender = world.senders.find((one) => one.id === job.sender)
  if (sender?.channel !== decision.hop.channel || decision.hop.sender !== job.sender) {
    await world.jobs.add({ ...job, sender: decision.hop.sender })
    return done
  }
  return sendOn(world, facts, decision.hop, sender)
}

export async function sendOn(
  world: World,
  facts: DispatchFacts,
  hop: Hop,
  sender: Sender,
): Promise<JobResult> {
  const content = await renderContent(world, facts, hop, sender)
  if (content.kind === 'refused') return refuseHop(world, facts, hop, sender, content.reason)

  const claimed = await claim(world, facts, await newAttempt(world, facts, hop, sender, content))
  if (!claimed) return done
  if (claimed.calls === 1) world.tally.count('language', content.languageFits ? 'fits' : 'fallback')
  const outcome = await sender.send({
    attemptId: claimed.attemptId,
    to: hop.to,
    content: content.outgoing,
    ...quoteOf(facts, sender),
  })
  return recordOutcome(world, claimed, outcome, sender)
}

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
  if (closed) await world.jobs.add({ kind: 'dispatch', request: closed.request, patient: closed.patient })
  return done
}

/** What is answered is quoted, where the channel can; only on its own channel does the company know it. */
function quoteOf({ answered }: DispatchFacts, { carries, channel }: Sender): { replyTo?: string } {
  const isKnown = answered?.channel === channel && carries.quotes
  return isKnown ? { replyTo: answered.providerId.value } : {}
}

/**
 * Writes the attempt as ours. `undefined` when another worker, or an earlier life of this one, has it. Claims are counted by
 * request, not by hop: who still has older facts would else begin another hop of the same message.
 */
async function claim(world: World, facts: DispatchFacts, wanted: Attempt): Promise<Claimed | undefined> {
  const before = facts.attempts.find(({ attemptId }) => attemptId === wanted.attemptId)
  if (before && before.nextAttemptAt === undefined) return undefined
  if (!(await giveUpOthers(world, facts, wanted))) return undefined
  if (before?.reference) return reclaim(world, { ...before, reference: before.reference }, wanted)
  const count = facts.attempts.filter(({ state }) => state !== 'not-sent').length
  const identifier = { system: naming.claim, value: `${idOf(wanted.request)}_${count}` }
  const resource = toAttempt(wanted)
  const { created, resource: stored } = await world.store.create(
    { ...resource, identifier: [...(resource.identifier ?? []), identifier] },
    identifier,
  )
  // Asked a second time after a lost answer, the store shows us our own claim.
  const isOurs = created || fromAttempt(stored)?.claimedBy === wanted.claimedBy
  return isOurs ? { ...wanted, reference: referenceTo(stored) } : undefined
}

/** What waits on another hop for its next call is not called any more; whoever calls it just now has the message. */
async function giveUpOthers(world: World, { attempts }: DispatchFacts, wanted: Attempt): Promise<boolean> {
  const waiting = attempts.filter((one) => isFreeToRepeat(one) && one.attemptId !== wanted.attemptId)
  for (const { reference = '', nextAttemptAt } of waiting) {
    let gaveUp = false
    await amendAttempt(world.store, reference, (now) => {
      gaveUp = isFreeToRepeat(now) && now.nextAttemptAt === nextAttemptAt
      return gaveUp ? givenUp(now, world.now()) : undefined
    })
    if (!gaveUp) return false
  }
  return true
}

/** A call that surely never arrived may be repeated, by whoever takes its `nextAttemptAt` away first. */
async function reclaim(world: World, attempt: Claimed, wanted: Attempt): Promise<Claimed | undefined> {
  let won = false
  try {
    const taken = await amendAttempt(world.store, attempt.reference, (now) => {
      const isOurs = now.claimedBy === wanted.claimedBy
      const isFree = now.state === 'claimed' && now.nextAttemptAt === attempt.nextAttemptAt
      won = isOurs || isFree
      // Address, sender and text are those of this call, not of the one before.
      const { reference, refusals, throttles } = now
      return isFree && !isOurs
        ? { ...wanted, reference, refusals, throttles, calls: now.calls + 1 }
        : undefined
    })
    return won && taken ? { ...taken, reference: attempt.reference } : undefined
  } catch (error) {
    if (error instanceof ConflictError) return undefined
    throw error
  }
}

async function newAttempt(
  world: World,
  { request, visit, thread, now }: DispatchFacts,
  hop: Hop,
  sender: Sender,
  content: Partial<Content> & Pick<Content, 'replyOptions'>,
): Promise<Attempt> {
  return {
    attemptId: attemptId(idOf(request.reference ?? ''), hop.index, request.round),
    request: request.reference ?? '',
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
    at: now,
    calledAt: now,
    calls: 1,
    claimedBy: world.mint(),
  }
}
