/**
 * E-mail through a clinic's own mail server, by SMTP. A mail server tells nothing later by itself: bounces and answers come
 * as raw messages that it pipes to our webhook, signed with a secret of ours.
 */
import { createHmac, createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import type { InboundFile, Outcome } from '../../domain/outcome.ts'
import type { Carries, OutgoingFile } from '../../domain/outgoing.ts'
import { type Instant, instant, parseInstant, second } from '../../domain/time.ts'
import type {
  FetchedFile,
  Health,
  OutgoingMessage,
  Parsed,
  Provider,
  RawWebhook,
  Verdict,
} from '../provider.ts'
import { reasonOf, toRefusal } from '../refusal.ts'
import { events, ignored, isSame, malformed } from '../webhook.ts'
import { bouncePrefix, bounceTo, type DeliveryReport, readReport } from './delivery-report.ts'
import { toHtml } from './html-alternative.ts'
import { automaticBecause, readMail, toInbound } from './inbound-mail.ts'
import { meaningOfReply, meaningOfSilence, meaningOfStatus } from './replies.ts'
import { isProven } from './sender-proof.ts'
import { greet, type Mail, type MailServer, type Submitted, submit } from './submission.ts'

// Limits

/** In all, in both directions; encoded it is a third more, and many servers take no more than 25 MB. */
const largestFiles = 10 * 1024 * 1024
/** A mail with files of that size, encoded. */
const largestMail = 15 * 1024 * 1024
/** Mail servers say "slow down" without saying for how long. */
const restFor = 10 * second
/** Of what stands before the @ (RFC 5321, 4.5.3.1.1). */
const longestMailbox = 64

// Credentials

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/
const domain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).type === 'private'
  } catch {
    return false
  }
}

const credentials = z
  .strictObject({
    host: z
      .string()
      .regex(/^[\w.:-]+$/)
      .meta({ title: 'Mail server' }),
    port: z
      .string()
      .regex(/^\d{1,5}$/)
      .refine((port) => Number(port) > 0 && Number(port) < 65_536)
      .default('587')
      .meta({ title: 'Port' }),
    security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({ title: 'Encryption' }),
    user: z.string().min(1).optional().meta({ title: 'User name' }),
    password: z.string().min(1).optional().meta({ title: 'Password', secret: true }),
    webhookSecret: z.string().min(16).meta({ title: 'Webhook secret', secret: true }),
    authservId: z
      .string()
      .regex(/^[\w.-]{1,253}$/)
      .optional()
      .meta({ title: 'Host whose Authentication-Results are believed' }),
    fromName: z.string().min(1).optional().meta({ title: 'Name that patients see' }),
    bounceDomain: z.string().regex(domain).optional().meta({ title: 'Domain for bounces' }),
    dkimDomain: z.string().regex(domain).optional().meta({ title: 'DKIM domain' }),
    dkimSelector: z.string().min(1).optional().meta({ title: 'DKIM selector' }),
    dkimPrivateKey: z
      .string()
      .refine(isPrivateKey)
      .optional()
      .meta({ title: 'DKIM private key (PEM)', secret: true }),
  })
  .refine(({ security, host }) => security !== 'none' || loopback.test(host), {
    path: ['security'],
    message: 'Without encryption only a mail server on this computer is used.',
  })
  .refine(({ user, password }) => !user === !password, {
    path: ['password'],
    message: 'A user name and a password go together.',
  })
  .refine(
    ({ dkimDomain, dkimSelector, dkimPrivateKey }) =>
      !dkimDomain === !dkimSelector && !dkimSelector === !dkimPrivateKey,
    { path: ['dkimPrivateKey'], message: 'DKIM takes a domain, a selector and a private key.' },
  )
export type SmtpCredentials = z.infer<typeof credentials>

// Send

/** `undefined` for what e-mail does not carry. `bytes` are the file's. */
export function toRequest(
  { attemptId, from, to, content, replyTo }: OutgoingMessage,
  given: SmtpCredentials,
  bytes?: Uint8Array,
): { messageId: string; mail: Mail } | undefined {
  if (content.kind !== 'text' && content.kind !== 'file') return undefined
  const text = content.kind === 'text' ? content.text : (content.caption ?? '')
  const messageId = `${attemptId}@${domainOf(from)}`
  const options: Mail['options'] = {
    messageId: `<${messageId}>`,
    from: { name: given.fromName ?? '', address: from },
    to: { name: '', address: to },
    envelope: { from: bounceAddress(attemptId, given) ?? from, to },
    ...(content.subject && { subject: content.subject }),
    ...(replyTo && { inReplyTo: `<${replyTo}>`, references: `<${replyTo}>` }),
    // So that no other program answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    text,
    ...(text && { html: toHtml(text) }),
    ...(content.kind === 'file' && bytes && { attachments: [attachmentOf(content.file, bytes)] }),
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }
  // A bounce need not carry what the patient was to read.
  const dsn = { id: messageId, return: 'headers', notify: ['failure', 'delay'] }
  const dkim = dkimOf(given)
  return { messageId, mail: { options, dsn, ...(dkim && { dkim }) } }
}

/** As mail servers write it, also where it has letters of other scripts. */
function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const url = `http://${domain}`
  return URL.canParse(url) ? new URL(url).hostname : domain
}

/** Bounces that quote nothing of ours still name the attempt. */
function bounceAddress(attemptId: string, { bounceDomain }: SmtpCredentials): string | undefined {
  const mailbox = `${bouncePrefix}${attemptId}`
  return bounceDomain && mailbox.length <= longestMailbox ? `${mailbox}@${bounceDomain}` : undefined
}

