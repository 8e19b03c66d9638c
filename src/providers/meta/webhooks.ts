/**
 * What the company calls us with: proof over the raw bytes, the handshake, and events. One call may bring many: what cannot
 * be read is ignored by itself, because a refusal would bring everything else again too.
 */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { ProviderEvent } from '../../domain/outcome.ts'
import type { Instant } from '../../domain/time.ts'
import { parseDisplayNumber } from '../../domain/whatsapp-id.ts'
import type { DictatedAnswer, Parsed, RawWebhook, Verdict } from '../provider.ts'
import { codeOf } from '../refusal.ts'
import { events, ignored, isSame, malformed, readJson } from '../webhook.ts'
import type { Account } from './account.ts'
import { contact, toInbound } from './inbound.ts'
import { toDelivery } from './statuses.ts'
import { approvalOf, becauseOf } from './templates.ts'

export function verify({ headers, body }: RawWebhook, { appSecret }: { appSecret: string }): Verdict {
  const given = headers['x-hub-signature-256']
  if (!given) return { kind: 'refused', because: 'unsigned' }
  const wanted = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
  return isSame(given, wanted) ? { kind: 'valid' } : { kind: 'refused', because: 'wrong signature' }
}

/** Asked once, when the webhook's address is entered at the company. */
export async function handshake(
  { method, url }: RawWebhook,
  { verifyToken }: { verifyToken: string },
): Promise<DictatedAnswer | undefined> {
  if (method !== 'GET') return undefined
  const asked = new URL(url).searchParams
  const isOurs =
    asked.get('hub.mode') === 'subscribe' && isSame(asked.get('hub.verify_token') ?? '', verifyToken)
  return isOurs
    ? { status: 200, contentType: 'text/plain', body: asked.get('hub.challenge') ?? '' }
    : { status: 403, contentType: 'text/plain', body: '' }
}

const webhookBody = z.object({
  object: z.string(),
  entry: z.array(
    z.object({
      id: z.unknown().optional(),
      changes: z.array(z.object({ field: z.string(), value: z.unknown().optional() })),
    }),
  ),
})

/** One app may serve several business accounts: what is rightly signed may still be about another clinic's patients. */
export function parse(
  webhook: RawWebhook,
  receivedAt: Instant,
  account: Pick<Account, 'businessAccountId' | 'phoneNumberId'>,
): Parsed {
  const body = readJson(webhook)
  if (body === undefined) return malformed('the body is not JSON in UTF-8')
  const parsed = webhookBody.safeParse(body)
  if (!parsed.success) return malformed('the body lacks object, entry or changes')
  if (parsed.data.object !== 'whatsapp_business_account') return ignored('another product’s event')
  return events(
    ...parsed.data.entry.flatMap(({ id, changes }) =>
      changes.flatMap(({ field, value }) =>
        id === account.businessAccountId ? readChange(field, value, { ...account, receivedAt }) : [foreign],
      ),
    ),
  )
}

const foreign: ProviderEvent = { kind: 'ignored', because: 'for another account' }

interface Called {
  phoneNumberId: string
  receivedAt: Instant
}

function readChange(field: string, value: unknown, called: Called): ProviderEvent[] {
  switch (field) {
    case 'messages':
      return readMessages(value, called)
    case 'message_template_status_update':
      return [readTemplate(value)]
    case 'user_preferences':
      return [{ kind: 'ignored', because: 'a wish about marketing, which is not what a clinic sends' }]
    default:
      return [{ kind: 'ignored', because: `the field ${codeOf(field) ?? 'unknown'} is not for us` }]
  }
}

const text = z.string().optional().catch(undefined)
const list = z.array(z.unknown()).catch([])

const messagesValue = z.object({
  metadata: z.object({ display_phone_number: z.string(), phone_number_id: text }).optional().catch(undefined),
  contacts: z.array(contact).catch([]),
  messages: list,
  statuses: list,
  errors: z.array(z.object({ code: z.unknown().optional().transform(codeOf) })).catch([]),
})

function readMessages(value: unknown, { phoneNumberId, receivedAt }: Called): ProviderEvent[] {
  const parsed = messagesValue.safeParse(value)
  if (!parsed.success) return [{ kind: 'ignored', because: 'messages without a value' }]
  const { metadata, contacts, messages, statuses, errors } = parsed.data
  const sender = parseDisplayNumber(metadata?.display_phone_number ?? '')
  const { phone_number_id: theirs = phoneNumberId } = metadata ?? {}
  return [
    ...statuses.map((one) => toDelivery(one, sender, receivedAt)),
    ...messages.map(
      (one): ProviderEvent =>
        sender
          ? toInbound(one, { to: sender, contacts, receivedAt })
          : { kind: 'ignored', because: 'a message to nobody' },
    ),
    ...errors.map(
      ({ code = 'unknown' }): ProviderEvent => ({
        kind: 'ignored',
        because: `the company reports ${code}`,
      }),
    ),
  ].map((event) =>
    theirs !== phoneNumberId && (event.kind === 'delivery' || event.kind === 'inbound')
      ? { ...event, elsewhere: true as const }
      : event,
  )
}

const templateValue = z.object({
  event: z.string(),
  message_template_name: z.string().min(1),
  message_template_language: z.string().min(1),
  message_template_category: z.unknown().optional().transform(codeOf),
  reason: z.unknown().optional().transform(becauseOf),
})

function readTemplate(value: unknown): ProviderEvent {
  const parsed = templateValue.safeParse(value)
  if (!parsed.success) return { kind: 'ignored', because: 'a template without a name or language' }
  const { event, message_template_category: category, reason: because } = parsed.data
  return {
    kind: 'template',
    ...{ name: parsed.data.message_template_name, language: parsed.data.message_template_language },
    status: approvalOf(event),
    ...(category && { category }),
    ...(because && { because }),
  }
}
