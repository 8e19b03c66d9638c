/** What a request, an attempt or a patient's message says: text, file, reaction, values of a template. */
import type {
  Attachment,
  CommunicationPayload,
  CommunicationRequest,
  CommunicationRequestPayload,
} from 'fhir/r4'
import type { FileSent } from '../domain/attempt.ts'
import type { FileReceived } from '../domain/inbound.ts'
import type { RequestContent } from '../domain/message-request.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { extension } from './codes.ts'
import { extensionOf, present, someOf } from './concept.ts'
import { fromReference, toReference } from './reference.ts'

type Payload = CommunicationPayload | CommunicationRequestPayload

function roleOf(payload: Payload): string | undefined {
  return extensionOf(payload, extension.payloadRole)?.valueCode
}

/** Of a request; `template` is the canonical that it pins. */
export function fromPayload(
  { payload }: Pick<CommunicationRequest, 'payload'>,
  template: string | undefined,
): RequestContent {
  if (template) return { kind: 'template', template, parameters: fromParameters(payload) ?? {} }
  const emoji = reactionIn(payload)
  if (emoji !== undefined) return { kind: 'reaction', emoji }
  const text = textIn(payload)
  const file = present((payload ?? []).map((one) => fromReference(one.contentReference)))[0]
  if (file) return { kind: 'file', file, ...(text && { text }) }
  return { kind: 'text', text: text ?? '' }
}

export function toPayload(content: RequestContent): CommunicationRequestPayload[] | undefined {
  switch (content.kind) {
    case 'text':
      return someOf(toText(content.text))
    case 'file':
      return [{ contentReference: toReference(content.file) }, ...toText(content.text)]
    case 'reaction':
      return toReaction(content.emoji)
    case 'template':
      return toParameters(content.parameters)
  }
}

export function fromParameters(payload: Payload[] | undefined): Record<string, string> | undefined {
  const encoded = payload?.find((one) => roleOf(one) === 'parameters')?.contentAttachment?.data
  if (!encoded) return undefined
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(fromBase64(encoded)))
    const pairs = Object.entries(parsed as object)
    return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
  } catch {
    return undefined
  }
}

function toParameters(parameters: Record<string, string>): CommunicationRequestPayload[] | undefined {
  if (Object.keys(parameters).length === 0) return undefined
  const bytes = new TextEncoder().encode(JSON.stringify(parameters))
  return [
    {
      extension: [{ url: extension.payloadRole, valueCode: 'parameters' }],
      contentAttachment: {
        contentType: 'application/json',
        data: toBase64(bytes),
      },
    },
  ]
}

/** All that is text in its own right; a reaction is not. */
export function textIn(payload: Payload[] | undefined): string | undefined {
  const texts = (payload ?? []).filter((one) => roleOf(one) === undefined)
  return present(texts.map((one) => one.contentString)).join('\n') || undefined
}

export function toText(text: string | undefined): { contentString: string }[] {
  return text ? [{ contentString: text }] : []
}

/** What stands for a reaction that was taken back: FHIR has no empty strings. */
const takenBack = '—'

export function reactionIn(payload: Payload[] | undefined): string | undefined {
  const emoji = payload?.find((one) => roleOf(one) === 'reaction')?.contentString
  return emoji === takenBack ? '' : emoji
}

export function toReaction(emoji: string): (CommunicationPayload & CommunicationRequestPayload)[] {
  return [
    {
      extension: [{ url: extension.payloadRole, valueCode: 'reaction' }],
      contentString: emoji || takenBack,
    },
  ]
}

/** Of an attempt: the file of the chart that was sent. */
export function fileSentIn(payload: Payload[] | undefined): FileSent | undefined {
  const attachment = payload?.find(
    (one) => roleOf(one) === undefined && one.contentAttachment?.url,
  )?.contentAttachment
  if (!attachment?.url) return undefined
  const { url: reference, contentType, title: name } = attachment
  return { reference, ...(contentType && { contentType }), ...(name && { name }) }
}

export function toFileSent({ reference, contentType, name }: FileSent): CommunicationPayload {
  return { contentAttachment: { url: reference, contentType, title: name } }
}

/** Of a patient's message. */
export function filesReceivedIn(payload: CommunicationPayload[] | undefined): FileReceived[] {
  return (payload ?? []).flatMap(({ contentAttachment: file }) => {
    if (!file?.contentType) return []
    const { url: location, contentType, title: name, size, hash } = file
    const lost = extensionOf(file, extension.fileLost)?.valueCode as FileReceived['lost']
    return [
      {
        contentType,
        ...{ location, name, size, lost },
        sha256: extensionOf(file, extension.announcedHash)?.valueString,
        sha1: hash && hexOf(hash),
      },
    ]
  })
}

export function toFileReceived(file: FileReceived): CommunicationPayload {
  const attachment: Attachment = {
    contentType: file.contentType,
    url: file.location,
    title: file.name,
    size: file.size,
    // R4 means SHA-1 here, and nothing else.
    hash: file.sha1 && base64Of(file.sha1),
    extension: someOf(
      present([
        file.sha256 !== undefined && { url: extension.announcedHash, valueString: file.sha256 },
        file.lost !== undefined && { url: extension.fileLost, valueCode: file.lost },
      ]),
    ),
  }
  return { contentAttachment: attachment }
}

function hexOf(base64: string): string {
  return Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join(
    '',
  )
}

function base64Of(hex: string): string {
  return btoa((hex.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''))
}
