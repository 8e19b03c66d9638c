/**
 * Unifonic: SMS, and WhatsApp (medium confidence, see `conversation-api.ts`).
 *
 * It signs nothing. Its webhooks are known by a key in their address, which the admin registers in its console:
 * `…/webhooks/{install}/{sender}?key={webhookToken}`, for WhatsApp also `&number={our number}`. A key proves who calls, not
 * what was said, so whatever is said of an SMS is a hint only, and what became of it is read from the report.
 */
import { z } from 'zod'
import { isSenderName } from '../../domain/address.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Carries } from '../../domain/outgoing.ts'
import type { Instant } from '../../domain/time.ts'
import { toMoney, toSegments } from '../amount.ts'
import { type Answer, type Call, call, unanswered } from '../call.ts'
import type {
  Health,
  LookedUp,
  LookUp,
  OutgoingMessage,
  Parsed,
  Provider,
  RawWebhook,
  TemplateDesk,
  Verdict,
} from '../provider.ts'
import { codeOf, meaningOfStatus, retryAfter, tableOf, toRefusal } from '../refusal.ts'
import { isSame, malformed, readJson, readText } from '../webhook.ts'
import {
  type ConversationAccount,
  checkConversation,
  fromConversation,
  listTemplates,
  parseConversation,
  toConversation,
} from './conversation-api.ts'
import { messageId, parseStatus, toLookedUp } from './report.ts'

// Limits and endpoints

const sendPath = '/rest/SMS/messages'
const reportPath = '/rest/SMS/Messages/GetMessagesDetails'

// Credentials

const credentials = z.strictObject({
  appSid: z.string().min(1).meta({ title: 'AppSid', secret: true }),
  webhookToken: z.string().min(24).meta({ title: 'Key in the webhook’s address', secret: true }),
  senderName: z
    .string()
    .regex(/^[A-Za-z0-9 -]{1,11}$/)
    .optional()
    .meta({ title: 'Registered sender name' }),
  baseUrl: z.url().default('https://el.cloud.unifonic.com').meta({ title: 'SMS base URL' }),
  basicUser: z.string().min(1).optional().meta({ title: 'Basic user, where the account asks for one' }),
  basicPassword: z.string().min(1).optional().meta({ title: 'Basic password', secret: true }),
  publicId: z.string().min(1).optional().meta({ title: 'WhatsApp public id' }),
  secret: z.string().min(1).optional().meta({ title: 'WhatsApp secret', secret: true }),
  whatsappUrl: z.url().default('https://apis.unifonic.com').meta({ title: 'WhatsApp base URL' }),
})
export type UnifonicCredentials = z.infer<typeof credentials>

// Error table: `errorCode` of the answer, or its HTTP status

const refusals = tableOf([
  ['unknown', 'ER-00'], // "no error", in an answer that says it failed
  ['misconfigured', 'ER-01'], // no balance, or no rate for the country: it does not say which
  ['invalid-recipient', 'ER-02 ER-03 ER-04'], // no number, too long, too short
  ['recipient-unreachable', 'ER-05'], // no route: a dead number, a landline, an operator in trouble
  ['content-refused', 'ER-06 ER-07'], // empty or unreadable, filtered
  ['misconfigured', 'ER-08'], // sender name not registered
  ['rejected', 'ER-09'], // the same text to the same number, too soon
  ['misconfigured', 'ER-10'], // schedule time; low confidence, and we schedule nothing
  ['throttled', '429'], // too fast
  // It never says that nothing was taken, so it may have been.
  ['unknown', '423 499 500-599'], // locked, gave up waiting, failures inside (546, 548, 599 and all others)
  ['invalid-recipient', '410 422 482'], // no such number
  ['recipient-unreachable', '481 483'], // no way into the country, to the operator
  ['content-refused', '412 421 449 459 460'], // empty, too long, filtered
  ['misconfigured', '440 480'], // sender name
  ['rejected', '409'], // duplicate
  ['misconfigured', '401 402 403'], // wrong AppSid, none, address not on the account's list
  ['misconfigured', '400 404 406 415 417 419 420'], // not the API, or not what it wants
  ['misconfigured', '431 432 450 451 452 455 456'], // account or application settings
])

