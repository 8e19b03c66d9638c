/**
 * Meta's WhatsApp Cloud API. Files are uploaded first and sent by id; what becomes of a message comes by webhook only, most
 * refusals too: a 200 means that it was taken, not that it can be delivered.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/reference
 */
import { z } from 'zod'
import { isUserId } from '../../domain/address.ts'
import type { Outcome } from '../../domain/outcome.ts'
import { type Carries, type FileKind, fileKinds, type OutgoingContent } from '../../domain/outgoing.ts'
import { second } from '../../domain/time.ts'
import { type Answer, call, unanswered } from '../call.ts'
import type { OutgoingMessage, Provider } from '../provider.ts'
import { toRefusal } from '../refusal.ts'
import { type Account, authorization, endpoint } from './account.ts'
import { refusedIn } from './codes.ts'
import { fetchFile, upload } from './files.ts'
import { checkHealth } from './health.ts'
import { lookUp } from './statuses.ts'
import { templates } from './templates.ts'
import { handshake, parse, verify } from './webhooks.ts'

// Limits and endpoints

const longestText = 4_096
const longestCaption = 1_024
/** Voice has none. */
const captioned: readonly FileKind[] = ['document', 'image', 'video']
/** After an upload: with it, a send ends within 24 seconds. */
const timeoutAfterUpload = 8 * second
const graphUrl = 'https://graph.facebook.com'
/** Each lives for about two years; this one until the middle of 2028. */
const graphVersion = 'v26.0'

// Credentials

const credentials = z.strictObject({
  accessToken: z.string().min(1).meta({ title: 'Access token of a system user', secret: true }),
  phoneNumberId: z.string().regex(/^\d+$/).meta({ title: 'Phone number ID' }),
  businessAccountId: z.string().regex(/^\d+$/).meta({ title: 'WhatsApp Business Account ID' }),
  appSecret: z.string().min(1).meta({ title: 'App secret, for signatures', secret: true }),
  verifyToken: z.string().min(1).meta({ title: 'Verify token of the webhook', secret: true }),
  apiVersion: z
    .string()
    .regex(/^v\d+\.\d+$/)
    .default(graphVersion)
    .meta({ title: 'Graph API version' }),
  baseUrl: z.url().default(graphUrl).meta({ title: 'Base URL' }),
  messageHistory: z.enum(['on', 'off']).default('off').meta({ title: 'Message history is enabled' }),
})
export type MetaCredentials = z.infer<typeof credentials>

// Status and error tables: `statuses.ts`, `templates.ts`, `codes.ts`, after these pages of the reference:
// support/error-codes · webhooks/reference/messages/status · webhooks/reference/message_template_status_update

// Send

