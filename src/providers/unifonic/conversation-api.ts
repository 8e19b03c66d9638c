/**
 * WhatsApp through the Conversation API: JSON, two headers instead of a token, one webhook for everything.
 *
 * Of medium confidence: written from the public pages, never tried on a live account. What is marked "low" was seen with
 * one third party only. It keeps no correlation of ours, and has no documented question about a message.
 */
import { z } from 'zod'
import { parseInboundAddress } from '../../domain/address.ts'
import type { ApprovalStatus } from '../../domain/approval.ts'
import type { DeliveryState, Outcome } from '../../domain/outcome.ts'
import { type Instant, parseInstant } from '../../domain/time.ts'
import { type Answer, type Call, call } from '../call.ts'
import type { Health, OutgoingMessage, Parsed, RawWebhook, TemplateState } from '../provider.ts'
import { codeOf, meaningOfStatus, retryAfter, tableOf, toRefusal } from '../refusal.ts'
import { events, ignored, malformed } from '../webhook.ts'

const sendPath = '/v1/messages'
const templatesPath = '/v1/whatsapp/message_templates'

export interface ConversationAccount {
  url: string
  publicId: string
  secret: string
}

/** By HTTP status; its error bodies are not documented. */
const refusals = tableOf([
  ['rejected', '400'], // invalid, or a number outside the sandbox's list: it does not say which
  ['misconfigured', '401'], // wrong pair of keys
  ['misconfigured', '402'], // no balance
  ['misconfigured', '403'], // not allowed to
  ['misconfigured', '404'], // not the API
  ['throttled', '429'], // too fast
  ['unknown', '500-599'], // it does not say that nothing was taken
])

const states: Record<string, DeliveryState> = {
  'message.sent_successfully_to_provider': 'queued', // with WhatsApp itself
  'message.sent': 'sent', // on its way
  'message.delivered': 'delivered', // on the handset
  'message.read': 'read', // opened
  'message.failed': 'failed', // it does not say why
  'message.daily_limit_hit': 'failed', // the number may write to nobody new today
}

const approvals: Record<string, ApprovalStatus> = {
  APPROVED: 'approved', // may be sent
  REJECTED: 'rejected', // may not
  PAUSED: 'paused', // patients blocked or reported it
  DISABLED: 'disabled', // paused too often
  DELETED: 'disabled', // gone
}

// Send

/** `undefined` for what it does not carry. */
export function toConversation(message: OutgoingMessage, account: ConversationAccount): Call | undefined {
  const content = toContent(message)
  if (!content) return undefined
  return {
    method: 'POST',
    url: account.url.replace(/\/$/, '') + sendPath,
    headers: {
      ...keysOf(account),
      'content-type': 'application/json',
      accept: 'application/json',
      // It gives it back nowhere; but whoever must ask its staff about one message can name it.
      'x-correlation-id': message.attemptId,
    },
    body: JSON.stringify({ recipient: { contact: message.to, channel: 'whatsapp' }, content }),
  }
}

function toContent({ content }: OutgoingMessage): object | undefined {
  switch (content.kind) {
    case 'text':
      return { type: 'text', text: content.text }
    case 'template': {
      const { name, language, values } = content.template
      const parameters = values.map((text) => ({ type: 'text', text }))
      const components = parameters.length > 0 && { components: [{ type: 'body', parameters }] }
      return { type: 'template', name, language: { code: language }, ...components }
    }
    case 'file': {
      const { kind, url } = content.file
      // Low: the pages name the kinds, a third party the field `url`; no field for a name is known.
      if (kind !== 'document' && kind !== 'image') return undefined
      return { type: kind, url, ...(content.caption && { caption: content.caption }) }
    }
    case 'reaction':
      return undefined
  }
}

function keysOf({ publicId, secret }: ConversationAccount): Record<string, string> {
  return { publicid: publicId, secret }
}

const acceptance = z.object({ messageId: z.string().min(1).max(128) })

export function fromConversation({ status, headers, body }: Omit<Answer, 'kind'>): Outcome {
  const accepted = acceptance.safeParse(body)
  if (status < 300)
    return accepted.success
      ? { kind: 'accepted', providerId: accepted.data.messageId }
      : { kind: 'unknown', because: `status ${status} without a message id` }
  return toRefusal(refusals(String(status)) ?? meaningOfStatus(status), `http-${status}`, retryAfter(headers))
}

// Health, templates

