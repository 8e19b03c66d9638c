/**
 * The sandbox carrier: SMS, WhatsApp and e-mail to the sandbox's phones. The smallest provider, and the shape of all others.
 * Its wire is described in `sandbox/phones/`.
 */
import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import { parseInboundAddress } from '../domain/address.ts'
import { type Channel, isChannel } from '../domain/channel.ts'
import type { DeliveryState, InboundFile, Outcome } from '../domain/outcome.ts'
import { type Carries, fileKindOf, fileKinds } from '../domain/outgoing.ts'
import { parseInstant } from '../domain/time.ts'
import { type Answer, call, unanswered } from './call.ts'
import type {
  FetchedFile,
  Health,
  LookedUp,
  LookUp,
  OutgoingMessage,
  Parsed,
  Provider,
  RawWebhook,
  Redaction,
  Verdict,
} from './provider.ts'
import { codeOf, meaningOfStatus, retryAfter, tableOf, toRefusal } from './refusal.ts'
import { attemptIn, events, ignored, isSame, malformed, readJson } from './webhook.ts'

// Limits and endpoints

const sendPath = '/carrier/messages'
const accountPath = '/carrier/account'
const filesPath = '/carrier/files'
/** Bytes, in both directions. */
const largestFile = 16 * 1024 * 1024

const plain: Carries = {
  longestText: 4_096,
  files: [],
  reactions: false,
  quotes: false,
  templates: 'none',
  receipts: true,
  answers: true,
}

const carried: Record<Channel, Carries> = {
  sms: plain,
  whatsapp: { ...plain, files: fileKinds, reactions: true, quotes: true },
  email: { ...plain, files: fileKinds, quotes: true },
}

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

const refusals = tableOf([
  ['invalid-recipient', 'invalid-recipient'], // no such number or mailbox
  ['invalid-recipient', 'not-a-mobile'], // a landline
  ['recipient-unreachable', 'recipient-unreachable'], // exists, cannot be reached
  ['outside-window', 'outside-window'], // WhatsApp free text after 24 hours
  ['file-refused', 'file-unavailable'], // it could not be fetched, or is too large
  ['rejected', 'malformed'], // we wrote nonsense
  ['opted-out', 'opted-out'], // STOP at the carrier
  ['misconfigured', 'unauthorized'], // wrong token
  ['recipient-not-allowed', 'country-not-allowed'], // account setting; others can still be written to
  ['misconfigured', 'unknown-sender'], // the sender is not ours
  ['throttled', 'rate-limited'], // too fast
  ['unreachable', 'try-later'], // not taken, says so
])

// Send

