/** A bounce, or a word of success, as mail servers write it (RFC 3464): a part of fields, made to be read by programs. */
import type { Email } from 'postal-mime'

export interface DeliveryReport {
  /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
  action: string
  /** `5.1.1`. */
  status?: string
  /** Of ours, by the envelope that we wrote. */
  attemptId?: string
  /** Message-ID of what was sent, without brackets. */
  messageId?: string
}

/** Before the attempt's id in the address that bounces go to. */
export const bouncePrefix = 'bounce+'

/** `undefined` for any other mail. */
export function readReport(mail: Email): DeliveryReport | undefined {
  const part = mail.attachments.find(({ mimeType }) => mimeType === 'message/delivery-status')
  if (!part) return undefined
  const [ofMessage = {}, ...ofRecipients] = textIn(part.content)
    .trim()
    .split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/)
    .map(fieldsIn)
  // We write to one person; a list behind the address may answer for many.
  const told = ofRecipients.find((one) => wordIn(one.action) === 'failed') ?? ofRecipients[0] ?? ofMessage
  const envelopeId = decoded(ofMessage['original-envelope-id'])
  const toAddress = bounceTo(mail)
  // Where nothing else names it, the mailbox for bounces may have the domain that we write from.
  const messageId = embeddedId(mail) ?? envelopeId ?? toAddress
  const attemptId = (toAddress ?? envelopeId ?? messageId)?.split('@')[0]
  const status = statusIn(told)
  return {
    action: wordIn(told.action),
    ...(status && { status }),
    ...(isId(attemptId) && { attemptId }),
    ...(messageId && { messageId }),
  }
}

/** `{attempt}@bounces.clinic.example`, of the address that only bounces of this attempt go to. */
export function bounceTo(mail: Email): string | undefined {
  const named = ['to', 'delivered-to', 'x-original-to', 'envelope-to']
  const [, address] =
    mail.headers
      .filter(({ key }) => named.includes(key))
      .map(({ value }) => /(?:^|[\s<,])bounce\+([\w.-]{1,64}@[^\s<>,|$\\]{1,180})/.exec(value))
      .find((found) => found) ?? []
  return address
}

function isId(text = ''): boolean {
  return /^[\w.-]{1,64}$/.test(text)
}

type Fields = Record<string, string>

function fieldsIn(block: string): Fields {
  const lines = block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name = '', value = ''] = /^([\w-]{1,64}):(.*)$/.exec(line) ?? []
      return name ? [[name.toLowerCase(), value.trim()]] : []
    }),
  )
}

function wordIn(text = ''): string {
  return /^[a-z]+/.exec(text.toLowerCase())?.[0] ?? ''
}

/** `5.0.0` says nothing; then the sentence of the server may. */
function statusIn(told: Fields): string | undefined {
  const [status] = /[245]\.\d{1,3}\.\d{1,3}/.exec(told.status ?? '') ?? []
  if (status && !status.endsWith('.0.0')) return status
  const [said] = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\d|\.\d)/.exec(told['diagnostic-code'] ?? '') ?? []
  return said ?? status
}

/** What was sent comes back whole, or its headers only. */
function embeddedId(mail: Email): string | undefined {
  const returned = mail.attachments.find(({ mimeType }) =>
    ['message/rfc822', 'message/global', 'text/rfc822-headers', 'message/global-headers'].includes(mimeType),
  )
  if (!returned) return undefined
  const [headers = ''] = textIn(returned.content).split(/\r?\n\r?\n/)
  return /^message-id:\s*<([^<>\s|,$\\]{1,250})>/im.exec(headers)?.[1]
}

/** `+2B` for `+`, as envelope ids are written (RFC 3461, 4). */
function decoded(text: string | undefined): string | undefined {
  const id = text?.replace(/\+([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return id?.replace(/^<|>$/g, '') || undefined
}

function textIn(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content)
}
