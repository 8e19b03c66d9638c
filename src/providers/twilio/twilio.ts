/**
 * Twilio: SMS and WhatsApp. Forms in, JSON out, webhooks as signed forms. Its templates (Content API), its log of messages
 * and its media are each in a file beside this one.
 */
import { z } from 'zod'
import type { Channel } from '../../domain/channel.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { type Carries, fileKinds, type OutgoingContent } from '../../domain/outgoing.ts'
import { type Answer, call, unanswered } from '../call.ts'
import type { Health, OutgoingMessage, Provider, RawWebhook, Verdict } from '../provider.ts'
import { meaningOfStatus, retryAfter, toRefusal } from '../refusal.ts'
import { readText } from '../webhook.ts'
import { accountUrl, byKeyOrToken, byToken, errorCode, isBusy } from './account.ts'
import { parse } from './callbacks.ts'
import { createTemplateDesk } from './content-api.ts'
import { createFileFetch, type Places } from './inbound-media.ts'
import { meaningOf } from './meanings.ts'
import { lookUp } from './message-log.ts'
import { figuresOf, messageRecord } from './message-record.ts'
import { redact } from './redaction.ts'
import { isRightlySigned } from './sorted-form-signature.ts'

// Limits and endpoints

const longestText = 1_600
/** On WhatsApp, for every kind of file. */
const largestFile = 16 * 1024 * 1024

const shared = { longestText, reactions: false, quotes: false, receipts: true, answers: true } as const
const carries: Partial<Record<Channel, Carries>> = {
  // MMS exists only in the US and Canada, so a file by SMS would fail for everyone else.
  sms: { ...shared, files: [], templates: 'none' },
  // Words with a document or a voice note are taken and then not shown.
  whatsapp: { ...shared, files: fileKinds, captions: ['image', 'video'], templates: 'approved' },
}

/** Where what patients send may lie. */
const media: Places = { doors: ['twilio.com'], stores: ['twiliocdn.com', 'amazonaws.com'] }

// Credentials

