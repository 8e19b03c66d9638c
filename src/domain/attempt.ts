/** One try to hand one message to one sender: the domain's view of an outbound Communication. */
import type { Address } from './address.ts'
import type { Channel } from './channel.ts'
import type { MessageCategory, Reference, ReplyOption } from './message-request.ts'
import type { DeliveryState, Money } from './outcome.ts'
import type { Reason } from './reason.ts'
import type { Instant } from './time.ts'

/** `claimed` is written before the provider is called; `unknown` means that its answer was never seen. */
export type AttemptState = 'claimed' | 'unknown' | 'not-sent' | DeliveryState

export interface FileSent {
  /** `DocumentReference/…` or `Binary/…`. */
  reference: Reference
  contentType?: string
  name?: string
}

export interface Attempt {
  /** Absent until it is in the store. */
  reference?: Reference
  attemptId: string
  request: Reference
  /** Reminders of other visits of the same day that it fulfils too. */
  carries?: Reference[]
  patient: Reference
  recipient: Reference
  thread?: Reference
  /** The inbound Communication that it answers. */
  answers?: Reference
  visit?: Reference
  category: MessageCategory
  /** Absent only on `not-sent`, where no channel was open. */
  channel?: Channel
  from?: Address
  to?: Address
  sender?: string
  provider?: string
  providerId?: { system: string; value: string }
  /** As rendered; absent when it was never rendered. */
  text?: string
  subject?: string
  /** The file that was sent; its `text` is the caption. */
  file?: FileSent
  /** An emoji to the message in `answers`; `text` is absent. */
  reaction?: string
  language?: string
  template?: string
  replyOptions: ReplyOption[]
  state: AttemptState
  reason?: Reason
  /** The provider's own code. */
  code?: string
  /** When the state was reached. */
  at: Instant
  sentAt?: Instant
  deliveredAt?: Instant
  readAt?: Instant
  /** When it was last claimed, just before the call: no message of the company's that is older is this one. */
  calledAt?: Instant
  /** 1 for the first call to the provider, 2 for the first repetition … */
  calls: number
  /** How often the company called our set-up wrong; such calls count for nothing else. */
  refusals?: number
  /** How often the company found us too fast for it; such calls count for nothing else either. */
  throttles?: number
  /** A word that only its claimer knew beforehand: whose claim it is, also where the answer to writing it was lost. */
  claimedBy?: string
  /** Sent although another attempt of the same request may have left: the patient may have it twice. */
  possibleDuplicate?: true
  /**
   * Set while it surely never reached the provider and will be called again then; on one whose answer was never seen, while
   * one more copy may go.
   */
  nextAttemptAt?: Instant
  segments?: number
  cost?: Money
  /** What it said was removed, and whom it went to: the shell is left. */
  redacted?: true
}

/** Deterministic, so that a second worker, a second tick or a second life makes the same one. */
export function attemptId(requestId: string, hop: number, round = 0): string {
  return round === 0 ? `${requestId}_${hop}` : `${requestId}_${hop}_r${round}`
}

/** Which hop of the routing plan, in which round; ids that are not ours are of none. */
export function placeOf(attemptId: string): { hop: number; round: number } | undefined {
  const [, hop, round = '0'] = /_(\d+)(?:_r(\d+))?(?:_again)?$/.exec(attemptId) ?? []
  return hop === undefined ? undefined : { hop: Number(hop), round: Number(round) }
}
