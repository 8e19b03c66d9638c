/** Where a message stands, in one sentence for the admin who asks. */
import type { Attempt } from './attempt.ts'
import { hasFailed } from './delivery.ts'
import type { MessageRequest } from './message-request.ts'
import { reasons } from './reason.ts'
import { type Instant, toIso } from './time.ts'

export interface Progress {
  request: MessageRequest
  /** In their order. */
  attempts: Attempt[]
  /** Senders of its channels through which nothing goes now, with the company's code. */
  paused: { id: string; code: string }[]
  now: Instant
}

const unclear = 'Nobody knows whether it was sent.'

export function describeProgress({ request, attempts, paused, now }: Progress): string {
  const { status, reason, dueAt } = request
  const last = attempts.at(-1)
  const arrived = attempts.find(({ state }) => state === 'delivered' || state === 'read')
  if (arrived) return arrived.state === 'read' ? 'The patient has read it.' : 'It has arrived.'
  if (attempts.some(({ state }) => state === 'unknown')) return unclear
  if (status === 'revoked') return `It was not sent: ${inSentence(reasons[reason ?? 'undelivered'])}`
  if (status === 'completed') return describeHandedOver(last)
  if (status === 'on-hold' && reason === 'no-answer') return unclear
  if (status !== 'active') return 'It is held back.'
  const [hindered] = paused
  if (hindered) return describePaused(hindered)
  if (request.handedOverAt !== undefined)
    return `It was handed over; unless that is enough by ${toIso(dueAt)}, it goes another way.`
  if (dueAt > now) return `It waits until ${toIso(dueAt)}.`
  return last && hasFailed(last.state) ? 'It is tried another way.' : 'It is on its way out.'
}

/** What is wrong with a sender, and what puts it right. */
export function describePaused({ id, code }: { id: string; code: string }): string {
  return `The sender ${id} is paused because its provider refuses its settings (${code}): correct them, then test it.`
}

function describeHandedOver(last: Attempt | undefined): string {
  if (last?.state === 'relay-accepted') return 'The mail server took it; nothing more can be known.'
  if (last && hasFailed(last.state))
    return `It did not arrive: ${inSentence(reasons[last.reason ?? 'undelivered'])}`
  return 'It was handed over and is on its way to the patient.'
}

function inSentence(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1)
}
