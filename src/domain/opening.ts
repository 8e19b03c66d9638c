/**
 * When a message goes that waits for an opening. What piled up over a night does not go in one second: each waits a part
 * of the spread, always the same part for the same message.
 */
import { type QuietTimes, quietUntil } from './quiet-hours.ts'
import { spread } from './spread.ts'
import { after, type Duration, type Instant } from './time.ts'

export interface Opening {
  /** Tells one message from another. */
  seed: string
  /** What opens together goes within so long. */
  spreadFor: Duration
  /** The message is of no use from then on. */
  until: Instant
}

/** At or after `opens`, in a moment that is not quiet, and before the message is useless unless the opening itself is not. */
export function placeInOpening(
  opens: Instant,
  { seed, spreadFor, until }: Opening,
  quiet: QuietTimes | undefined,
  zone: string,
): Instant {
  const room = Math.max(0, Math.min(spreadFor, until - opens))
  let wait = Math.floor(room * spread(`${seed} opening`))
  // The next quiet stretch may begin within the spread; the opening itself is never quiet.
  while (wait > 0 && quietUntil(after(opens, wait), quiet, zone) !== undefined) wait = Math.floor(wait / 2)
  return after(opens, wait)
}