const listed = z.object({
  id: z.union([z.string().min(1), z.number().transform(String)]).optional(),
  name: z.string().min(1),
  language: z.union([z.string(), z.object({ code: z.string() }).transform(({ code }) => code)]),
  status: z.string(),
  category: z.string().optional().catch(undefined),
  rejected_reason: z.unknown().optional().transform(codeOf),
})

type Listed = { kind: 'templates'; templates: TemplateState[] } | { kind: 'unreachable'; code: string }

export async function listTemplates(account: ConversationAccount): Promise<Listed> {
  const answer = await askTemplates(account)
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  // Low: a bare list was seen with a third party; the list in an envelope is how its other answers come.
  const { data: enveloped = answer.body } = (answer.body ?? {}) as { data?: unknown }
  if (answer.status >= 300 || !Array.isArray(enveloped))
    return { kind: 'unreachable', code: `http-${answer.status}` }
  return { kind: 'templates', templates: enveloped.flatMap(toTemplate) }
}

function toTemplate(given: unknown): TemplateState[] {
  const parsed = listed.safeParse(given)
  if (!parsed.success) return []
  const { id, name, language, category, rejected_reason: because } = parsed.data
  const word = parsed.data.status.toUpperCase()
  const status = Object.hasOwn(approvals, word) ? approvals[word] : undefined
  return [
    {
      ...{ id: id ?? name, name, language, status: status ?? 'pending' },
      ...(category && { category }),
      ...(because && status === 'rejected' && { because }),
    },
  ]
}

/** The cheapest question that only the right keys may ask. */
export async function checkConversation(account: ConversationAccount): Promise<Health> {
  const answer = await askTemplates(account)
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  if (answer.status < 300) return { kind: 'healthy' }
  const code = `http-${answer.status}`
  if (answer.status === 429) return { kind: 'limited', code }
  return { kind: answer.status < 500 ? 'misconfigured' : 'unreachable', code }
}

function askTemplates(account: ConversationAccount) {
  const url = account.url.replace(/\/$/, '') + templatesPath
  return call({ method: 'GET', url, headers: { ...keysOf(account), accept: 'application/json' } })
}

// Parse

const party = z.object({ contact: z.string().min(1) })
const eventBody = z.object({
  messageId: z.string().min(1),
  eventType: z.string(),
  parentMessageId: z.string().min(1).optional().catch(undefined),
  recipient: party.optional().catch(undefined),
  sender: party.optional().catch(undefined),
  content: z
    .object({ text: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  timestamp: z
    .unknown()
    .optional()
    .transform((text) => (typeof text === 'string' ? parseInstant(text) : undefined)),
})
type ConversationEvent = z.infer<typeof eventBody>

/**
 * Unlike a report about an SMS, what became of a WhatsApp message cannot be asked for, so it is believed on the strength of
 * the webhook's key alone; so is what patients write.
 */
export function parseConversation(body: unknown, webhook: RawWebhook, receivedAt: Instant): Parsed {
  const parsed = eventBody.safeParse(body)
  if (!parsed.success) return malformed('an event lacks its message id or its type')
  const { eventType, messageId: providerId, timestamp } = parsed.data
  if (eventType === 'message.received') return parseReceived(parsed.data, webhook, receivedAt)
  const state = Object.hasOwn(states, eventType) ? states[eventType] : undefined
  if (!state) return ignored('unknown event type')
  const failed = state === 'failed'
  return events({
    kind: 'delivery',
    ...{ providerId, state, at: timestamp ?? receivedAt },
    ...(failed && { reason: 'undelivered' as const, code: eventType }),
  })
}

function parseReceived(event: ConversationEvent, { url }: RawWebhook, receivedAt: Instant): Parsed {
  const { messageId: providerId, sender, recipient, content, parentMessageId, timestamp } = event
  // It does not say to which of our numbers it was written, so the webhook's address does.
  const own = recipient?.contact ?? new URL(url).searchParams.get('number') ?? ''
  const from = sender && parseInboundAddress('whatsapp', sender.contact)
  // A plus in an address is read as a space.
  const to = parseInboundAddress('whatsapp', `+${own.replace(/\D/g, '')}`)
  if (!from) return malformed('a message is from something that is no number')
  if (!to) return malformed('the webhook’s address names no number of ours')
  return events({
    kind: 'inbound',
    channel: 'whatsapp',
    ...{ providerId, from, to, at: timestamp ?? receivedAt },
    // How files come is not documented. Staff must know that something came.
    text: content?.text ?? '[unsupported message]',
    ...(parentMessageId && { inReplyTo: parentMessageId }),
  })
}
