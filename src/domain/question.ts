/** What we ask a company beside sending, and what it may answer. */
import type { Address } from './address.ts'
import type { Channel } from './channel.ts'
import type { DeliveryEvent } from './outcome.ts'
import type { Instant } from './time.ts'

/** What is known of an attempt whose answer, or whose receipt, was never seen. */
export interface LookUp {
  attemptId: string
  /** Absent when the answer was never seen. */
  providerId?: string
  channel: Channel
  from: Address
  to: Address
  /** As it was sent, for companies that keep no correlation of ours. */
  text: string
  /** When it was claimed: no message older than this is it. */
  claimedAt: Instant
  /** The time of what is told without one. */
  askedAt: Instant
}

export type LookedUp =
  | { kind: 'found'; event: DeliveryEvent }
  /** The company has no such message, and would have it by now. */
  | { kind: 'never-taken' }
  | { kind: 'cannot-say'; because: string }

export type Health =
  | { kind: 'healthy' /** The company's own word: `GREEN`, `active`. */; quality?: string }
  /** It works, with a warning of the company's: low quality, low balance, a limit near. */
  | { kind: 'limited'; code: string }
  | { kind: 'misconfigured'; code: string }
  | { kind: 'unreachable'; code: string }

/** What became of our wish that a company removes what a message says, and its files, and keeps only that it was. */
export type Redaction =
  /** Also when the company knows no such message any more. */
  | { kind: 'redacted' }
  /** It cannot be reached, or does not do it while the message is on its way. */
  | { kind: 'later'; code: string }
  | { kind: 'refused'; code: string }

export type FetchedFile =
  | { kind: 'file'; contentType: string; bytes: Uint8Array }
  /** It will never come: `gone`, `too-large`, `altered` (its hash is another). */
  | { kind: 'refused'; because: 'gone' | 'too-large' | 'altered' }
  /** It may come later. */
  | { kind: 'unreachable'; code: string }
