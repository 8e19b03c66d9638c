/** The caps in memory, on the rule itself. */
import { judgeUse, portfolioOf, type SenderLimits, type Use } from '../../src/domain/sender-limits.ts'
import type { Caps, Clock } from '../../src/flows/ports.ts'
import type { UseRead } from '../../src/flows/read-uses.ts'

export interface FakeCaps extends Caps {
  limits: Record<string, SenderLimits>
  /** As after a wipe of Redis. */
  forget(): void
}

export function createFakeCaps({
  now,
  limits = {},
  readUses,
}: {
  now: Clock
  limits?: Record<string, SenderLimits>
  readUses(): Promise<UseRead[]>
}): FakeCaps {
  let uses: Use[] | undefined
  const known = async () => {
    uses ??= (await readUses()).map(({ to, ...use }) => ({ ...use, person: to }))
    return uses
  }
  const fake: FakeCaps = {
    limits,
    forget: () => {
      uses = undefined
    },
    async judge({ sender, to: person, opens }) {
      const own = limits[sender]
      if (!own) return { kind: 'free' }
      const senders = Object.entries(limits).map(([id, limits]) => ({ id, limits }))
      const place = { limits: own, portfolio: portfolioOf(sender, senders) }
      return judgeUse(await known(), { sender, person, opens }, place, now())
    },
    async take(wanted) {
      const verdict = await fake.judge(wanted)
      if (verdict.kind !== 'free') return verdict
      const { sender, to: person, opens } = wanted
      const use: Use = { sender, person, opens, at: now() }
      if (limits[sender]) (await known()).push(use)
      return {
        kind: 'taken',
        giveBack: async () => {
          uses = uses?.filter((one) => one !== use)
        },
      }
    },
  }
  return fake
}