function attachmentOf({ name, contentType }: OutgoingFile, bytes: Uint8Array) {
  return { filename: name, contentType, content: Buffer.from(bytes), contentDisposition: 'attachment' }
}

function dkimOf({ dkimDomain, dkimSelector, dkimPrivateKey }: SmtpCredentials): Mail['dkim'] | undefined {
  if (!dkimDomain || !dkimSelector || !dkimPrivateKey) return undefined
  return { domainName: dkimDomain, keySelector: dkimSelector, privateKey: dkimPrivateKey }
}

export function toOutcome(submitted: Submitted, messageId: string): Outcome {
  if (submitted.kind === 'taken')
    return { kind: 'accepted', providerId: submitted.id ?? messageId, state: 'relay-accepted' }
  const { reply, status, code, hasLeft } = submitted
  if (reply) {
    const meaning = meaningOfReply(submitted)
    return toRefusal(meaning, status ?? String(reply), meaning === 'throttled' ? restFor : undefined)
  }
  if (hasLeft) return { kind: 'unknown', because: code }
  return toRefusal(meaningOfSilence(code) ?? 'unreachable', code)
}

async function send(message: OutgoingMessage, given: SmtpCredentials): Promise<Outcome> {
  const { content } = message
  const tooLarge: Outcome = { kind: 'rejected', reason: 'file-refused', code: 'too-large' }
  if (content.kind === 'file' && (content.file.size ?? 0) > largestFiles) return tooLarge
  const bytes =
    content.kind === 'file' ? await content.file.read(largestFiles).catch(() => undefined) : new Uint8Array()
  if (!bytes) return { kind: 'unreachable', code: 'file-unread' }
  if (bytes.length > largestFiles) return tooLarge
  const request = toRequest(message, given, bytes)
  if (!request) return { kind: 'rejected', reason: 'content-not-carried', code: content.kind }
  return toOutcome(await submit(serverOf(given), request.mail), request.messageId)
}

function serverOf({ host, port, security, user, password }: SmtpCredentials): MailServer {
  const login = user && password ? { user, pass: password } : undefined
  return { host, port: Number(port), security, ...(login && { login }) }
}

// Health, files

/** Whether this address may be written from, only a message can tell. */
async function checkHealth(_sender: unknown, given: SmtpCredentials): Promise<Health> {
  const submitted = await greet(serverOf(given))
  if (submitted.kind === 'taken') return { kind: 'healthy' }
  const { kind } = toOutcome(submitted, '')
  const code = submitted.status ?? String(submitted.reply ?? submitted.code)
  return { kind: kind === 'misconfigured' ? kind : 'unreachable', code }
}

/** Files come with the message; one without bytes was too large to keep. */
async function fetchFile(
  { bytes, contentType }: InboundFile,
  _credentials: SmtpCredentials,
  most: number,
): Promise<FetchedFile> {
  if (!bytes || bytes.length > most) return { kind: 'refused', because: 'too-large' }
  return { kind: 'file', contentType, bytes }
}

// Verify

const signatureHeader = 'x-qasid-signature'

function verify({ headers, body }: RawWebhook, { webhookSecret }: SmtpCredentials): Verdict {
  const given = headers[signatureHeader]
  if (!given) return { kind: 'refused', because: 'unsigned' }
  const wanted = `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`
  return isSame(given, wanted) ? { kind: 'valid' } : { kind: 'refused', because: 'wrong signature' }
}

// Parse

async function parse(
  { body }: RawWebhook,
  receivedAt: Instant,
  { authservId }: SmtpCredentials,
): Promise<Parsed> {
  const mail = await readMail(body)
  // An error would bring it back.
  if (mail === 'too much') return ignored('a mail of too many lines, parts or headers')
  if (!mail) return malformed('the body is no e-mail')
  const report = readReport(mail)
  if (report) return parseReport(report, instant(Math.min(parseInstant(mail.date) ?? receivedAt, receivedAt)))
  const because = automaticBecause(mail)
  if (because) return ignored(because)
  if (bounceTo(mail)) return ignored('a bounce that is no report')
  const inbound = toInbound(mail, body, receivedAt, largestFiles)
  if (!inbound) return malformed('a mail is from or to nobody that can be named')
  if (inbound.from === inbound.to) return ignored('a mail of our own')
  if (!inbound.text && !inbound.files) return ignored('an empty mail')
  if (!authservId || isProven(mail, inbound.from, authservId)) return events(inbound)
  return events({ ...inbound, unproven: true })
}

function parseReport(report: DeliveryReport, at: Instant): Parsed {
  const { action, attemptId, messageId, status } = report
  if (!attemptId && !messageId) return ignored('a report of no message that is named')
  const event = {
    kind: 'delivery' as const,
    ...(attemptId && { attemptId }),
    ...{ providerId: messageId ?? attemptId ?? '', at },
  }
  if (action === 'delivered') return events({ ...event, state: 'delivered' })
  // Delayed is tried again; relayed and expanded go where no report comes from.
  if (action !== 'failed') return ignored('a report that ends nothing')
  const reason = reasonOf(status ? meaningOfStatus(status) : undefined)
  return events({ ...event, state: 'undelivered', reason, ...(status && { code: status }) })
}

const carried: Carries = {
  longestText: 100_000,
  files: ['document', 'image', 'voice', 'video'],
  reactions: false,
  quotes: true,
  templates: 'none',
  // Bounces come, receipts do not.
  receipts: false,
  answers: true,
}

export const smtp: Provider<SmtpCredentials> = {
  id: 'smtp',
  carries: { email: carried },
  messageIdSystem: 'https://qasid.dev/fhir/NamingSystem/smtp-message-id',
  credentials,
  send,
  checkHealth,
  fetchFile,
  verify,
  parse,
  signatureHeader,
  largestWebhook: largestMail,
}
