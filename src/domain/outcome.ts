/** What a provider answers to a send, and what it tells us later. Both lists are closed. */
import type { Address } from './address.ts'
import type { Channel } from './channel.ts'
import type { Reason } from './reason.ts'
import type { Duration, Instant } from './time.ts'

/** A decimal string, positive; ISO 4217 (`XTS` in the sandbox). */
export interface Money {
  amount: string
  currency: string
}

/** Each kind has one consequence, in `flows/send-message.ts`. */
export type Outcome =
  | { kind: 'accepted'; providerId: string; segments?: number; cost?: Money }
  /** Too fast: put back, slow this sender, burn no attempt. */
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
}

export interface InboundMessage {
  kind: 'inbound'
  providerId: string
  channel: Channel
  /** The patient's address. */
  from: Address
  /** Our sender's address. */
  to: Address
  text: string
  at: Instant
  /** The provider's id of the message that this one quotes. */
  inReplyTo?: string
}

export type ProviderEvent = DeliveryEvent | InboundMessage | { kind: 'ignored'; because: string }
