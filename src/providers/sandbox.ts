/**
 * The sandbox carrier: SMS, WhatsApp and e-mail to the sandbox's phones. The smallest provider, and the shape of all others.
 * Its wire is described in `sandbox/phones/`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import axios, { AxiosError } from 'axios'
import { z } from 'zod'
import { parseInboundAddress } from '../domain/address.ts'
import { channels, isChannel } from '../domain/channel.ts'
import type { DeliveryState, Outcome, ProviderEvent } from '../domain/outcome.ts'
import type { Reason } from '../domain/reason.ts'
import { parseInstant, second } from '../domain/time.ts'
import type { OutgoingMessage, Parsed, Provider, RawWebhook, Verdict } from './provider.ts'

// Limits and endpoints

/** Below the queue's lock, so that a call never outlives its job. */
const timeoutFor = 10 * second
const longestAnswer = 100_000
const sendPath = '/carrier/messages'

// Credentials

const credentials = z.strictObject({
  baseUrl: z.url().meta({ title: 'Base URL' }),
  token: z.string().min(1).meta({ title: 'Access token', secret: true }),
  webhookSecret: z.string().min(1).meta({ title: 'Webhook secret', secret: true }),
})
export type SandboxCredentials = z.infer<typeof credentials>

// Status and error tables

const states: Record<string, DeliveryState> = {
  queued: 'queued', // taken, not yet on its way
  sent: 'sent', // on its way
  delivered: 'delivered', // on the handset
  read: 'read', // opened; WhatsApp only
  undelivered: 'undelivered', // taken, did not arrive
  failed: 'failed', // taken, never left the carrier
}

const refusals: Record<string, Outcome['kind'] | Reason> = {
  'invalid-recipient': 'invalid-recipient', // no such number or mailbox
  'not-a-mobile': 'invalid-recipient', // a landline
  'recipient-unreachable': 'recipient-unreachable', // exists, cannot be reached
  'outside-window': 'outside-window', // WhatsApp free text after 24 hours
  malformed: 'rejected', // we wrote nonsense
  'opted-out': 'opted-out', // STOP at the carrier
  unauthorized: 'misconfigured', // wrong token
  'country-not-allowed': 'misconfigured', // account setting
  'unknown-sender': 'misconfigured', // the sender is not ours
  'rate-limited': 'throttled', // too fast
  'try-later': 'unreachable', // not taken, says so
}

// Send

export interface SandboxRequest {
  url: string
  headers: Record<string, string>
  body: Record<string, string>
}

export function toRequest(message: OutgoingMessage, { baseUrl, token }: SandboxCredentials): SandboxRequest {
  const { channel, from, to, text, subject, attemptId, callbackUrl } = message
  return {
    url: new URL(sendPath, baseUrl).href,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: { channel, from, to, text, ...(subject && { subject }), correlation: attemptId, callbackUrl },
  }
}

/** Odd figures do not make a taken message an unknown one. */
const acceptance = z.object({
  id: z.string().min(1),
  segments: z.int().positive().optional().catch(undefined),
  price: z
    .object({ amount: z.string().regex(/^\d+(\.\d+)?$/), currency: z.string().regex(/^[A-Z]{3}$/) })
    .optional()
    .catch(undefined),
})
/** Codes are kept and logged: what is no code might hold anything. */
const word = z.string().regex(/^[\w.-]{1,64}$/)
const refusal = z.object({ code: word })

export function toOutcome(answer: {
  status: number
  headers: Record<string, unknown>
  body: unknown
}): Outcome {
  const accepted = acceptance.safeParse(answer.body)
  if (answer.status < 300) {
    if (!accepted.success) return { kind: 'unknown', because: `status ${answer.status} without a message id` }
    const { id, segments, price } = accepted.data
    return { kind: 'accepted', providerId: id, ...(segments && { segments }), ...(price && { cost: price }) }
  }
  const refused = refusal.safeParse(answer.body)
  const code = refused.success ? refused.data.code : `http-${answer.status}`
  const meaning = (Object.hasOwn(refusals, code) && refusals[code]) || byStatus(answer.status)
  switch (meaning) {
    case 'throttled':
      return { kind: 'throttled', waitFor: retryAfter(answer.headers) }
    case 'unreachable':
    case 'misconfigured':
    case 'opted-out':
      return { kind: meaning, code }
    case 'unknown':
    case 'accepted':
      return { kind: 'unknown', because: code }
    case 'rejected':
      return { kind: 'rejected', reason: 'rejected', code }
    default:
      return { kind: 'rejected', reason: meaning, code }
  }
}

