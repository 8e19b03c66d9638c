/**
 * look-up: what became of messages of which nothing is heard.
 * in: attempts that are silent, or of which a company hinted something · decides: `isLookUpDue`, `mayCallAgain` · out: the
 * attempt as the company knows it; or, when it surely never had it, one more call
 */
import type { Attempt } from '../domain/attempt.ts'
import { askedFor, isLookUpDue, mayCallAgain } from '../domain/look-up.ts'
import type { Reference } from '../domain/message-request.ts'
import type { DeliveryEvent, DeliveryHint } from '../domain/outcome.ts'
import type { LookedUp } from '../domain/question.ts'
import { before, type Duration, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { idOf } from '../fhir/reference.ts'
import { amendAttempt, amendRequest } from './amend-message.ts'
import { findUnfetched } from './fetch-files.ts'
import { closeTask } from './open-task.ts'
import { EmrError, type Sender, type World } from './ports.ts'
import { findAttempt, recordDelivery } from './record-delivery.ts'

type Held = Attempt & { reference: Reference }

/** The tick; `every` is its own interval. Each look-up is a job of its own. */
export async function lookUpSilent(world: World, every: Duration): Promise<void> {
  const found = await world.store.search('Communication', {
    status: 'unknown,in-progress',
    identifier: `${naming.attemptId}|`,
    // What is silent for longer is asked for no more.
    _lastUpdated: `ge${toIso(before(world.now(), askedFor))}`,
  })
  const due = found
    .flatMap((resource) => fromAttempt(resource) ?? [])
    .filter((attempt) => senderOf(world, attempt)?.lookUp && isLookUpDue(attempt, world.now(), every))
  await world.jobs.addAll(
    due.flatMap(({ reference: attempt }) =>
      attempt ? [{ job: { kind: 'look-up', attempt } as const }] : [],
    ),
  )
  // Not sooner: until then its own job tries, less and less often.
  for (const message of await findUnfetched(world)) await world.jobs.add({ kind: 'fetch', message })
}

export async function lookUpAttempt(world: World, reference: Reference): Promise<void> {
  const resource = await world.store.read('Communication', idOf(reference))
  const attempt = resource && fromAttempt(resource)
  const sender = attempt && senderOf(world, attempt)
  if (!sender) return
  const known = await ask(world, sender, attempt)
  if (known?.kind === 'found') {
    if (await isAnothers(world, sender, attempt, known.event)) return
    return recordDelivery(world, sender.id, known.event)
  }
  if (known?.kind === 'never-taken') await callAgain(world, { ...attempt, reference })
}

/** Throws when the attempt cannot be found yet: an early hint is tried again rather than lost. */
export async function followHint(world: World, senderId: string, hint: DeliveryHint): Promise<void> {
  const sender = world.senders.find((one) => one.id === senderId)
  if (!sender) return world.log.warn('a hint names a sender that is gone', { code: senderId })
  const attempt = await findAttempt(world, sender, hint)
  if (!attempt)
    throw new EmrError(`no attempt is on file yet for a hint of sender ${senderId}`, { status: 404 })
  const providerId = { system: sender.messageIdSystem, value: hint.providerId }
  const known = await ask(world, sender, { ...attempt, providerId })
  if (known?.kind === 'found') return recordDelivery(world, sender.id, known.event)
  if (known?.kind === 'cannot-say')
    throw new EmrError(`sender ${senderId} could not be asked: ${known.because}`)
}

function senderOf({ senders }: World, attempt: Attempt): Sender | undefined {
  return senders.find((one) => one.id === attempt.sender)
}

/** Companies that keep no correlation of ours know a message by its words: two of the same may stand in one log. */
async function isAnothers(
  { store }: World,
  sender: Sender,
  attempt: Attempt,
  { providerId }: DeliveryEvent,
): Promise<boolean> {
  if (attempt.providerId) return false
  const holders = await store.search('Communication', {
    identifier: `${sender.messageIdSystem}|${providerId}`,
  })
  return holders.some((one) => fromAttempt(one)?.attemptId !== attempt.attemptId)
}

async function ask(world: World, sender: Sender, attempt: Attempt): Promise<LookedUp | undefined> {
  const { attemptId, providerId, to, text = '', calledAt: claimedAt } = attempt
  if (!to || claimedAt === undefined) return undefined
  return sender.lookUp?.({
    ...{ attemptId, to, text, claimedAt, askedAt: world.now() },
    ...(providerId && { providerId: providerId.value }),
  })
}

/** As if it had never been tried: whoever takes `nextAttemptAt` away calls, see `send-message`. */
async function callAgain(world: World, attempt: Held): Promise<void> {
  let frees = false
  await amendAttempt(world.store, attempt.reference, (now) => {
    frees = mayCallAgain(now, world.now())
    return frees
      ? { ...now, state: 'claimed', reason: undefined, at: world.now(), nextAttemptAt: world.now() }
      : undefined
  })
  if (!frees) return
  world.log.info('a message was never taken and is sent again', { reference: attempt.reference })
  await closeTask(world, 'unknown-outcome', attempt.reference)
  await reopen(world, attempt.request)
  await world.jobs.add({ kind: 'dispatch', request: attempt.request, patient: attempt.patient })
}

/** Held back while nobody knew; now it is known that nothing was sent. */
export async function reopen({ store }: World, request: Reference): Promise<void> {
  await amendRequest(store, request, (now) =>
    now.status === 'on-hold' && now.reason === 'no-answer'
      ? { status: 'active', reason: undefined }
      : undefined,
  )
}
