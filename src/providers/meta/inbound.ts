/**
 * What a patient sent, from the webhook's `messages`. A clinician must know of everything a person sends: what we cannot
 * show stands as a note in brackets. Only what nobody wrote is ignored.
 */
import { z } from 'zod'
import type { Address } from '../../domain/address.ts'
import type { InboundFile, InboundMessage, ProviderEvent } from '../../domain/outcome.ts'
import type { FileKind } from '../../domain/outgoing.ts'
import type { Instant } from '../../domain/time.ts'
import { parseWhatsAppId } from '../../domain/whatsapp-id.ts'
import { instantOf } from './statuses.ts'

const text = z.string().optional().catch(undefined)

const envelope = z.looseObject({
  id: z.string().min(1),
  type: z.string(),
  from: text,
  from_user_id: text,
  timestamp: z.unknown().optional().transform(instantOf),
  context: z.object({ id: text }).optional().catch(undefined),
})
type Envelope = z.infer<typeof envelope>

/** The person as the webhook's `contacts` tell. */
export const contact = z.object({ wa_id: text, user_id: text })
type Contact = z.infer<typeof contact>

interface Circumstances {
  to: Address
  contacts: Contact[]
  receivedAt: Instant
}

type Said = Pick<InboundMessage, 'text' | 'files' | 'reaction'>

export function toInbound(message: unknown, circumstances: Circumstances): ProviderEvent {
  const parsed = envelope.safeParse(message)
  if (!parsed.success) return { kind: 'ignored', because: 'a message without an id' }
  const { id, type, context, timestamp } = parsed.data
  if (Object.hasOwn(nobodysWords, type)) return { kind: 'ignored', because: nobodysWords[type] ?? type }
  const person = whoWrote(parsed.data, circumstances.contacts)
  if (!person) return { kind: 'ignored', because: 'a message from nobody' }
  const said = read(type, parsed.data)
  return {
    kind: 'inbound',
    providerId: id,
    channel: 'whatsapp',
    ...person,
    to: circumstances.to,
    ...(said ?? { text: unshown }),
    at: timestamp ?? circumstances.receivedAt,
    ...(context?.id && { inReplyTo: context.id }),
  }
}

/** What stands for a message of a kind that has no place here: a poll, an edit, one that vanishes. */
const unshown = '[unsupported message]'

const nobodysWords: Record<string, string> = {
  order: 'an order of goods, which clinics do not sell',
  system: 'the person changed their number or device',
  request_welcome: 'the person opened a chat and wrote nothing',
}

/** By number where there is one; a user id alone is an address too. */
function whoWrote(
  { from, from_user_id }: Envelope,
  contacts: Contact[],
): Pick<InboundMessage, 'from' | 'userId'> | undefined {
  const same = contacts.find((one) => isOne(one.wa_id, from) || isOne(one.user_id, from_user_id))
  const theirs = same ?? (contacts.length === 1 ? contacts[0] : undefined)
  const userId = from_user_id ?? theirs?.user_id
  const address = parseWhatsAppId(from ?? theirs?.wa_id ?? '') ?? parseWhatsAppId(userId ?? '')
  return address && { from: address, ...(userId && { userId }) }
}

function isOne(theirs: string | undefined, given: string | undefined): boolean {
  return given !== undefined && theirs === given
}

// Each kind of message

const media = z.object({
  id: z.string().min(1),
  mime_type: z.string().min(1),
  sha256: z.string().optional().catch(undefined),
  filename: text,
  caption: text,
})

type Reader = (body: unknown) => Said | undefined

const readers: Record<string, Reader> = {
  text: reader(z.object({ body: z.string() }), ({ body }) => ({ text: body })),
  image: fileReader('image'),
  sticker: fileReader('image'),
  video: fileReader('video'),
  audio: fileReader('voice'),
  document: fileReader('document'),
  location: reader(
    z.object({ latitude: z.number(), longitude: z.number(), name: text, address: text }),
    ({ latitude, longitude, name, address }) => ({
      text: `[location] ${[name, address, `${latitude}, ${longitude}`].filter(Boolean).join(', ')}`,
    }),
  ),
  contacts: reader(
    z.array(z.object({ name: z.object({ formatted_name: text }).optional() })).min(1),
    // Names only: numbers of third persons do not belong into a chart.
    (cards) => ({
      text: `[contact card] ${cards.map(({ name }) => name?.formatted_name ?? '').join(', ')}`.trim(),
    }),
  ),
  reaction: reader(
    z.object({ message_id: z.string().min(1), emoji: z.string().catch('') }),
    ({ message_id, emoji }) => ({ text: emoji, reaction: { toMessage: message_id, emoji } }),
  ),
  button: reader(z.object({ text: z.string() }), (pressed) => ({ text: pressed.text })),
  interactive: reader(
    z.union([
      z.object({ button_reply: z.object({ title: z.string() }) }).transform((one) => one.button_reply.title),
      z.object({ list_reply: z.object({ title: z.string() }) }).transform((one) => one.list_reply.title),
      z.object({ nfm_reply: z.object({ body: z.string() }) }).transform((one) => one.nfm_reply.body),
    ]),
    (chosen) => ({ text: chosen }),
  ),
}

function read(type: string, message: Envelope): Said | undefined {
  return Object.hasOwn(readers, type) ? readers[type]?.(message[type]) : undefined
}

function reader<T>(schema: z.ZodType<T>, said: (body: T) => Said): Reader {
  return (body) => {
    const parsed = schema.safeParse(body)
    return parsed.success ? said(parsed.data) : undefined
  }
}

function fileReader(kind: FileKind): Reader {
  return reader(media, ({ id, mime_type, sha256, filename, caption = '' }) => {
    const hash = hexOf(sha256)
    const file: InboundFile = {
      ...{ kind, location: id, contentType: mime_type.replace(/;.*/, '').trim() },
      ...(filename && { name: filename }),
      ...(hash && { sha256: hash }),
    }
    return { text: caption, files: [file] }
  })
}

/** Webhooks tell hashes in base64. */
function hexOf(base64: string | undefined): string | undefined {
  const bytes = Buffer.from(base64 ?? '', 'base64')
  return bytes.length === 32 ? bytes.toString('hex') : undefined
}