// Send

/** `undefined` for what the channel does not carry. */
export function toRequest(message: OutgoingMessage, given: UnifonicCredentials): Call | undefined {
  const { attemptId, from, to, content } = message
  if (content.kind !== 'text') return undefined
  return toCall(sendPath, given, {
    SenderID: given.senderName ?? (isSenderName(from) ? from : digitsOf(from)),
    Recipient: digitsOf(to),
    Body: content.text,
    CorrelationID: attemptId,
    baseEncode: 'false',
    async: 'false',
  })
}

function toCall(path: string, given: UnifonicCredentials, fields: Record<string, string>): Call {
  const { appSid, basicUser, basicPassword, baseUrl } = given
  const basic = basicUser && Buffer.from(`${basicUser}:${basicPassword ?? ''}`).toString('base64')
  return {
    method: 'POST',
    url: baseUrl.replace(/\/$/, '') + path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...(basic && { authorization: `Basic ${basic}` }),
    },
    body: new URLSearchParams({ AppSid: appSid, ...fields, responseType: 'JSON' }).toString(),
  }
}

/** It refuses a plus, and two zeros. */
function digitsOf(address: string): string {
  return address.replace(/^\+/, '')
}

const verdictBody = z.object({
  success: z.union([z.boolean(), z.stringbool()]),
  errorCode: z.unknown().optional().transform(codeOf),
  data: z.unknown().optional(),
})
const acceptance = z.object({
  MessageID: messageId,
  NumberOfUnits: z.unknown().optional().transform(toSegments),
  Cost: z.unknown().optional(),
  CurrencyCode: z.unknown().optional(),
})

/** A refusal may come with HTTP 200, so what the body says comes first. */
export function toOutcome({ status, headers, body }: Omit<Answer, 'kind'>): Outcome {
  const verdict = verdictBody.safeParse(body).data
  if (status < 300 && verdict?.success !== false) return toAcceptance(verdict?.data, status)
  const code = refusalCode(verdict, status)
  return toRefusal(meaningOf(code, status), code, retryAfter(headers))
}

function refusalCode(verdict: z.infer<typeof verdictBody> | undefined, status: number): string {
  return (verdict?.success === false && verdict.errorCode) || `http-${status}`
}

function toAcceptance(given: unknown, status: number): Outcome {
  const accepted = acceptance.safeParse(given)
  if (!accepted.success) return { kind: 'unknown', because: `status ${status} without a message id` }
  const { MessageID, NumberOfUnits, Cost, CurrencyCode } = accepted.data
  const cost = toMoney([Cost], CurrencyCode)
  return {
    kind: 'accepted',
    providerId: MessageID,
    ...(NumberOfUnits && { segments: NumberOfUnits }),
    ...(cost && { cost }),
  }
}

function meaningOf(code: string, status: number) {
  return refusals(code) ?? refusals(String(status)) ?? meaningOfStatus(status)
}

async function send(message: OutgoingMessage, given: UnifonicCredentials): Promise<Outcome> {
  const byWhatsApp = message.channel === 'whatsapp'
  const account = byWhatsApp ? conversationAccount(given) : undefined
  if (byWhatsApp && !account) return { kind: 'misconfigured', code: 'credentials' }
  const request = account ? toConversation(message, account) : toRequest(message, given)
  if (!request) return { kind: 'rejected', reason: 'content-not-carried', code: message.content.kind }
  const answer = await call(request)
  if (answer.kind !== 'answer') return unanswered(answer)
  return byWhatsApp ? fromConversation(answer) : toOutcome(answer)
}

function conversationAccount(given: UnifonicCredentials): ConversationAccount | undefined {
  const { publicId, secret, whatsappUrl: url } = given
  return publicId && secret ? { url, publicId, secret } : undefined
}

// Look up, health, templates

type Asked = { kind: 'answered'; body: unknown } | { kind: 'refused'; code: string; status: number }

