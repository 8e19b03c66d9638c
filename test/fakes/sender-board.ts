/** The senders' board in memory. */
import type { SenderRecord } from '../../src/domain/sender-health.ts'
import type { SenderBoard } from '../../src/flows/ports.ts'

export function createFakeBoard(): SenderBoard {
  const records = new Map<string, SenderRecord>()
  return {
    read: async () => Object.fromEntries(records),
    async change(sender, change) {
      const after = change(records.get(sender))
      if (after) records.set(sender, after)
    },
  }
}