export interface MetaRequest {
  url: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

/** `fileId` is what the upload gave; `undefined` for what is not carried. */
export function toRequest(
  { attemptId, to, content, replyTo }: OutgoingMessage,
  given: Account,
  fileId?: string,
): MetaRequest | undefined {
  const said = toBody(content, fileId)
  if (!said) return undefined
  return {
    url: endpoint(given, [given.phoneNumberId, 'messages']),
    headers: { ...authorization(given), 'content-type': 'application/json' },
    body: {
      ...{ messaging_product: 'whatsapp', recipient_type: 'individual' },
      ...(isUserId(to) ? { recipient: to } : { to: to.replace(/^\+/, '') }),
      ...said,
      // A reaction names its message itself.
      ...(replyTo && content.kind !== 'reaction' && { context: { message_id: replyTo } }),
      biz_opaque_callback_data: attemptId,
    },
  }
}

/** Their word for each kind of file. */
const fileTypes: Record<FileKind, string> = {
  document: 'document',
  image: 'image',
  voice: 'audio',
  video: 'video',
}

function toBody(content: OutgoingContent, fileId?: string): Record<string, unknown> | undefined {
  if (!isCarried(content)) return undefined
  switch (content.kind) {
    case 'text':
      return { type: 'text', text: { body: content.text, preview_url: false } }
    case 'template': {
      const { name, language, values } = content.template
      const parameters = values.map((text) => ({ type: 'text', text: onOneLine(text) }))
      const components = parameters.length > 0 && { components: [{ type: 'body', parameters }] }
      return { type: 'template', template: { name, language: { code: language }, ...components } }
    }
    case 'file': {
      const { file, caption } = content
      const type = fileTypes[file.kind]
      const named = file.kind === 'document' && { filename: file.name }
      // Shown as a voice note; other audio has no such form.
      const spoken = file.contentType.startsWith('audio/ogg') && { voice: true }
      return { type, [type]: { id: fileId, ...(caption && { caption }), ...named, ...spoken } }
    }
    case 'reaction':
      return { type: 'reaction', reaction: { message_id: content.toMessage, emoji: content.emoji } }
  }
}

function isCarried(content: OutgoingContent): boolean {
  return content.kind === 'text' ? content.text.length <= longestText : !hasLostCaption(content)
}

/** Sent without its words, half of the message would be lost in silence. */
function hasLostCaption(content: OutgoingContent): boolean {
  if (content.kind !== 'file' || !content.caption) return false
  return !captioned.includes(content.file.kind) || content.caption.length > longestCaption
}

/** Values with line breaks, tabs or more than four spaces in a row are refused. */
function onOneLine(value: string): string {
  return value.replace(/\s*[\n\r\t]\s*| {5,}/g, ' ')
}

/** `paused` and `held_for_quality_assessment` are taken too: what becomes of them comes by webhook. */
const acceptance = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) })

export function toOutcome(answer: Omit<Answer, 'kind'>): Outcome {
  const { status, body } = answer
  if (status < 300) {
    const id = acceptance.safeParse(body).data?.messages[0]?.id
    return id
      ? { kind: 'accepted', providerId: id }
      : { kind: 'unknown', because: `status ${status} without a message id` }
  }
  const { meaning, code, waitFor } = refusedIn(answer)
  return toRefusal(meaning, code, waitFor)
}

async function send(message: OutgoingMessage, given: MetaCredentials): Promise<Outcome> {
  const { content } = message
  const notCarried = { kind: 'rejected', reason: 'content-not-carried', code: content.kind } as const
  if (hasLostCaption(content)) return { ...notCarried, code: 'caption' }
  if (!isCarried(content)) return notCarried
  const uploaded = content.kind === 'file' ? await upload(content.file, given) : undefined
  if (uploaded?.kind === 'failed') return uploaded.outcome
  const request = toRequest(message, given, uploaded?.id)
  if (!request) return notCarried
  const timeoutFor = uploaded && timeoutAfterUpload
  const answer = await call({ ...request, method: 'POST', body: JSON.stringify(request.body), timeoutFor })
  return answer.kind === 'answer' ? toOutcome(answer) : unanswered(answer)
}

const carried: Carries = {
  longestText,
  files: fileKinds,
  captions: captioned,
  reactions: true,
  quotes: true,
  templates: 'approved',
  receipts: true,
  answers: true,
}

export const meta: Provider<MetaCredentials> = {
  id: 'meta',
  carries: { whatsapp: carried },
  messageIdSystem: 'https://qasid.dev/fhir/NamingSystem/meta-wamid',
  credentials,
  send,
  // Not every account has a message history, and one that has none answers as if all was lost.
  lookUp: async (wanted, given) =>
    given.messageHistory === 'on'
      ? lookUp(wanted, given)
      : { kind: 'cannot-say', because: 'the message history of this account is not switched on' },
  checkHealth,
  fetchFile,
  templates,
  // It may bring a thousand events, up to 3 MB, at once.
  largestWebhook: 4 * 1024 * 1024,
  signatureHeader: 'x-hub-signature-256',
  verify,
  parse,
  handshake,
}
