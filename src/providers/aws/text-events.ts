/** What a notification says: what became of a text message, or what a patient wrote. `MEDIA_` and `RCS_` end like `TEXT_`. */
import { z } from 'zod'
import { parseInboundAddress } from '../../domain/address.ts'
import type { DeliveryState } from '../../domain/outcome.ts'
import { type Instant, instant } from '../../domain/time.ts'
import { toMoney, toSegments } from '../amount.ts'
import type { Parsed } from '../provider.ts'
import { type Meaning, reasonOf } from '../refusal.ts'
import { events, ignored, malformed } from '../webhook.ts'

interface Ending {
  state: DeliveryState
  meaning?: Meaning
}

const endings: Record<string, Ending> = {
  QUEUED: { state: 'queued' }, // taken
  PENDING: { state: 'queued' }, // not with the operator yet
  SENT: { state: 'sent' }, // with the operator
  DELIVERED: { state: 'delivered' }, // on the handset
  INVALID: { state: 'failed', meaning: 'invalid-recipient' }, // no such number
  INVALID_MESSAGE: { state: 'failed', meaning: 'content-refused' }, // the text cannot be sent
  UNREACHABLE: { state: 'undelivered', meaning: 'recipient-unreachable' }, // the phone is off
  CARRIER_UNREACHABLE: { state: 'undelivered', meaning: 'recipient-unreachable' }, // the operator is in trouble
  BLOCKED: { state: 'undelivered', meaning: 'policy-refused' }, // the phone, or a do-not-disturb list
  CARRIER_BLOCKED: { state: 'undelivered', meaning: 'policy-refused' }, // the operator
  SPAM: { state: 'undelivered', meaning: 'policy-refused' }, // taken for spam
  PROTECT_BLOCKED: { state: 'undelivered', meaning: 'policy-refused' }, // the account’s own protection
  TTL_EXPIRED: { state: 'undelivered', meaning: 'undelivered' }, // too late to be useful
  UNKNOWN: { state: 'undelivered', meaning: 'no-receipt' }, // no receipt in 72 hours
}

/** "The operator took it"; where operators send no receipts it is also the last word, and then marked as final. */
function endingOf(word: string, isFinal: boolean): Ending | undefined {
  if (word === 'SUCCESSFUL') return { state: isFinal ? 'delivered' : 'sent' }
  return Object.hasOwn(endings, word) ? endings[word] : undefined
}

const text = z.string().min(1)
const eventBody = z.object({
  eventType: z.string(),
  messageId: text,
  eventTimestamp: z.number().optional().catch(undefined),
  isFinal: z.boolean().optional().catch(undefined),
  context: z
    .object({ attemptId: text.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  totalMessageParts: z.unknown().optional().transform(toSegments),
  totalMessagePrice: z.unknown().optional(),
  totalCarrierFee: z.unknown().optional(),
})
const inboundBody = z.object({
  originationNumber: z.string(),
  destinationNumber: z.string(),
  messageBody: z.string(),
  inboundMessageId: text,
  previousPublishedMessageId: text.optional().catch(undefined),
})

/** `told` is the notification's own time. */
export function parseNotification(message: unknown, told: Instant): Parsed {
  if (typeof message !== 'object' || message === null) return ignored('no message of ours')
  if ('eventType' in message) return parseEvent(message, told)
  return 'inboundMessageId' in message ? parseInbound(message, told) : ignored('no message of ours')
}

function parseEvent(message: object, told: Instant): Parsed {
  const parsed = eventBody.safeParse(message)
  if (!parsed.success) return malformed('an event lacks its type or its message id')
  const {
    eventType,
    messageId: providerId,
    context,
    eventTimestamp,
    isFinal,
    totalMessageParts,
  } = parsed.data
  const [, word = ''] = /^(?:TEXT|MEDIA|RCS)_(\w{1,40})$/.exec(eventType) ?? []
  const ending = endingOf(word, isFinal === true)
  if (!ending) return ignored('unknown event type')
  const { totalMessagePrice, totalCarrierFee = 0 } = parsed.data
  const cost = toMoney([totalMessagePrice, totalCarrierFee], 'USD')
  return events({
    kind: 'delivery',
    ...(context?.attemptId && { attemptId: context.attemptId }),
    ...{ providerId, state: ending.state, at: momentOf(eventTimestamp) ?? told },
    ...(ending.meaning && { reason: reasonOf(ending.meaning), code: eventType }),
    ...(totalMessageParts && { segments: totalMessageParts }),
    ...(cost && { cost }),
  })
}

/** Milliseconds; what no calendar holds is no time. */
function momentOf(milliseconds: number | undefined): Instant | undefined {
  const isTime =
    milliseconds !== undefined && Number.isInteger(milliseconds) && Math.abs(milliseconds) <= 8.64e15
  return isTime ? instant(milliseconds) : undefined
}

function parseInbound(message: object, told: Instant): Parsed {
  const parsed = inboundBody.safeParse(message)
  if (!parsed.success) return malformed('a message lacks its id, numbers or text')
  const { inboundMessageId, originationNumber, destinationNumber, messageBody } = parsed.data
  const from = parseInboundAddress('sms', originationNumber)
  const to = parseInboundAddress('sms', destinationNumber)
  if (!from || !to) return malformed('a message is from or to something that is no number')
  const { previousPublishedMessageId: inReplyTo } = parsed.data
  return events({
    kind: 'inbound',
    channel: 'sms',
    ...{ providerId: inboundMessageId, from, to, text: messageBody, at: told },
    ...(inReplyTo && { inReplyTo }),
  })
}
