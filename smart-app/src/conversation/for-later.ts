/** What is written for another time: it is planned, and stands in the conversation only when its time has come. */
import type { MessageRequest } from '../../../src/domain/message-request.ts'
import { type Instant, instant, minute } from '../../../src/domain/time.ts'

/** Clocks differ a little, and the screen's own moves in steps: what was written just now is not for later. */
const soon = 2 * minute

/**
 * When the last of them became due. It changes only when another does, so that nothing is drawn again for every tick of the
 * clock; what begins later `isForLater`.
 */
export function dueBy(requests: MessageRequest[], now: Instant): Instant {
  const begun = requests.map(({ window }) => window.from).filter((from) => from - now <= soon)
  return instant(begun.reduce((latest, from) => Math.max(latest, from), 0))
}

/** By what was asked for: a message that quiet hours put off stays where it was written. */
export function isForLater({ category, window }: MessageRequest, due: Instant): boolean {
  return category === 'conversation' && window.from > due
}
