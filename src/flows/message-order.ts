/** What an EMR's script orders: the same words to one patient or many, and how a recipient is named when it is refused. */
import type { Channel } from '../domain/channel.ts'
import type { MessageRequest, Reference } from '../domain/message-request.ts'
import type { Reason } from '../domain/reason.ts'
import type { Instant } from '../domain/time.ts'
import type { ApiCall } from '../fhir/api-call.ts'
import type { Entry, Found } from './find-recipients.ts'

export interface MessageOrder {
  entries: Entry[]
  content:
    | { kind: 'template'; name: string }
    | { kind: 'text'; text: string }
    | { kind: 'file'; file: Reference; text?: string }
  /** The routing plan; absent: whatever the clinic has. */
  channels?: Channel[]
  at?: Instant
  until?: Instant
  priority: 'routine' | 'urgent'
  category?: 'reminder' | 'conversation'
  visit?: Reference
  call: ApiCall
}

export interface RefusedRecipient {
  /** The reference that was given, or the place in the list (from 1) of an address: never a number or mailbox. */
  to: string | number
  reason: Reason
  error: string
}

/** One message that is wanted; or an entry that leads to nobody. */
export type Wish =
  | { kind: 'wish'; found: Found; request: MessageRequest }
  | { kind: 'refused'; refusal: RefusedRecipient }

export function nameOf({ entry, place }: Pick<Found, 'entry' | 'place'>): string | number {
  return entry.to.startsWith('Patient/') && !/[@+\s]/.test(entry.to) ? entry.to : place
}
