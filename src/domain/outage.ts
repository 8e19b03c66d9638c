/** How often a store or host that does not answer is asked whether it is back. */
import { type Duration, second } from './time.ts'

/** After 1 s, then 2, 4, 8 and each 10: it is back for us soon after it is back, and is not overrun while it comes up. */
export function nextProbeIn(probes: number): Duration {
  return Math.min(second * 2 ** Math.min(probes, 10), 10 * second)
}
