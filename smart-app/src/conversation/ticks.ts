/** The tick for each state, as people know it from their own phones. */
import type { BubbleState } from './timeline.ts'

export type TickKind = 'clock' | 'one' | 'two' | 'two-read' | 'failed' | 'question' | 'none'

export const tickFor: Record<BubbleState, TickKind> = {
  saving: 'clock',
  unsaved: 'failed',
  waiting: 'clock',
  claimed: 'clock',
  queued: 'clock',
  sent: 'one',
  // A mail server took it; nothing more can be known, so never two ticks.
  'relay-accepted': 'one',
  delivered: 'two',
  read: 'two-read',
  undelivered: 'failed',
  failed: 'failed',
  'not-sent': 'failed',
  unknown: 'question',
  received: 'none',
}

/** States whose words stand in full under the bubble: a tick alone would not say what happened. */
export function needsWords(state: BubbleState): boolean {
  return tickFor[state] === 'failed' || tickFor[state] === 'question' || state === 'relay-accepted'
}
