/**
 * What the imitated Cloud API calls the clinic with. As the company writes JSON: what is not ASCII, and every slash, is
 * escaped, so a signature over JSON that was written anew is another.
 */
import { createHmac } from 'node:crypto'
import type { ToClinic, ToPatient } from '../phones/ledger.ts'
import type { CarrierStatus, Sender } from '../phones/recipient-rules.ts'
import type { CarriedFile } from '../phones/send-request.ts'
import type { Account, Signing, Told, WireCall, WireTemplate } from '../phones/wire.ts'
import { errorFor } from './meta-errors.ts'

/** Nothing is said of what is only queued. */
const statuses: Partial<Record<CarrierStatus, string>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'failed',
  failed: 'failed',
}

/** What of a message its status repeats. */
export type Sent = Pick<ToPatient, 'id' | 'from' | 'to' | 'correlation' | 'callbackUrl' | 'template'>

export function statusCall(
  { id, from, to, correlation, callbackUrl, template }: Sent,
  { status, at, code }: Told,
  account: Account,
  signing: Signing,
): WireCall | undefined {
  const told = statuses[status]
  if (!told) return undefined
  const pricing = {
    ...{ billable: true, pricing_model: 'PMP', type: 'regular' },
    category: template ? 'utility' : 'service',
  }
  const entry = {
    ...{ id, status: told, timestamp: seconds(at), recipient_id: digits(to) },
    ...(correlation && { biz_opaque_callback_data: correlation }),
    ...(told === 'failed' ? { errors: [statusError(code ?? 'failed')] } : { pricing }),
  }
  const value = { ...valueFor(from, account), contacts: [{ wa_id: digits(to) }], statuses: [entry] }
  return signed(callbackUrl, 'messages', value, account, signing)
}

function statusError(word: string) {
  const { code, title } = errorFor(word)
  return {
    ...{ code, title, message: title, error_data: { details: title } },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  }
}

export function inboundCall(
  { id, from, to, at, inReplyTo, ...said }: ToClinic,
  { inboundUrl }: Sender,
  account: Account,
  signing: Signing,
): WireCall {
  const message = {
    ...{ from: digits(from), id, timestamp: seconds(at) },
    ...saidAs(said),
    ...(inReplyTo && { context: { from: digits(to), id: inReplyTo } }),
  }
  const contacts = [{ profile: { name: 'Sandbox phone' }, wa_id: digits(from) }]
  const value = { ...valueFor(to, account), contacts, messages: [message] }
  return signed(inboundUrl, 'messages', value, account, signing)
}

function saidAs({ text, file, reaction }: Pick<ToClinic, 'text' | 'file' | 'reaction'>) {
  if (reaction) {
    const { toMessage, emoji } = reaction
    return { type: 'reaction', reaction: { message_id: toMessage, ...(emoji && { emoji }) } }
  }
  return file ? fileAs(file, text) : { type: 'text', text: { body: text } }
}

/** The hash is told when the file is asked for. */
function fileAs({ id, contentType, name }: CarriedFile, caption: string) {
  const kind = contentType.replace(/\/.*/, '')
  const type = ['image', 'audio', 'video'].includes(kind) ? kind : 'document'
  const named = type === 'document' && { filename: name }
  const captioned = type === 'audio' ? { voice: true } : caption && { caption }
  return { type, [type]: { id, mime_type: contentType, ...named, ...captioned } }
}

export function templateCall(
  { id, name, language, category, status, because }: WireTemplate,
  { inboundUrl }: Sender,
  account: Account,
  signing: Signing,
): WireCall {
  const value = {
    ...{ event: status.toUpperCase(), message_template_id: Number(id), message_template_name: name },
    ...{ message_template_language: language, message_template_category: category },
    reason: status === 'rejected' ? (because ?? unexplained) : 'NONE',
  }
  return signed(inboundUrl, 'message_template_status_update', value, account, signing)
}

/** The company always gives a reason. */
export const unexplained = 'INVALID_FORMAT'

function valueFor(sender: string, { phoneNumberId }: Account) {
  const metadata = { display_phone_number: digits(sender), phone_number_id: phoneNumberId }
  return { messaging_product: 'whatsapp', metadata }
}

function signed(url: string, field: string, value: object, account: Account, signing: Signing): WireCall {
  const { appSecret = '', businessAccountId = '' } = account
  const entry = [{ id: businessAccountId, changes: [{ value, field }] }]
  const body = escaped({ object: 'whatsapp_business_account', entry })
  const key = signing === 'wrong' ? `not ${appSecret}` : appSecret
  const signature = `sha256=${createHmac('sha256', key).update(body).digest('hex')}`
  return {
    ...{ url, body },
    headers: {
      'content-type': 'application/json',
      ...(signing !== 'none' && { 'x-hub-signature-256': signature }),
    },
  }
}

function escaped(value: object): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function digits(number: string): string {
  return number.replace(/^\+/, '')
}

function seconds(at: string): string {
  return String(Math.floor(Date.parse(at) / 1_000))
}