export interface SandboxRequest {
  url: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

/** `undefined` for what the channel does not carry. */
export function toRequest(message: OutgoingMessage, given: SandboxCredentials): SandboxRequest | undefined {
  const { channel, from, to, attemptId, callbackUrl, replyTo } = message
  const said = toBody(message)
  if (!said) return undefined
  const body = { channel, from, to, ...said, correlation: attemptId, callbackUrl }
  return {
    url: new URL(sendPath, given.baseUrl).href,
    headers: { ...authorization(given), 'content-type': 'application/json' },
    body: { ...body, ...(replyTo && { replyTo }) },
  }
}

function toBody({ channel, content }: OutgoingMessage): Record<string, unknown> | undefined {
  const { files, reactions } = carried[channel]
  switch (content.kind) {
    case 'text':
      return { text: content.text, ...(content.subject && { subject: content.subject }) }
    case 'file': {
      const { kind, url, contentType, name } = content.file
      if (!files.includes(kind)) return undefined
      const said = { text: content.caption, subject: content.subject }
      return { ...said, file: { url, contentType, name } }
    }
    case 'reaction':
      return reactions ? { reaction: { emoji: content.emoji, toMessage: content.toMessage } } : undefined
    case 'template':
      return undefined
  }
}

function authorization({ token }: SandboxCredentials): Record<string, string> {
  return { authorization: `Bearer ${token}` }
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

export function toOutcome({ status, headers, body }: Omit<Answer, 'kind'>): Outcome {
  const accepted = acceptance.safeParse(body)
  if (status < 300) {
    if (!accepted.success) return { kind: 'unknown', because: `status ${status} without a message id` }
    const { id, segments, price } = accepted.data
    return { kind: 'accepted', providerId: id, ...(segments && { segments }), ...(price && { cost: price }) }
  }
  const code = codeOf((body as { code?: unknown } | null)?.code) ?? `http-${status}`
  return toRefusal(refusals(code) ?? meaningOfStatus(status), code, retryAfter(headers))
}

async function send(message: OutgoingMessage, given: SandboxCredentials): Promise<Outcome> {
  const { content } = message
  const request = toRequest(message, given)
  if (!request) return { kind: 'rejected', reason: 'content-not-carried', code: content.kind }
  if (content.kind === 'file' && (content.file.size ?? 0) > largestFile)
    return { kind: 'rejected', reason: 'file-refused', code: 'too-large' }
  const answer = await call({ ...request, method: 'POST', body: JSON.stringify(request.body) })
  return answer.kind === 'answer' ? toOutcome(answer) : unanswered(answer)
}

// Look up, health, files, redaction

const ledgerEntry = z.array(z.object({ id: z.string(), status: z.string(), at: z.string() }))

async function lookUp({ attemptId }: LookUp, given: SandboxCredentials): Promise<LookedUp> {
  const url = new URL(sendPath, given.baseUrl)
  url.searchParams.set('correlation', attemptId)
  const answer = await call({ method: 'GET', url: url.href, headers: authorization(given) })
  const ledger = ledgerEntry.safeParse(answer.kind === 'answer' && answer.status === 200 && answer.body)
  if (!ledger.success) return { kind: 'cannot-say', because: 'the ledger could not be read' }
  const [entry] = ledger.data
  if (!entry) return { kind: 'never-taken' }
  const state = Object.hasOwn(states, entry.status) ? states[entry.status] : undefined
  const at = parseInstant(entry.at)
  if (!state || at === undefined) return { kind: 'cannot-say', because: 'the ledger says nothing we know' }
  return { kind: 'found', event: { kind: 'delivery', attemptId, providerId: entry.id, state, at } }
}

async function checkHealth({ address }: { address: string }, given: SandboxCredentials): Promise<Health> {
  const url = new URL(`${accountPath}?sender=${encodeURIComponent(address)}`, given.baseUrl).href
  const answer = await call({ method: 'GET', url, headers: authorization(given) })
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  if (answer.status < 300) return { kind: 'healthy' }
  const code = codeOf((answer.body as { code?: unknown } | null)?.code) ?? `http-${answer.status}`
  return { kind: answer.status < 500 ? 'misconfigured' : 'unreachable', code }
}

/** Asked for whole: what is too large for us is at most what the carrier takes. */
async function fetchFile(
  { location, sha256 }: InboundFile,
  given: SandboxCredentials,
  most: number,
): Promise<FetchedFile> {
  const url = new URL(`${filesPath}/${encodeURIComponent(location)}`, given.baseUrl).href
  const headers = authorization(given)
  const answer = await call({ method: 'GET', url, headers, expects: 'bytes', most: largestFile })
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  if (answer.status === 404) return { kind: 'refused', because: 'gone' }
  if (answer.status !== 200 || !(answer.body instanceof Uint8Array))
    return { kind: 'unreachable', code: `http-${answer.status}` }
  const bytes = answer.body
  if (bytes.length > most) return { kind: 'refused', because: 'too-large' }
  if (sha256 && createHash('sha256').update(bytes).digest('hex') !== sha256)
    return { kind: 'refused', because: 'altered' }
  return { kind: 'file', contentType: String(answer.headers['content-type']), bytes }
}

async function redact(providerId: string, given: SandboxCredentials): Promise<Redaction> {
  const url = new URL(`${sendPath}/${encodeURIComponent(providerId)}/content`, given.baseUrl).href
  const answer = await call({ method: 'DELETE', url, headers: authorization(given) })
  if (answer.kind !== 'answer') return { kind: 'later', code: answer.code }
  const { status } = answer
  if (status < 300 || status === 404) return { kind: 'redacted' }
  return { kind: status >= 500 || status === 429 ? 'later' : 'refused', code: `http-${status}` }
}

// Verify

function verify({ headers, body }: RawWebhook, { webhookSecret }: SandboxCredentials): Verdict {
  const given = headers['x-mock-signature']
  if (!given) return { kind: 'refused', because: 'unsigned' }
  const wanted = `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`
  return isSame(given, wanted) ? { kind: 'valid' } : { kind: 'refused', because: 'wrong signature' }
}

// Parse

const id = z.string().min(1)
const statusBody = z.object({
  ...{ id, status: z.string(), at: z.string(), correlation: z.string().optional() },
  code: z.unknown().optional().transform(codeOf),
})
const file = z.object({ id, contentType: id, name: z.string().optional(), sha256: z.string().optional() })
const messageBody = z.object({
  ...{ id, channel: z.string(), from: z.string(), to: z.string(), text: z.string(), at: z.string() },
  inReplyTo: z.string().optional(),
  file: file.transform(({ id, ...more }) => ({ ...more, location: id })).optional(),
  reaction: z.object({ emoji: z.string(), toMessage: id }).optional(),
})

function parse(webhook: RawWebhook): Parsed {
  const body = readJson(webhook)
  if (body === undefined) return malformed('the body is not JSON in UTF-8')
  const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined
  if (type === 'status') return parseStatus(body, attemptIn(webhook))
  if (type === 'message') return parseMessage(body)
  return ignored('unknown type')
}

function parseStatus(body: unknown, attemptId: string | undefined): Parsed {
  const parsed = statusBody.safeParse(body)
  const at = parsed.success ? parseInstant(parsed.data.at) : undefined
  if (!parsed.success || at === undefined) return malformed('a status lacks id, status or time')
  const { id, status, code, correlation } = parsed.data
  const state = Object.hasOwn(states, status) ? states[status] : undefined
  if (!state) return ignored('unknown status')
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
    return malformed('a message lacks id, channel, sender, text or time')
  const { id, channel, text, inReplyTo, file, reaction } = parsed.data
  const from = parseInboundAddress(channel, parsed.data.from)
  const to = parseInboundAddress(channel, parsed.data.to)
  if (!from || !to) return malformed('a message is from or to something that is no address')
  return events({
    kind: 'inbound',
    providerId: id,
    ...{ channel, from, to, text, at },
    ...(inReplyTo && { inReplyTo }),
    ...(file && { files: [{ ...file, kind: fileKindOf(file.contentType) }] }),
    ...(reaction && { reaction }),
  })
}

export const sandbox: Provider<SandboxCredentials> = {
  id: 'sandbox',
  carries: carried,
  messageIdSystem: 'https://qasid.dev/fhir/NamingSystem/sandbox-message-id',
  credentials,
  send,
  lookUp,
  checkHealth,
  fetchFile,
  redact,
  signatureHeader: 'x-mock-signature',
  verify,
  parse,
}
