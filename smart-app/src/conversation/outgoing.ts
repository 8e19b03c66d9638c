/** A clinician's message on its way into the host. Its key is made once, so that sending it again sends nothing twice. */
import type { Channel } from '../../../src/domain/channel.ts'
import type { MessageRequest, Reference } from '../../../src/domain/message-request.ts'
import { after, day, type Instant } from '../../../src/domain/time.ts'
import { ulid } from './ulid.ts'

export interface Outgoing {
  request: MessageRequest
  /** `unsaved`: the host did not take it; the same request may be tried again. */
  state: 'saving' | 'unsaved'
}

/** Ten SMS segments; a longer text belongs in a letter. */
export const mostCharacters = 1_530

export interface Writing {
  text: string
  /** In order; only open ones. */
  plan: Channel[]
  patient: Reference
  /** The clinician, as the host names them. */
  requester?: Reference
  now: Instant
  /** Ten random bytes. */
  random: Uint8Array
}

export function composeRequest({ text, plan, patient, requester, now, random }: Writing): MessageRequest {
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
    content: { kind: 'text', text },
    replyOptions: [],
    requester,
    forbidden: false,
  }
}

export function isSendable(text: string): boolean {
  return text.trim().length > 0 && text.length <= mostCharacters
}