const sid = (prefix: string) => z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`))

const credentials = z
  .strictObject({
    accountSid: sid('AC').meta({ title: 'Account SID' }),
    authToken: z.string().min(1).meta({ title: 'Auth token', secret: true }),
    apiKey: sid('SK').optional().meta({ title: 'API key SID' }),
    apiSecret: z.string().min(1).optional().meta({ title: 'API key secret', secret: true }),
    messagingServiceSid: sid('MG').optional().meta({ title: 'Messaging service SID' }),
    baseUrl: z.url().default('https://api.twilio.com').meta({ title: 'Base URL' }),
    contentUrl: z.url().default('https://content.twilio.com').meta({ title: 'Content API URL' }),
  })
  .refine(({ apiKey, apiSecret }) => (apiKey === undefined) === (apiSecret === undefined), {
    error: 'apiKey and apiSecret belong together',
    path: ['apiSecret'],
  })
export type TwilioCredentials = z.infer<typeof credentials>

// Send

export interface TwilioRequest {
  url: string
  headers: Record<string, string>
  /** A form. */
  body: string
}

/** `undefined` for what the channel does not carry. */
export function toRequest(message: OutgoingMessage, given: TwilioCredentials): TwilioRequest | undefined {
  const { channel, from, to, content, callbackUrl } = message
  const said = toFields(channel, content)
  if (!said) return undefined
  const prefix = channel === 'whatsapp' ? 'whatsapp:' : ''
  const { messagingServiceSid } = given
  const form = new URLSearchParams({
    To: `${prefix}${to}`,
    ...(messagingServiceSid ? { MessagingServiceSid: messagingServiceSid } : { From: `${prefix}${from}` }),
    ...said,
    StatusCallback: callbackUrl,
  })
  return {
    url: accountUrl(given, '/Messages'),
    headers: { ...byKeyOrToken(given), 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  }
}

function toFields(channel: Channel, content: OutgoingContent): Record<string, string> | undefined {
  const carried = carries[channel]
  if (!carried) return undefined
  switch (content.kind) {
    case 'text':
      return { Body: content.text }
    case 'template':
      return carried.templates === 'approved' ? toTemplateFields(content.template) : undefined
    case 'file': {
      const { file, caption } = content
      return carried.files.includes(file.kind) && !hasLostCaption(channel, content)
        ? { ...(caption && { Body: caption }), MediaUrl: file.url }
        : undefined
    }
    case 'reaction':
      return undefined
  }
}

/** What a clinician wrote must not vanish. */
function hasLostCaption(channel: Channel, content: OutgoingContent): boolean {
  if (content.kind !== 'file' || !content.caption) return false
  return carries[channel]?.captions?.includes(content.file.kind) === false
}

function toTemplateFields({ id, values }: { id: string; values: string[] }): Record<string, string> {
  const variables = Object.fromEntries(values.map((value, index) => [String(index + 1), value]))
  return { ContentSid: id, ...(values.length > 0 && { ContentVariables: JSON.stringify(variables) }) }
}

export function toOutcome({ status, headers, body }: Omit<Answer, 'kind'>): Outcome {
  if (status < 300) {
    const record = messageRecord.safeParse(body)
    if (!record.success) return { kind: 'unknown', because: `status ${status} without a message id` }
    return { kind: 'accepted', providerId: record.data.sid, ...figuresOf(record.data) }
  }
  const code = errorCode({ status, body })
  return toRefusal(meaningOf(code) ?? meaningOfStatus(status), code, retryAfter(headers))
}

async function send(message: OutgoingMessage, given: TwilioCredentials): Promise<Outcome> {
  const { channel, content } = message
  const request = toRequest(message, given)
  const code = hasLostCaption(channel, content) ? 'caption' : content.kind
  if (!request) return { kind: 'rejected', reason: 'content-not-carried', code }
  if (content.kind === 'file' && (content.file.size ?? 0) > largestFile)
    return { kind: 'rejected', reason: 'file-refused', code: 'too-large' }
  const answer = await call({ ...request, method: 'POST' })
  return answer.kind === 'answer' ? toOutcome(answer) : unanswered(answer)
}

// Health

/** The account by its token, as keys may not ask for it; then the key, where messages are sent with one. */
async function checkHealth(_sender: unknown, given: TwilioCredentials): Promise<Health> {
  const account = await ask(accountUrl(given), byToken(given))
  if (account.kind !== 'healthy' || given.apiKey === undefined) return account
  const byKey = await ask(`${accountUrl(given, '/Messages')}?PageSize=1`, byKeyOrToken(given))
  return byKey.kind === 'healthy' ? account : byKey
}

async function ask(url: string, headers: Record<string, string>): Promise<Health> {
  const answer = await call({ method: 'GET', url, headers })
  return answer.kind === 'answer' ? toHealth(answer) : { kind: 'unreachable', code: answer.code }
}

export function toHealth({ status, body }: Pick<Answer, 'status' | 'body'>): Health {
  if (status >= 300) {
    return { kind: isBusy(status) ? 'unreachable' : 'misconfigured', code: errorCode({ status, body }) }
  }
  const word = (body as { status?: unknown } | null)?.status
  if (word === 'suspended' || word === 'closed') return { kind: 'misconfigured', code: word }
  return { kind: 'healthy', ...(word === 'active' && { quality: word }) }
}

// Verify

function verify({ url, headers, body }: RawWebhook, given: TwilioCredentials): Verdict {
  const signature = headers['x-twilio-signature']
  if (!signature) return { kind: 'refused', because: 'unsigned' }
  if (!isRightlySigned({ url, body, signature }, given.authToken))
    return { kind: 'refused', because: 'wrong signature' }
  const isForm = !new URL(url).searchParams.has('bodySHA256')
  const account = new URLSearchParams(readText({ body })).get('AccountSid')
  return isForm && account !== given.accountSid
    ? { kind: 'refused', because: 'for another account' }
    : { kind: 'valid' }
}

export const twilio: Provider<TwilioCredentials> = {
  id: 'twilio',
  carries,
  messageIdSystem: 'https://qasid.dev/fhir/NamingSystem/twilio-message-sid',
  credentials,
  send,
  lookUp,
  checkHealth,
  fetchFile: createFileFetch(media),
  redact,
  templates: createTemplateDesk('twilio/text'),
  signatureHeader: 'x-twilio-signature',
  verify,
  parse,
  // TwiML: an answer in words would be sent to the patient, past consent and quiet hours.
  reply: { status: 200, contentType: 'text/xml', body: '<Response/>' },
}
