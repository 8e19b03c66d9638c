/** What will be said to this patient, and what was not said and why. */
import type { Channel } from '../../../src/domain/channel.ts'
import { hasFailed } from '../../../src/domain/delivery.ts'
import type { MessageCategory, MessageRequest, Reference } from '../../../src/domain/message-request.ts'
import type { Reason } from '../../../src/domain/reason.ts'
import type { Instant } from '../../../src/domain/time.ts'
import type { Visit } from '../../../src/domain/visit.ts'
import type { ThreadMessage } from '../../../src/fhir/communication.ts'
import { isForLater } from '../conversation/for-later.ts'

export interface PlannedMessage {
  key: string
  category: MessageCategory
  dueAt: Instant
  plan: Channel[]
  /** What staff wrote; a template's words are made when it goes. */
  text?: string
  held: boolean
  /** Why it waits, where the worker said so. */
  reason?: Reason
  visitStart?: Instant
  /** Of the visit; absent when none is known. */
  zone?: string
}

export interface UnsentMessage {
  key: string
  category: MessageCategory
  at: Instant
  reason?: Reason
  state: 'not-sent' | 'failed' | 'undelivered' | 'unknown'
  /** Absent when no channel was open. */
  channel?: Channel
  visitStart?: Instant
  zone?: string
}

/** Soonest first. What has an attempt, and what a clinician wrote to go at once, stands in the conversation. */
export function plannedMessages(
  requests: MessageRequest[],
  messages: ThreadMessage[],
  visits: Visit[],
  due: Instant,
): PlannedMessage[] {
  const attempted = new Set(messages.filter(mayArrive).map((message) => message.request))
  return requests
    .filter((request) => ['draft', 'active', 'on-hold'].includes(request.status) && !request.forbidden)
    .filter((request) => request.category !== 'conversation' || isForLater(request, due))
    .filter((request) => !attempted.has(request.reference))
    .map((request) => ({
      key: request.key,
      category: request.category,
      dueAt: request.dueAt,
      plan: request.plan,
      text: textIn(request),
      held: request.status !== 'active',
      reason: request.reason,
      ...visitOf(request, visits),
    }))
    .toSorted((a, b) => a.dueAt - b.dueAt)
}

function textIn({ content }: MessageRequest): string | undefined {
  return content.kind === 'text' || content.kind === 'file' ? content.text : undefined
}

/** Latest first: each request whose last word is a failure, and each attempt that nobody saw the end of. */
export function unsentMessages(
  requests: MessageRequest[],
  messages: ThreadMessage[],
  visits: Visit[],
): UnsentMessage[] {
  const known = new Map(requests.map((request) => [request.reference, request]))
  const ends = lastAttempts(messages)
  const failed = [...ends.values()].flatMap((message) =>
    unsentAttempt(message, known.get(message.request), visits),
  )
  const revoked = requests
    .filter((request) => request.status === 'revoked' && !ends.has(request.reference ?? ''))
    .map((request) => unsentRequest(request, visits))
  return [...failed, ...revoked].toSorted((a, b) => b.at - a.at)
}

function lastAttempts(messages: ThreadMessage[]): Map<Reference, ThreadMessage> {
  const outbound = messages.filter((message) => message.direction === 'out').toSorted((a, b) => a.at - b.at)
  return new Map(outbound.map((message) => [message.request ?? message.reference, message]))
}

function unsentAttempt(
  message: ThreadMessage,
  request: MessageRequest | undefined,
  visits: Visit[],
): UnsentMessage[] {
  const { state } = message
  if (state !== 'not-sent' && state !== 'failed' && state !== 'undelivered' && state !== 'unknown') return []
  // The next hop of the routing plan is still to come.
  if (request?.status === 'active' && state !== 'unknown') return []
  return [
    {
      key: request?.key ?? message.reference,
      ...{ category: message.category, at: message.at, state, channel: message.channel },
      reason: message.reason ?? request?.reason,
      ...(request && visitOf(request, visits)),
    },
  ]
}

function unsentRequest(request: MessageRequest, visits: Visit[]): UnsentMessage {
  const { key, category, dueAt: at, reason } = request
  return { key, category, at, reason, state: 'not-sent', ...visitOf(request, visits) }
}

function visitOf(request: MessageRequest, visits: Visit[]): { visitStart?: Instant; zone?: string } {
  const visit = visits.find((one) => one.reference === request.visit)
  return { visitStart: request.visitStart ?? visit?.start, zone: visit?.zone }
}

function mayArrive(message: ThreadMessage): boolean {
  return message.state !== 'not-sent' && message.state !== 'received' && !hasFailed(message.state)
}
