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
import { toAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { idOf, referenceTo } from '../fhir/reference.ts'
import { amendAttempt } from './amend-message.ts'
import { readDispatchFacts, readRequest } from './dispatch-facts.ts'
import { recordNotSent } from './not-sent.ts'
import { ConflictError, type Job, type JobResult, type Sender, type World } from './ports.ts'
import { recordOutcome } from './record-outcome.ts'
import { type Content, renderContent } from './render-content.ts'
import { ensureThread } from './thread.ts'

const done: JobResult = { kind: 'done' }

export async function sendMessage(world: World, job: Extract<Job, { kind: 'send' }>): Promise<JobResult> {
  const read = await readRequest(world.store, job.request)
  if (read.kind !== 'request') return done
  const facts = await readDispatchFacts(world, read.request)

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

async function sendOn(world: World, facts: DispatchFacts, hop: Hop, sender: Sender): Promise<JobResult> {
  const content = await renderContent(world, facts, hop, sender)
  if (content.kind === 'refused') {
    await recordNotSent(world, facts.request, {
      reason: content.reason,
      hops: [{ channel: hop.channel, reason: content.reason }],
    })
    return done
  }

  const claimed = await claim(world, facts, hop, sender, content)
  if (!claimed) return done
  const outcome = await sender.send({
    attemptId: claimed.attemptId,
    to: hop.to,
    content: content.outgoing,
    ...quoteOf(facts, sender),
  })
  return recordOutcome(world, claimed, outcome, sender)
}

/** What is answered is quoted, where the channel can; only on its own channel does the company know it. */
function quoteOf({ answered }: DispatchFacts, { carries, channel }: Sender): { replyTo?: string } {
  const isKnown = answered?.channel === channel && carries.quotes
  return isKnown ? { replyTo: answered.providerId.value } : {}
}

/** Writes the attempt as ours. `undefined` when another worker, or an earlier life of this one, has it. */
async function claim(
  world: World,
  facts: DispatchFacts,
  hop: Hop,
  sender: Sender,
  content: Content,
): Promise<(Attempt & { reference: Reference }) | undefined> {
  const wanted = await newAttempt(world, facts, hop, sender, content)
  const identifier = { system: naming.attemptId, value: wanted.attemptId }
  const { resource, created } = await world.store.create(toAttempt(wanted), identifier)
  const reference = referenceTo(resource)
  if (created) {
    world.tally.count('language', content.languageFits ? 'fits' : 'fallback')
    return { ...wanted, reference }
  }
  const repeated = facts.attempts.find(
    (one) => one.reference === reference && one.nextAttemptAt !== undefined,
  )
  return repeated && reclaim(world, { ...repeated, reference }, wanted)
}

/** A call that surely never arrived may be repeated, by whoever takes its `nextAttemptAt` away first. */
async function reclaim(
  world: World,
  attempt: Attempt & { reference: Reference },
  wanted: Attempt,
): Promise<(Attempt & { reference: Reference }) | undefined> {
  let won = false
  try {
    const taken = await amendAttempt(world.store, attempt.reference, (now) => {
      won = now.state === 'claimed' && now.nextAttemptAt === attempt.nextAttemptAt
      // Address, sender and text are those of this call, not of the one before.
      return won ? { ...wanted, reference: now.reference, calls: now.calls + 1 } : undefined
    })
    return won && taken ? { ...taken, reference: attempt.reference } : undefined
  } catch (error) {
    if (error instanceof ConflictError) return undefined
    throw error
  }
}

async function newAttempt(
  world: World,
  { request, visit, now }: DispatchFacts,
  hop: Hop,
  sender: Sender,
  content: Content,
): Promise<Attempt> {
  return {
    attemptId: attemptId(idOf(request.reference ?? ''), hop.index, request.round),
    request: request.reference ?? '',
    patient: request.patient,
    recipient: request.recipient,
    thread: await ensureThread(world, request.patient),
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
  }
}
