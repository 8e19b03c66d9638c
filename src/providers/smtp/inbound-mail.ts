/** What a person wrote to us by e-mail: whose it is, the new part of it, and the files. Mail that programs write is told apart. */
import { createHash } from 'node:crypto'
import PostalMime, { type Attachment, type Email, type Address as MailAddress } from 'postal-mime'
import { type Address, parseInboundAddress } from '../../domain/address.ts'
import type { InboundFile, InboundMessage } from '../../domain/outcome.ts'
import { fileKindOf } from '../../domain/outgoing.ts'
import { type Instant, instant, parseInstant } from '../../domain/time.ts'
import { htmlToText } from './html-text.ts'
import { withinBounds } from './mail-bounds.ts'
import { newPart } from './new-part.ts'

/** `undefined` when it is no e-mail at all, `too much` when no person writes such: it would stop us from all else. */
export async function readMail(raw: Uint8Array): Promise<Email | 'too much' | undefined> {
  const bounded = withinBounds(raw)
  if (!bounded) return 'too much'
  try {
    const mail = await PostalMime.parse(bounded, {
      maxNestingDepth: 16,
      maxHeadersSize: 512 * 1024,
      // A mail within the mail is a file, not words of this person.
      forceRfc822Attachments: true,
    })
    return mail.headers.length > 0 ? mail : undefined
  } catch {
    // Whatever bytes are a mail to it; it refuses only what is beyond the limits above.
    return 'too much'
  }
}

/** Answered, it would answer back for ever. */
const marks: { header: string; says: RegExp; because: string }[] = [
  { header: 'auto-submitted', says: /^(?!no\b)\S/i, because: 'written by a program' },
  { header: 'precedence', says: /^(bulk|junk|list|auto.?reply)\b/i, because: 'sent in bulk or by a program' },
  { header: 'x-autoreply', says: /^(?!no\b)\S/i, because: 'an automatic reply' },
  { header: 'x-autorespond', says: /\S/, because: 'an automatic reply' },
  // People's mail may refuse some kinds of answer; only programs refuse all.
  { header: 'x-auto-response-suppress', says: /\ball\b/i, because: 'written by a program' },
  { header: 'return-path', says: /^<>$/, because: 'a notice that nobody may answer' },
  { header: 'content-type', says: /^multipart\/report\b/i, because: 'a report of another kind' },
]

/** Why nobody is behind this mail; `undefined` where somebody is. */
export function automaticBecause(mail: Email): string | undefined {
  return marks.find(({ header, says }) =>
    mail.headers.some(({ key, value }) => key === header && says.test(value.trim())),
  )?.because
}

/** `undefined` when it is from or to nobody that can be named. */
export function toInbound(
  mail: Email,
  raw: Uint8Array,
  receivedAt: Instant,
  mostBytes: number,
): InboundMessage | undefined {
  const from = addressesIn(mail.from ? [mail.from] : [])[0]
  const to = recipientOf(mail)
  if (!from || !to) return undefined
  const found = filesIn(mail.attachments, mostBytes)
  const files = found.slice(0, mostFiles)
  const inReplyTo = idsIn(mail.inReplyTo)[0] ?? idsIn(mail.references).at(-1)
  return {
    kind: 'inbound',
    providerId: idsIn(mail.messageId)[0] ?? createHash('sha256').update(raw).digest('hex'),
    channel: 'email',
    ...{ from, to },
    text: [textOf(mail), ...toldOf(found.length - files.length)].join('\n').trim(),
    // Its clock is the patient's own, and may be ahead of ours.
    at: instant(Math.min(parseInstant(mail.date) ?? receivedAt, receivedAt)),
    ...(inReplyTo && { inReplyTo }),
    ...(files.length > 0 && { files }),
  }
}

/** Some write all they have to say into the subject. */
function textOf(mail: Email): string {
  const written = mail.text?.trim() ? mail.text : htmlToText(mail.html ?? '')
  return newPart(written) || (mail.inReplyTo ? '' : (mail.subject?.trim() ?? ''))
}

/** Of several, the one that the mail server delivered to. */
function recipientOf(mail: Email): Address | undefined {
  const named = new Set(addressesIn([...(mail.to ?? []), ...(mail.cc ?? [])]))
  const delivered = mail.headers
    .filter(({ key }) => ['x-original-to', 'delivered-to', 'envelope-to'].includes(key))
    .flatMap(({ value }) => parseInboundAddress('email', value.replace(/[<>]/g, '')) ?? [])
  return delivered.find((one) => named.has(one)) ?? [...named][0] ?? delivered[0]
}

function addressesIn(found: MailAddress[]): Address[] {
  return found
    .flatMap((one) => one.group ?? [one])
    .flatMap(({ address }) => parseInboundAddress('email', address) ?? [])
}

/** Without brackets; what might break a search for it is none. */
function idsIn(header = ''): string[] {
  return [...header.slice(0, 20_000).matchAll(/<([^<>\s|,$\\]{1,250})>/g)].flatMap(([, id]) => id ?? [])
}

// Files

/** As many as a person sends; each becomes a resource of the chart. */
const mostFiles = 10

/** Of those that are not kept, so that staff can ask for them. */
function toldOf(more: number): string[] {
  return more > 0 ? [`[and ${more} more ${more === 1 ? 'file' : 'files'}]`] : []
}

/** What programs add by themselves: signatures of mails, small pictures of people's signatures. */
const addedTypes = /^application\/(pkcs7|x-pkcs7|pgp)-signature$/
const largestLogo = 10_000

/** What does not fit any more is named without its bytes, so that the thread can say so. */
function filesIn(attachments: Attachment[], mostBytes: number): InboundFile[] {
  let left = mostBytes
  return attachments.flatMap((attachment, at) => {
    const { mimeType, filename, content, related } = attachment
    const bytes = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content)
    const isLogo = related && mimeType.startsWith('image/') && bytes.length < largestLogo
    if (isLogo || addedTypes.test(mimeType) || bytes.length === 0) return []
    const fits = bytes.length <= left
    if (fits) left -= bytes.length
    return {
      kind: fileKindOf(mimeType),
      location: `part:${at}`,
      contentType: mimeType,
      ...(filename && { name: filename }),
      ...(fits && { bytes }),
    }
  })
}
