/**
 * message-status: what became of one message, for an EMR's script.
 * in: the request, its attempts, how the senders fare · decides: nothing · out: references, codes and times; no text, name or number
 */
import { type Attempt, placeOf } from '../domain/attempt.ts'
import type { Channel } from '../domain/channel.ts'
import { describeProgress } from '../domain/describe-progress.ts'
import type { MessageRequest } from '../domain/message-request.ts'
import { reasons } from '../domain/reason.ts'
import { type Instant, toIso } from '../domain/time.ts'
import { idOf } from '../fhir/reference.ts'
import { readAttempts, readRequest } from './dispatch-facts.ts'
import type { World } from './ports.ts'

/** `undefined` when there is no such request, or it is the EMR's own. */
export async function messageStatus(world: World, id: string) {
  const read = await readMessage(world, id)
  if (!read) return undefined
  const { request, attempts } = read
  const { status, reason, dueAt, window, plan } = request
  const board = await world.board.read()
  const paused = pausedFor(world, request.plan, board)
  return {
    ...{ id, status },
    sentence: describeProgress({ request, attempts, paused, now: world.now() }),
    ...(reason && { reason, reasonText: reasons[reason] }),
    ...{ dueAt: toIso(dueAt), until: toIso(window.until), channels: plan },
    attempts: attempts.map(attemptStatus),
  }
}

export async function readMessage(
  { store }: Pick<World, 'store'>,
  id: string,
): Promise<{ request: MessageRequest; attempts: Attempt[] } | undefined> {
  const reference = `CommunicationRequest/${id}`
  const [read, attempts] = await Promise.all([readRequest(store, reference), readAttempts(store, reference)])
  if (read.kind !== 'request') return undefined
  return { request: read.request, attempts: attempts.toSorted(inOrder) }
}

/** Round by round, hop by hop. */
function inOrder(one: Attempt, other: Attempt): number {
  const place = ({ attemptId }: Attempt) => placeOf(attemptId) ?? { hop: 0, round: 0 }
  const [a, b] = [place(one), place(other)]
  return a.round - b.round || a.hop - b.hop || one.at - other.at
}

/** Senders of the routing plan through which nothing goes now. */
function pausedFor(
  { senders }: World,
  plan: Channel[],
  board: Awaited<ReturnType<World['board']['read']>>,
): { id: string; code: string }[] {
  return senders.flatMap(({ id, channel }) => {
    const paused = board[id]?.paused
    const isAsked = plan.length === 0 || plan.includes(channel)
    return paused && isAsked ? [{ id, code: paused.code }] : []
  })
}

function attemptStatus(attempt: Attempt) {
  const { channel, sender, provider, state, reason, code, segments, cost } = attempt
  const time = (name: string, at: Instant | undefined) => (at === undefined ? {} : { [name]: toIso(at) })
  return {
    id: idOf(attempt.reference ?? ''),
    ...(channel && { channel }),
    ...(sender && { sender }),
    ...(provider && { provider }),
    state,
    ...(reason && { reason }),
    ...(code && { code }),
    at: toIso(attempt.at),
    ...time('sentAt', attempt.sentAt),
    ...time('deliveredAt', attempt.deliveredAt),
    ...time('readAt', attempt.readAt),
    ...(segments && { segments }),
    ...(cost && { cost }),
  }
}