/** A 5xx that does not say "not taken" may have been taken. */
function byStatus(status: number): Outcome['kind'] {
  if (status === 429) return 'throttled'
  if (status === 401 || status === 403) return 'misconfigured'
  return status >= 500 ? 'unknown' : 'rejected'
}

function retryAfter(headers: Record<string, unknown>): number {
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * second : second
}

async function send(message: OutgoingMessage, given: SandboxCredentials): Promise<Outcome> {
  const { url, headers, body } = toRequest(message, given)
  // The client's own timeout begins anew with every byte that comes.
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), timeoutFor)
  try {
    const answer = await axios.post<unknown>(url, body, {
      headers,
      signal: tooLate.signal,
      maxRedirects: 0,
      maxContentLength: longestAnswer,
      validateStatus: () => true,
    })
    return toOutcome({ status: answer.status, headers: { ...answer.headers }, body: answer.data })
  } catch (error) {
    return neverSeen(error)
  } finally {
    clearTimeout(timer)
  }
}

/** Only what failed before a connection stood is surely not sent. */
export function neverSeen(error: unknown): Outcome {
  const code = error instanceof AxiosError ? (error.code ?? 'no-code') : 'no-code'
  const neverLeft = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']
  return neverLeft.includes(code) ? { kind: 'unreachable', code } : { kind: 'unknown', because: code }
}

// Verify

function verify(webhook: RawWebhook, { webhookSecret }: SandboxCredentials): Verdict {
  const given = webhook.headers['x-mock-signature']
  if (!given) return { kind: 'refused', because: 'unsigned' }
  const wanted = `sha256=${createHmac('sha256', webhookSecret).update(webhook.body).digest('hex')}`
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
    ? { kind: 'valid' }
    : { kind: 'refused', because: 'wrong signature' }
}

// Parse

const statusBody = z.object({
  type: z.literal('status'),
  id: z.string().min(1),
  correlation: z.string().optional(),
  status: z.string(),
  at: z.string(),
  code: word.optional().catch(undefined),
})
const messageBody = z.object({
  type: z.literal('message'),
  id: z.string().min(1),
  channel: z.string(),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  at: z.string(),
  inReplyTo: z.string().optional(),
})

function parse(webhook: RawWebhook): Parsed {
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(webhook.body))
  } catch {
    return { kind: 'malformed', because: 'the body is not JSON in UTF-8' }
  }
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined
  if (type === 'status')
    return parseStatus(body, new URL(webhook.url).searchParams.get('attempt') ?? undefined)
  if (type === 'message') return parseMessage(body)
  return { kind: 'events', events: [{ kind: 'ignored', because: 'unknown type' }] }
}

function parseStatus(body: unknown, attemptId: string | undefined): Parsed {
  const parsed = statusBody.safeParse(body)
  const at = parsed.success ? parseInstant(parsed.data.at) : undefined
  if (!parsed.success || at === undefined)
    return { kind: 'malformed', because: 'a status lacks id, status or time' }
  const { id, status, code, correlation } = parsed.data
  const state = Object.hasOwn(states, status) ? states[status] : undefined
  if (!state) return events({ kind: 'ignored', because: 'unknown status' })
  const failed = state === 'undelivered' || state === 'failed'
  const named = correlation ?? attemptId
  return events({
    kind: 'delivery',
    ...(named && { attemptId: named }),
    ...{ providerId: id, state, at },
    ...(failed && { reason: 'undelivered' as const }),
    ...(code && { code }),
  })
}

function parseMessage(body: unknown): Parsed {
  const parsed = messageBody.safeParse(body)
  const at = parsed.success ? parseInstant(parsed.data.at) : undefined
  if (!parsed.success || at === undefined || !isChannel(parsed.data.channel))
    return { kind: 'malformed', because: 'a message lacks id, channel, sender, text or time' }
  const { id, channel, text, inReplyTo } = parsed.data
  const from = parseInboundAddress(channel, parsed.data.from)
  const to = parseInboundAddress(channel, parsed.data.to)
  if (!from || !to)
    return { kind: 'malformed', because: 'a message is from or to something that is no address' }
  return events({
    kind: 'inbound',
    providerId: id,
    ...{ channel, from, to, text, at },
    ...(inReplyTo && { inReplyTo }),
  })
}

function events(...found: ProviderEvent[]): Parsed {
  return { kind: 'events', events: found }
}

export const sandbox: Provider<SandboxCredentials> = {
  id: 'sandbox',
  channels,
  messageIdSystem: 'https://qasid.dev/fhir/NamingSystem/sandbox-message-id',
  credentials,
  send,
  verify,
  parse,
}