async function lookUp(wanted: LookUp, given: UnifonicCredentials): Promise<LookedUp> {
  if (wanted.channel !== 'sms') return { kind: 'cannot-say', because: 'there is no report about WhatsApp' }
  const { providerId, attemptId } = wanted
  const asked = await askReport(given, providerId ? { MessageID: providerId } : { CorrelationID: attemptId })
  if (asked.kind === 'refused')
    return { kind: 'cannot-say', because: `the report was not given: ${asked.code}` }
  return toLookedUp(asked.body, wanted)
}

async function askReport(given: UnifonicCredentials, filter: Record<string, string>): Promise<Asked> {
  const answer = await call(toCall(reportPath, given, { ...filter, Limit: '1', baseEncode: 'false' }))
  if (answer.kind !== 'answer') return { kind: 'refused', code: answer.code, status: 0 }
  const verdict = verdictBody.safeParse(answer.body).data
  if (answer.status < 300 && verdict?.success) return { kind: 'answered', body: verdict.data }
  return { kind: 'refused', code: refusalCode(verdict, answer.status), status: answer.status }
}

/** There is no question about the account: only the right AppSid gets a report. */
async function checkHealth(
  { channel }: Parameters<Provider['checkHealth']>[0],
  given: UnifonicCredentials,
): Promise<Health> {
  if (channel === 'whatsapp') {
    const account = conversationAccount(given)
    return account ? checkConversation(account) : { kind: 'misconfigured', code: 'credentials' }
  }
  const asked = await askReport(given, {})
  if (asked.kind === 'answered') return { kind: 'healthy' }
  const meaning = asked.status ? meaningOf(asked.code, asked.status) : 'unreachable'
  if (meaning === 'unreachable' || meaning === 'unknown') return { kind: 'unreachable', code: asked.code }
  return { kind: meaning === 'throttled' ? 'limited' : 'misconfigured', code: asked.code }
}

const templates: TemplateDesk<UnifonicCredentials> = {
  /** How to submit by program is not documented: the admin does it in the company's console. */
  submit: async () => ({ kind: 'refused', code: 'not-documented' }),
  list: async (given) => {
    const account = conversationAccount(given)
    return account ? listTemplates(account) : { kind: 'unreachable', code: 'credentials' }
  },
}

// Verify

function verify({ url }: RawWebhook, { webhookToken }: UnifonicCredentials): Verdict {
  const key = new URL(url).searchParams.get('key')
  if (!key) return { kind: 'refused', because: 'no key in the address' }
  return isSame(key, webhookToken) ? { kind: 'valid' } : { kind: 'refused', because: 'wrong key' }
}

// Parse

function parse(webhook: RawWebhook, receivedAt: Instant): Parsed {
  const body = readJson(webhook) ?? readForm(webhook)
  if (typeof body !== 'object' || body === null) return malformed('the body is neither a form nor JSON')
  return 'eventType' in body ? parseConversation(body, webhook, receivedAt) : parseStatus(body)
}

function readForm(webhook: RawWebhook): unknown {
  const text = readText(webhook)
  return text === undefined ? undefined : Object.fromEntries(new URLSearchParams(text))
}

const sms: Carries = {
  longestText: 1_600,
  files: [],
  reactions: false,
  quotes: false,
  templates: 'none',
  receipts: true,
  // No webhook for inbound SMS is documented.
  answers: false,
}
const whatsapp: Carries = {
  // One page says 1,024 where there is anything but Latin; WhatsApp itself takes 4,096.
  longestText: 4_096,
  files: ['document', 'image'],
  reactions: false,
  quotes: false,
  templates: 'approved',
  receipts: true,
  answers: true,
}

export const unifonic: Provider<UnifonicCredentials> = {
  id: 'unifonic',
  carries: { sms, whatsapp },
  messageIdSystem: 'https://qasid.dev/fhir/NamingSystem/unifonic-message-id',
  credentials,
  send,
  lookUp,
  checkHealth,
  templates,
  verify,
  parse,
}
