/** How long what was said is kept, and what of it is over. The shell of the record (who, when, what became of it) stays for ever. */
import type { Attempt } from './attempt.ts'
import type { MessageRequest, MessageRequestStatus } from './message-request.ts'
import { before, day, type Instant } from './time.ts'

export interface Retention {
  /** Days, or for ever. */
  contentFor: number | 'forever'
}

/** What was said before this is to be removed; `undefined` where all is kept. */
export function keptSince({ contentFor }: Retention, now: Instant): Instant | undefined {
  return contentFor === 'forever' ? undefined : before(now, contentFor * day)
}

/** Nobody will call for it any more: what was claimed is in somebody's hands, or will be again. */
export function isAttemptOver({ state }: Pick<Attempt, 'state'>): boolean {
  return state !== 'claimed'
}

/** An attempt that never left has only the time of its end. */
export function saidAt({ sentAt, at }: Pick<Attempt, 'sentAt' | 'at'>): Instant {
  return sentAt ?? at
}

const ended: MessageRequestStatus[] = ['completed', 'revoked', 'entered-in-error']

/** What has not ended is over once it is of no use: on hold for ever, a draft that nobody approved. */
export function requestEndedAt({ status, dueAt, window }: MessageRequest): Instant {
  return ended.includes(status) || window.until < dueAt ? dueAt : window.until
}

export function isPending({ status }: Pick<MessageRequest, 'status'>): boolean {
  return !ended.includes(status)
}
