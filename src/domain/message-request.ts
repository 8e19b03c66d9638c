/** The intent to say something to one person: the domain's view of a CommunicationRequest. */
import type { Channel } from './channel.ts'
import type { Reason } from './reason.ts'
import type { Duration, Instant } from './time.ts'

/** A relative FHIR reference, `Type/id`. */
export type Reference = string

/** What kind of message it is; consents and quiet hours are judged by it. */
export const messageCategories = [
  'reminder',
  'conversation',
  'auto-reply',
  'consent-confirmation',
  'patient-message',
] as const
export type MessageCategory = (typeof messageCategories)[number]

/** Why the patient is written to (v3-ActReason codes); a consent lists the purposes it permits. */
export const purposes = ['PATADMIN', 'CAREMGT', 'HPAYMT', 'HMARKT', 'PATRQT'] as const
export type Purpose = (typeof purposes)[number]

export const purposeOf: Record<MessageCategory, Purpose> = {
  reminder: 'PATADMIN',
  conversation: 'CAREMGT',
  'auto-reply': 'PATRQT',
  'consent-confirmation': 'PATRQT',
  'patient-message': 'PATRQT',
}

export type Priority = 'routine' | 'urgent' | 'asap' | 'stat'

/** What the patient may answer to a message, in the order shown. */
export type ReplyOption = 'confirm' | 'cancel'

export type MessageRequestStatus =
  | 'draft'
  | 'active'
  | 'on-hold'
  | 'completed'
  | 'revoked'
  | 'entered-in-error'

/** What is to be said. */
export type RequestContent =
  /** `url|version`, with its values. */
  | { kind: 'template'; template: string; parameters: Record<string, string> }
  | { kind: 'text'; text: string }
  /** A `DocumentReference` or `Binary` of the chart; `text` is its caption. */
  | { kind: 'file'; file: Reference; text?: string }
  /** To the patient's message that the request answers; an empty emoji takes it back. */
  | { kind: 'reaction'; emoji: string }

/** Counted from the hand-over; both are only asked of channels that tell it. */
export interface FallbackAfter {
  unread?: Duration
  undelivered?: Duration
}

export interface MessageRequest {
  /** Absent while the request is only planned. */
  reference?: Reference
  /** Deterministic identifier; the store keeps one request per key. No `|` `,` `$` `\` in it. */
  key: string
  status: MessageRequestStatus
  reason?: Reason
  category: MessageCategory
  priority: Priority
  patient: Reference
  /** Who gets it: the patient, or a RelatedPerson. */
  recipient: Reference
  /** The visit it belongs to. */
  visit?: Reference
  /** The start of that visit as planned; another start means another request. */
  visitStart?: Instant
  ruleId?: string
  /** The inbound Communication that it answers, and quotes where the channel can. */
  answers?: Reference
  /** The routing plan: first is preferred. */
  plan: Channel[]
  dueAt: Instant
  /** Earliest and last useful moment. */
  window: { from: Instant; until: Instant }
  content: RequestContent
  replyOptions: ReplyOption[]
  /** The routing plan goes on although the message was handed over, see `fallback.ts`. */
  fallbackAfter?: FallbackAfter | undefined
  /** It was handed over, and is active only for its fallback. */
  handedOverAt?: Instant | undefined
  /** Absent at first; each retry after a failure is another round over the whole routing plan. */
  round?: number
  requester?: Reference
  /** When the store last changed it. */
  changedAt?: Instant
  /** The EMR marked it "do not perform": a wish not to be contacted, never something to send. */
  forbidden: boolean
  /** What it said was removed: it can never be sent. */
  redacted?: true
}
