/**
 * Bulk gives way: while someone waits for an answer, and a moment longer because their next question follows from it, no
 * batch of a campaign is begun. Never for long, so that many hurried questions do not stop a campaign altogether.
 */
import type { Clock } from '../flows/ports.ts'

/** Milliseconds, all of them. */
const momentLonger = 20
const mostHeld = 150

export interface RightOfWay {
  /** Something is asked, or answered, in a hurry. */
  take(): void
  /** How long bulk should wait before it looks again; 0 when it may go. */
  holdFor(): number
}

export function createRightOfWay(now: Clock): RightOfWay {
  let takenUntil = 0
  let heldSince: number | undefined
  return {
    take() {
      takenUntil = now() + momentLonger
    },
    holdFor() {
      const left = takenUntil - now()
      const isHeldEnough = heldSince !== undefined && now() - heldSince >= mostHeld
      if (left <= 0 || isHeldEnough) {
        heldSince = undefined
        return 0
      }
      heldSince ??= now()
      return left
    },
  }
}
