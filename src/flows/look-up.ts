/**
 * look-up: what became of messages of which nothing is heard.
 * in: attempts that are silent, or of which a company hinted something · decides: `isLookUpDue`, `mayCallAgain`, `mayGoOnceMore` · out:
 * the attempt as the company knows it; when it surely never had it, one more call; when it cannot tell, what the clinic's settings say
 */
import type { Attempt } from '../domain/attempt.ts'
import { askedFor, isLookUpDue, mayCallAgain } from '../domain/look-up.ts'
import type { Reference } from '../domain/message-request.ts'
import {
  hasCopy,
  isReleased,
  isUnanswered,
  mayBeResent,
  mayGoOnceMore,
  released,
} from '../domain/once-more.ts'
import type { DeliveryEvent, DeliveryHint } from '../domain/outcome.ts'
import type { LookedUp } from '../domain/question.ts'
import { givenUp } from '../domain/repeat.ts'
import { before, type Duration, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { idOf } from '../fhir/reference.ts'
import { amendAttempt, amendRequest } from './amend-message.ts'
import { readAttempts, readRequest } from './dispatch-facts.ts'
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
  const settings = await world.clinic.settings()
  const due = found
    .flatMap((resource) => fromAttempt(resource) ?? [])
    .filter((attempt) => senderOf(world, attempt)?.lookUp || mayBeResent(attempt, settings))
    .filter((attempt) => isLookUpDue(attempt, world.now(), every))
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
  const attempts = await readAttempts(world.store, attempt.request)
  const held = { ...attempt, reference }
  if (known?.kind !== 'never-taken') return goOnceMore(world, held, attempts)
  return hasCopy(attempt, attempts) ? giveUp(world, held) : callAgain(world, held)
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
  const { request, patient } = attempt
  await world.jobs.add({ kind: 'dispatch', request, patient, lane: 'bulk' })
}

/** What was never taken is over where a copy of it is on its way. */
async function giveUp(world: World, attempt: Held): Promise<void> {
  await amendAttempt(world.store, attempt.reference, (now) =>
    isUnanswered(now) ? givenUp({ ...now, reason: undefined }, world.now()) : undefined,
  )
  await closeTask(world, 'unknown-outcome', attempt.reference)
}

/** Nobody can say whether it left. Its Task stays open until the copy is taken. */
async function goOnceMore(world: World, attempt: Held, attempts: Attempt[]): Promise<void> {
  const settings = await world.clinic.settings()
  if (!mayBeResent(attempt, settings)) return
  const read = await readRequest(world.store, attempt.request)
  if (read.kind !== 'request') return
  const { request } = read
  if (!mayGoOnceMore({ attempt, request, attempts, settings, now: world.now() })) return
  const now = await amendAttempt(world.store, attempt.reference, (one) =>
    isUnanswered(one) && !isReleased(one) ? released(one, world.now()) : undefined,
  )
  if (!now || !isReleased(now)) return
  world.log.warn('an urgent message may have left and is sent once more', { reference: attempt.reference })
  await reopen(world, attempt.request)
  await world.jobs.add({ kind: 'dispatch', request: attempt.request })
}

/** Held back while nobody knew; now it is known that nothing was sent. */
export async function reopen({ store }: World, request: Reference): Promise<void> {
  await amendRequest(store, request, (now) =>
    now.status === 'on-hold' && now.reason === 'no-answer'
      ? { status: 'active', reason: undefined }
      : undefined,
  )
}
