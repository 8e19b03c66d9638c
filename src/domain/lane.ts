/** Which of two lanes a request's work takes: what somebody waits for, or what comes by the hundred. */
import type { MessageRequest } from './message-request.ts'

/** Replies and urgent messages overtake bulk. */
export type Lane = 'fast' | 'bulk'

export function laneOf({ priority, category, key }: MessageRequest): Lane {
  const urgent = priority === 'urgent' || priority === 'stat'
  // What a script orders may be ten thousand; nobody sits before a screen for it.
  const isOrdered = key.startsWith('api-')
  return urgent || (category !== 'reminder' && !isOrdered) ? 'fast' : 'bulk'
}
