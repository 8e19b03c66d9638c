/**
 * The conversation in the order it is read: what was written, what waits, and the days between. One request is one
 * bubble, whatever hops it took; its `key` stays the same from the first keystroke saved to the last tick.
 */

import type { Channel } from '../../../src/domain/channel.ts'
import { hasFailed } from '../../../src/domain/delivery.ts'
import type { MessageCategory, MessageRequest, Reference } from '../../../src/domain/message-request.ts'
import type { Reason } from '../../../src/domain/reason.ts'
import { dayInZone, type Instant, minute } from '../../../src/domain/time.ts'
import type { ThreadFile, ThreadMessage } from '../../../src/fhir/communication.ts'
import { isForLater } from './for-later.ts'
import type { Outgoing } from './outgoing.ts'
import { type Reaction, reactionsIn, standsAtCorner, willStandAtCorner } from './reactions.ts'
import { type Quote, quoteFrom, type Targets, targetOf, targetsIn } from './targets.ts'

export type BubbleState = ThreadMessage['state'] | 'waiting' | 'saving' | 'unsaved'

export interface Bubble {
  key: string
  direction: 'out' | 'in'
  category: MessageCategory
  channel?: Channel
  /** In the store; absent while it is only asked for. */
  reference?: Reference
  text?: string
  files: ThreadFile[]
  /** The message that it answers. */
  quote?: Quote
  /** At its corner. */
  reactions: Reaction[]
  at: Instant
  state: BubbleState
  reason?: Reason
  code?: string
  /** The patient may have it twice. */
  possibleDuplicate?: true
  /** What it said was removed. */
  redacted?: true
  /** Hops of the routing plan that failed before this one. */
  earlier: ThreadMessage[]
}

/** What a system line says; the words are `thread.*`. */
export type LineKind = 'confirmed' | 'cancelled' | 'reschedule' | 'stopped' | 'started' | 'help' | 'not-sent'

export type TimelineItem =
  | { kind: 'day'; key: string; at: Instant }
  | { kind: 'bubble'; key: string; at: Instant; bubble: Bubble; continues: boolean }
  | { kind: 'line'; key: string; at: Instant; line: LineKind; category: MessageCategory; reason?: Reason }

export interface Conversation {
  messages: ThreadMessage[]
  requests: MessageRequest[]
  /** Written here and not yet confirmed by the host. */
  outbox: Outgoing[]
  /** What is to go later than this is planned: it stands beside the conversation. */
  due: Instant
}

/** Bubbles of one side stand together when no more than this lies between them. */
const groupedWithin = 5 * minute

/** Days are those of the reader's `zone`. */
export function buildTimeline(conversation: Conversation, zone: string): TimelineItem[] {
  const targets = targetsIn(conversation.messages)
  const told = { ...conversation, targets, reactions: reactionsIn(conversation, targets) }
  const items = [...fromMessages(told), ...fromRequests(told), ...fromOutbox(told)]
  return withDays(grouped(items.toSorted((a, b) => a.at - b.at)), zone)
}

/** With what its messages say about one another. */
interface Told extends Conversation {
  targets: Targets
  reactions: Map<Reference, Reaction[]>
}

function fromMessages({ messages, requests, ...told }: Told): TimelineItem[] {
  const byReference = new Map(requests.map((request) => [request.reference, request]))
  return [...hops(messages)].flatMap(([id, chain]) => {
    const [last, ...earlier] = chain.toReversed()
    if (!last) return []
    const request = byReference.get(last.request)
    const key = id === last.request ? (request?.key ?? id) : id
    return itemsOf(last, { key, earlier: earlier.toReversed(), request, ...told })
  })
}

/** Attempts of one request, in order, by the request; a message that is no next hop stands alone, by its own name. */
function hops(messages: ThreadMessage[]): Map<Reference, ThreadMessage[]> {
  const chains = new Map<Reference, ThreadMessage[]>()
  for (const message of messages.toSorted((a, b) => a.at - b.at)) {
    const chain = message.request ? chains.get(message.request) : undefined
    const before = chain?.at(-1)
    if (chain && before && gaveWay(before)) chain.push(message)
    else chains.set(chain ? message.reference : (message.request ?? message.reference), [message])
  }
  return chains
}

/** A claim is followed by another attempt only when it surely came to nothing. */
function gaveWay({ state }: ThreadMessage): boolean {
  return hasFailed(state as Parameters<typeof hasFailed>[0]) || state === 'not-sent' || state === 'claimed'
}

interface Place extends Pick<Told, 'targets' | 'reactions'> {
  key: string
  earlier: ThreadMessage[]
  request?: MessageRequest
}

