/** Mail as mail programs and mail servers write it: an answer above the quoted original, and a bounce. All of it in ASCII. */
import type { ToClinic, ToPatient } from '../phones/ledger.ts'
import type { Told } from '../phones/wire.ts'

export interface Beside {
  /** What the patient answers, quoted below. */
  answered?: ToPatient
  file?: { contentType: string; name?: string; bytes: Uint8Array }
}

/** What a patient sends. */
export function toLetter(message: ToClinic, { answered, file }: Beside): string {
  const text = textPart(`${message.text}${answered ? quote(answered) : ''}`)
  return mail(
    [
      `From: ${word('Patient')} <${message.from}>`,
      `To: <${message.to}>`,
      `Subject: ${word(answered?.subject ? `Re: ${answered.subject}` : 'To the clinic')}`,
      `Message-ID: <${message.id}>`,
      ...(message.inReplyTo
        ? [`In-Reply-To: <${message.inReplyTo}>`, `References: <${message.inReplyTo}>`]
        : []),
      `Date: ${dateOf(message.at)}`,
    ],
    file ? multipart('mixed', [text, filePart(file)]) : text,
  )
}

function quote({ at, from, text }: ToPatient): string {
  const lines = text.split('\n').map((line) => `> ${line}`)
  return ['', '', `On ${dateOf(at)}, The clinic <${from}> wrote:`, ...lines, ''].join('\n')
}

/** What becomes of mail that could not be delivered after it was taken (RFC 3464). */
export function toBounce(message: ToPatient, { at, code }: Told): string {
  const status = { 'unreachable-handset': '5.2.1' }[code ?? ''] ?? '5.0.0'
  const host = 'mail.phones.example'
  const report = [
    `Reporting-MTA: dns; ${host}`,
    `Original-Envelope-Id: ${message.id.replace(/[^!-*,-<>-~]/g, hexed)}`,
    `Arrival-Date: ${dateOf(message.at)}`,
    '',
    `Final-Recipient: rfc822; ${message.to}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} The message could not be delivered`,
  ]
  const returned = [`Message-ID: <${message.id}>`, `From: <${message.from}>`, `To: <${message.to}>`]
  return mail(
    [
      `From: Mail Delivery System <MAILER-DAEMON@${host}>`,
      `To: <${message.from}>`,
      'Subject: Undelivered Mail Returned to Sender',
      `Message-ID: <bounce-of-${message.id}>`,
      `Date: ${dateOf(at)}`,
      'Auto-Submitted: auto-replied',
    ],
    multipart('report; report-type=delivery-status', [
      textPart('Your message could not be delivered.'),
      part('message/delivery-status', report),
      part('text/rfc822-headers', returned),
    ]),
  )
}

interface Part {
  headers: string[]
  body: string
}

/** Between parts; never the same as a line of base64. */
const boundary = '=_part_of_a_sandbox_mail'

function mail(headers: string[], { headers: ofBody, body }: Part): string {
  return [...headers, 'MIME-Version: 1.0', ...ofBody, '', body].join('\r\n')
}

function multipart(kind: string, parts: Part[]): Part {
  const inner = parts.flatMap(({ headers, body }) => [`--${boundary}`, ...headers, '', body])
  return {
    headers: [`Content-Type: multipart/${kind}; boundary="${boundary}"`],
    body: [...inner, `--${boundary}--`, ''].join('\r\n'),
  }
}

function part(contentType: string, lines: string[]): Part {
  return { headers: [`Content-Type: ${contentType}`], body: [...lines, ''].join('\r\n') }
}

function textPart(text: string): Part {
  return encodedPart('text/plain; charset=utf-8', Buffer.from(text.replaceAll('\n', '\r\n')))
}

function filePart({ contentType, name = 'file', bytes }: NonNullable<Beside['file']>): Part {
  const { headers, body } = encodedPart(contentType, bytes)
  return {
    headers: [...headers, `Content-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}`],
    body,
  }
}

function encodedPart(contentType: string, bytes: Uint8Array): Part {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  return {
    headers: [`Content-Type: ${contentType}`, 'Content-Transfer-Encoding: base64'],
    body: lines.join('\r\n'),
  }
}

/** In a header, whatever script it is in (RFC 2047); a word holds 45 bytes and no half letters. */
function word(text: string): string {
  const words = ['']
  for (const letter of text) {
    const longer = `${words.at(-1)}${letter}`
    if (Buffer.byteLength(longer) <= 45) words[words.length - 1] = longer
    else words.push(letter)
  }
  return words.map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ')
}

function dateOf(iso: string): string {
  return new Date(iso).toUTCString().replace('GMT', '+0000')
}

/** As envelope ids are written (RFC 3461, 4). */
function hexed(sign: string): string {
  return `+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
