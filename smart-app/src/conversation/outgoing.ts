/** A clinician's message on its way into the host. Its key is made once, so that sending it again sends nothing twice. */
import type { Channel } from '../../../src/domain/channel.ts'
import type { MessageRequest, Reference, RequestContent } from '../../../src/domain/message-request.ts'
import { after, day, type Instant } from '../../../src/domain/time.ts'
import { ulid } from './ulid.ts'

export interface Outgoing {
  request: MessageRequest
  /** `unsaved`: the host did not take it; the same request may be tried again. */
  state: 'saving' | 'unsaved'
}

/** What stands in the composer. */
export interface Written {
  text: string
  file?: Attached
  /** The patient's message that is answered. */
  replyTo?: Reference
}

/** A document of the chart, chosen and not yet sent. */
export interface Attached {
  reference: Reference
  name: string
  contentType: string
}

/** Ten SMS segments; a longer text belongs in a letter. */
export const mostCharacters = 1_530
/** What stands under a file, where WhatsApp shows it. */
export const mostUnderFile = 1_024

export interface Writing {
  content: RequestContent
  /** The patient's message that it answers, or is put on. */
  answers?: Reference
  /** In order; only open ones. */
  plan: Channel[]
  patient: Reference
  /** The clinician, as the host names them. */
  requester?: Reference
  now: Instant
  /** Ten random bytes. */
  random: Uint8Array
}

export function composeRequest(writing: Writing): MessageRequest {
  const { content, answers, plan, patient, requester, now, random } = writing
  return {
    key: `manual_${ulid(now, random)}`,
    status: 'active',
    category: 'conversation',
    priority: 'routine',
    patient,
    recipient: patient,
    plan,
    dueAt: now,
    window: { from: now, until: after(now, day) },
    content,
    answers,
    replyOptions: [],
    requester,
    forbidden: false,
  }
}

export function contentOf({ text, file }: Written): RequestContent {
  const said = text.trim()
  if (!file) return { kind: 'text', text: said }
  return { kind: 'file', file: file.reference, ...(said && { text: said }) }
}

export function mostOf({ file }: Written): number {
  return file ? mostUnderFile : mostCharacters
}

/** A file says something by itself. */
export function isSendable(written: Written): boolean {
  const { text, file } = written
  return (text.trim().length > 0 || file !== undefined) && text.length <= mostOf(written)
}