function itemsOf(
  message: ThreadMessage,
  { key, earlier, request, targets, reactions }: Place,
): TimelineItem[] {
  const { at, category, channel, code, direction, possibleDuplicate, reason, reference, state } = message
  const text = textIn(message) ?? earlier.flatMap((hop) => textIn(hop) ?? []).at(-1) ?? textOf(request)
  const files = message.files ?? filesOf(request)
  if (state === 'not-sent' && !text && files.length === 0)
    return [{ kind: 'line', key, at, line: 'not-sent', category, reason }]
  const bubble: Bubble = {
    ...{ key, direction, category, channel, reference, text, files, at, state, reason, code },
    possibleDuplicate,
    earlier: earlier.filter((hop) => hop.state !== 'claimed' && !saysTheSame(hop, message)),
    quote: quoteIn(message, targets),
    reactions: reactions.get(reference) ?? [],
    ...(message.redacted && { redacted: true }),
  }
  const line = lineOf(message)
  return [
    ...(standsAtCorner(message, targets)
      ? []
      : [{ kind: 'bubble' as const, key, at, bubble, continues: false }]),
    ...(line ? [{ kind: 'line' as const, key: `${key}.line`, at, line, category }] : []),
  ]
}

/** Nobody reads twice that a message failed by the same channel for the same reason. */
function saysTheSame(hop: ThreadMessage, last: ThreadMessage): boolean {
  const alike = hop.channel === last.channel && hop.reason === last.reason
  return alike && (hop.reason !== undefined || hop.state === last.state)
}

/** An emoji without a message to stand at is a message like others. */
function textIn({ text, reaction }: ThreadMessage): string | undefined {
  return text || reaction || undefined
}

/** An automatic answer follows what it answers; only people pick one message out of many. */
function quoteIn(message: ThreadMessage, targets: Targets): Quote | undefined {
  if (message.reaction !== undefined) return undefined
  const mayQuote = message.direction === 'in' || message.category === 'conversation'
  return mayQuote ? quoteFrom(targetOf(message, targets)) : undefined
}

const lines: Partial<Record<NonNullable<ThreadMessage['replyIntent']>, LineKind>> = {
  confirm: 'confirmed',
  cancel: 'cancelled',
  reschedule: 'reschedule',
  stop: 'stopped',
  start: 'started',
  help: 'help',
}

function lineOf(message: ThreadMessage): LineKind | undefined {
  return message.replyIntent && lines[message.replyIntent]
}

/** What a clinician wrote that has no attempt yet: it waits, or was stopped before the first one. */
function fromRequests({ messages, requests, targets, due }: Told): TimelineItem[] {
  const attempted = new Set(messages.map((message) => message.request))
  return requests
    .filter((request) => request.category === 'conversation' && !attempted.has(request.reference))
    .flatMap((request) => {
      const state = request.status === 'revoked' ? 'not-sent' : waits(request) ? 'waiting' : undefined
      if (state === 'waiting' && (isForLater(request, due) || willStandAtCorner(request, targets))) return []
      return state ? [waiting(request, state, targets)] : []
    })
}

function waits(request: MessageRequest): boolean {
  return request.status === 'active' || request.status === 'on-hold'
}

function fromOutbox({ requests, outbox, targets }: Told): TimelineItem[] {
  const saved = new Set(requests.map((request) => request.key))
  return outbox
    .filter(({ request, state }) => state === 'unsaved' || !willStandAtCorner(request, targets))
    .filter((one) => !saved.has(one.request.key))
    .map((one) => waiting(one.request, one.state, targets))
}

function waiting(request: MessageRequest, state: BubbleState, targets: Targets): TimelineItem {
  const { key, category, dueAt: at, reason, answers, content } = request
  const answered = answers === undefined ? undefined : targets.byReference.get(answers)
  const bubble: Bubble = {
    key,
    direction: 'out',
    category,
    text: textOf(request),
    files: filesOf(request),
    quote: content.kind === 'reaction' ? undefined : quoteFrom(answered),
    reactions: [],
    at,
    state,
    reason,
    earlier: [],
    ...(request.redacted && { redacted: true }),
  }
  // Where it will go is decided when it goes; one open channel leaves no doubt.
  if (request.plan.length === 1) bubble.channel = request.plan[0]
  return { kind: 'bubble', key, at, bubble, continues: false }
}

function textOf(request: MessageRequest | undefined): string | undefined {
  if (!request || request.content.kind === 'template') return undefined
  return request.content.kind === 'reaction' ? request.content.emoji : request.content.text
}

/** Its name is known once it goes out. */
function filesOf(request: MessageRequest | undefined): ThreadFile[] {
  return request?.content.kind === 'file' ? [{ reference: request.content.file }] : []
}

function grouped(items: TimelineItem[]): TimelineItem[] {
  return items.map((item, index) => {
    const before = items[index - 1]
    if (item.kind !== 'bubble' || before?.kind !== 'bubble') return item
    const near = item.at - before.at <= groupedWithin
    const alike =
      before.bubble.direction === item.bubble.direction && before.bubble.category === item.bubble.category
    return { ...item, continues: near && alike }
  })
}

function withDays(items: TimelineItem[], zone: string): TimelineItem[] {
  let day = ''
  return items.flatMap((item) => {
    const itsDay = dayInZone(item.at, zone)
    if (itsDay === day) return [item]
    day = itsDay
    const separator: TimelineItem = { kind: 'day', key: itsDay, at: item.at }
    return [separator, item.kind === 'bubble' ? { ...item, continues: false } : item]
  })
}
