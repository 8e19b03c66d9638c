/** How a sender is, in one word; the words are `senders.*`. */
import type { InstallReport } from '../../../src/contract/report.ts'
import { isWell } from '../../../src/domain/sender-health.ts'

export type SenderWellness = 'well' | 'troubled' | 'paused' | 'cut-off'

export function senderWellness({
  health,
  isCutOff,
  paused,
}: Pick<InstallReport['now']['senders'][number], 'health' | 'isCutOff' | 'paused'>): SenderWellness {
  if (paused !== undefined) return 'paused'
  if (isCutOff) return 'cut-off'
  return isWell(health) ? 'well' : 'troubled'
}
