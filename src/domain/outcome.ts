/** What a provider answers to a send, and what it tells us later. Both lists are closed. */
import type { Address } from './address.ts'
import type { ApprovalStatus } from './approval.ts'
import type { Channel } from './channel.ts'
import type { FileKind } from './outgoing.ts'
import type { Reason } from './reason.ts'
import type { Duration, Instant } from './time.ts'

/** A decimal string, positive; ISO 4217 (`XTS` in the sandbox). */
export interface Money {
  amount: string
  currency: string
  /** Absent when the provider itself told it. */
  source?: 'rate-card'
}

/** Each kind has one consequence, in `flows/record-outcome.ts`. */
export type Outcome =
  | {
      kind: 'accepted'
      providerId: string
      /** `relay-accepted` where nothing more can be known; else absent. */
      state?: 'relay-accepted'
      segments?: number
      cost?: Money
    }
  /** Too fast, or too many for today: put back, slow this sender, burn no attempt. */
  | { kind: 'throttled'; waitFor?: Duration }
  /** It surely never got there (refused connection, 5xx that says "not taken"): may be tried again. */
  | { kind: 'unreachable'; code: string }
  /** The answer was never seen: it may have been sent. Never sent again blindly. */
  | { kind: 'unknown'; because: string }
  | { kind: 'rejected'; reason: Reason; code: string }
  | { kind: 'opted-out'; code: string }
  /** Every following message would fail too: pause the sender and alert. */
  | { kind: 'misconfigured'; code: string }

export type DeliveryState =
  | 'queued'
  | 'sent'
  | 'relay-accepted'
  | 'delivered'
  | 'read'
  | 'undelivered'
  | 'failed'

export interface DeliveryEvent {
  kind: 'delivery'
  /** Our attempt id, where the callback carries it. */
  attemptId?: string
  providerId: string
  state: DeliveryState
  at: Instant
  reason?: Reason
  code?: string
  segments?: number
  cost?: Money
  /** What the company will charge for, where it tells a category but no sum: the rate card knows the rest. */
  pricing?: { category: string; billable: boolean }
  /** Our sender, where one webhook speaks for several. */
  sender?: Address
  /** The company says that it is about another number of the account than the one it called: maybe none of ours. */
  elsewhere?: true
}

/** A file that a patient sent, still at the company. */
export interface InboundFile {
  kind: FileKind
  /** Where the company keeps it: its URL, or its id. */
  location: string
  contentType: string
  name?: string
  /** Hex, where the company tells it. */
  sha256?: string
  /** From companies that hand files over with the message; then nothing is to be fetched. */
  bytes?: Uint8Array
}

export interface InboundMessage {
  kind: 'inbound'
  providerId: string
  channel: Channel
  /** The patient's address. */
  from: Address
  /** Our sender's address. */
  to: Address
  /** As of a delivery: another number of the account. */
  elsewhere?: true
  /** Empty for a file without a caption. */
  text: string
  at: Instant
  /** The provider's id of the message that this one quotes. */
  inReplyTo?: string
  files?: InboundFile[]
  /** To a message of ours, by the provider's id; an empty emoji takes it back. `text` is the emoji. */
  reaction?: { toMessage: string; emoji: string }
  /** The company took it for an opt-out or opt-in, and blocks or unblocks the address by itself. */
  optOut?: 'stop' | 'start'
  /** A business-scoped user id, for people who hide their number. */
  userId?: string
  /** Nothing shows that it is from whom it says: kept and shown, but it may change nothing. */
  unproven?: true
}

/** Something became of a message, but the company's word for it is not proof: it must be looked up. */
export interface DeliveryHint {
  kind: 'hint'
  attemptId?: string
  providerId: string
}

/** What a company decided about a template of ours. */
export interface TemplateEvent {
  kind: 'template'
  name: string
  language: string
  status: ApprovalStatus
  /** `UTILITY`, `MARKETING` …; companies change it by themselves. */
  category?: string
  /** Why not, in the company's own code or words. */
  because?: string
}

export type ProviderEvent =
  | DeliveryEvent
  | DeliveryHint
  | InboundMessage
  | TemplateEvent
  | { kind: 'ignored'; because: string }
