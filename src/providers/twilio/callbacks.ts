/**
 * What the company posts to us, as a form: statuses of our messages, and what patients write. None of it carries a time
 * that can be read (the carrier's own is in a zone that nobody tells), so all of it happened when it was received.
 */
import { type Address, parseInboundAddress } from '../../domain/address.ts'
import type { Channel } from '../../domain/channel.ts'
import type { InboundFile, InboundMessage } from '../../domain/outcome.ts'
import { fileKindOf } from '../../domain/outgoing.ts'
import type { Instant } from '../../domain/time.ts'
import type { Parsed, RawWebhook } from '../provider.ts'
import { attemptIn, events, ignored, malformed, readJson, readText } from '../webhook.ts'
import { stateOf, whyFailed } from './meanings.ts'

export function parse(webhook: RawWebhook, receivedAt: Instant): Parsed {
  const text = readText(webhook)
  if (text === undefined) return malformed('the body is not UTF-8')
  if (typeof readJson(webhook) === 'object') return ignored('no form')
  const form = new URLSearchParams(text)
  const sid = form.get('MessageSid')
  if (!sid) return malformed('a form lacks the message id')
  const status = form.get('MessageStatus')
  if (status !== null) return parseStatus(sid, status, form, attemptIn(webhook), receivedAt)
  if (form.get('SmsStatus') === 'received' || form.has('Body')) return parseMessage(sid, form, receivedAt)
  return ignored('unknown kind of form')
}

function parseStatus(
  providerId: string,
  status: string,
  form: URLSearchParams,
  attemptId: string | undefined,
  at: Instant,
): Parsed {
  const state = stateOf(status)
  if (!state) return ignored('unknown status')
  return events({
    kind: 'delivery',
    ...(attemptId && { attemptId }),
    ...{ providerId, state, at },
    ...whyFailed(state, form.get('ErrorCode') ?? undefined),
  })
}

function parseMessage(providerId: string, form: URLSearchParams, at: Instant): Parsed {
  const channel = channelOf(form.get('From') ?? '')
  if (!channel) return ignored('a channel that is not ours')
  // Who hides the number is known by the user id alone.
  const userId = withoutPrefix(form.get('ExternalUserId') ?? '')
  const from = addressIn(channel, form.get('From')) ?? addressIn(channel, userId)
  const to = addressIn(channel, form.get('To'))
  if (!from || !to) return malformed('a message is from or to something that is no address')
  const files = filesIn(form)
  const inReplyTo = form.get('OriginalRepliedMessageSid')
  return events({
    kind: 'inbound',
    ...{ providerId, channel, from, to, text: textOf(form), at },
    ...(inReplyTo && { inReplyTo }),
    ...(files.length > 0 && { files }),
    ...optOutOf(form.get('OptOutType')),
    ...(userId && { userId }),
  })
}

/** `whatsapp:+966501234567`; without a prefix it is SMS. */
function channelOf(from: string): Channel | undefined {
  const [, prefix] = /^([a-z]+):/i.exec(from) ?? []
  if (prefix === undefined) return 'sms'
  return prefix.toLowerCase() === 'whatsapp' ? 'whatsapp' : undefined
}

function addressIn(channel: Channel, text: string | null): Address | undefined {
  return text ? parseInboundAddress(channel, withoutPrefix(text)) : undefined
}

function withoutPrefix(text: string): string {
  return text.replace(/^[a-z]+:/i, '')
}

/** The button that was tapped, the words that were written, or the place that was shared. */
function textOf(form: URLSearchParams): string {
  const [latitude, longitude] = [form.get('Latitude'), form.get('Longitude')]
  const place = latitude && longitude ? `${latitude},${longitude}` : ''
  const label = place && (form.get('Label') || form.get('Address') || '')
  return form.get('ButtonText') || form.get('Body') || `${place} ${label}`.trim()
}

const mostFiles = 10

function filesIn(form: URLSearchParams): InboundFile[] {
  const count = Math.min(Number(form.get('NumMedia')) || 0, mostFiles)
  return Array.from({ length: count }, (_, index) => {
    const location = form.get(`MediaUrl${index}`)
    const contentType = form.get(`MediaContentType${index}`) || 'application/octet-stream'
    return location ? [{ kind: fileKindOf(contentType), location, contentType }] : []
  }).flat()
}

/** Only where the account has opt-outs managed by the company; then it blocks and unblocks by itself. `HELP` is neither. */
function optOutOf(type: string | null): Pick<InboundMessage, 'optOut'> {
  if (type === 'STOP') return { optOut: 'stop' }
  return type === 'START' ? { optOut: 'start' } : {}
}
