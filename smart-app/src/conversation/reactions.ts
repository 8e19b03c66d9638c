/** Emoji that stand at the corner of another message. Of each side only the last one counts; an empty one takes it back. */
import { hasFailed } from '../../../src/domain/delivery.ts'
import type { MessageRequest, Reference } from '../../../src/domain/message-request.ts'
import type { Instant } from '../../../src/domain/time.ts'
import type { ThreadMessage } from '../../../src/fhir/communication.ts'
import type { Outgoing } from './outgoing.ts'
import { type Targets, targetOf } from './targets.ts'

/** What staff may put on a patient's message: heard, thanks with heart, thanks, done. */
export const staffReactions = ['👍', '❤️', '🙏', '✅'] as const

export interface Reaction {
  emoji: string
  direction: 'out' | 'in'
}

interface Said extends Reaction {
  on: Reference
  at: Instant
}

/** By the message that they are put on. */
export function reactionsIn(
  { messages, requests, outbox }: Spoken,
  targets: Targets,
): Map<Reference, Reaction[]> {
  const said = [
    ...messages.flatMap((message) => saidBy(message, targets)),
    ...unattempted(requests, messages).flatMap((request) => saidIn(request, targets)),
    ...outbox.filter((one) => one.state === 'saving').flatMap(({ request }) => saidIn(request, targets)),
  ]
  const last = new Map<string, Said>()
  for (const one of said.toSorted((a, b) => a.at - b.at)) last.set(`${one.on} ${one.direction}`, one)
  const found = new Map<Reference, Reaction[]>()
  for (const { on, emoji, direction } of last.values())
    if (emoji) found.set(on, [...(found.get(on) ?? []), { emoji, direction }])
  return found
}

export interface Spoken {
  messages: ThreadMessage[]
  requests: MessageRequest[]
  outbox: Outgoing[]
}

/** It needs no bubble of its own; one that did not arrive does, to say so. */
export function standsAtCorner(message: ThreadMessage, targets: Targets): boolean {
  return message.reaction !== undefined && !failed(message) && targetOf(message, targets) !== undefined
}

/** The same of one that is still on its way. */
export function willStandAtCorner({ content, answers }: MessageRequest, targets: Targets): boolean {
  return content.kind === 'reaction' && answers !== undefined && targets.byReference.has(answers)
}

function saidBy(message: ThreadMessage, targets: Targets): Said[] {
  const target = targetOf(message, targets)
  if (!target || message.reaction === undefined || failed(message)) return []
  const { at, direction, reaction: emoji } = message
  return [{ at, direction, emoji, on: target.reference }]
}

function saidIn(request: MessageRequest, targets: Targets): Said[] {
  const { content, answers: on, dueAt: at } = request
  if (content.kind !== 'reaction' || !on || !willStandAtCorner(request, targets)) return []
  return [{ at, on, emoji: content.emoji, direction: 'out' }]
}

function unattempted(requests: MessageRequest[], messages: ThreadMessage[]): MessageRequest[] {
  const attempted = new Set(messages.map((message) => message.request))
  return requests.filter((one) => one.status === 'active' && !attempted.has(one.reference))
}

function failed({ direction, state }: ThreadMessage): boolean {
  if (direction === 'in') return false
  return state === 'not-sent' || hasFailed(state as Parameters<typeof hasFailed>[0])
}
