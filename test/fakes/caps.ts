/** The caps in memory, on the rule itself. */
import {
  type CapVerdict,
  judgeUse,
  portfolioOf,
  type SenderLimits,
  type Use,
} from '../../src/domain/sender-limits.ts'
import type { Caps, CapUse, Clock } from '../../src/flows/ports.ts'
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
  let uses: Promise<Use[]> | undefined
  const read = async (): Promise<Use[]> =>
    (await readUses()).map(({ to, ...use }) => ({ ...use, person: to }))
  const known = () => {
    uses ??= read()
    return uses
  }
  const judge = (uses: Use[], { sender, to: person, opens }: CapUse): CapVerdict => {
    const own = limits[sender]
    if (!own) return { kind: 'free' }
    const senders = Object.entries(limits).map(([id, limits]) => ({ id, limits }))
    const place = { limits: own, portfolio: portfolioOf(sender, senders) }
    return judgeUse(uses, { sender, person, opens }, place, now())
  }
  return {
    limits,
    forget: () => {
      uses = undefined
    },
    judge: async (use) => judge(await known(), use),
    async take(wanted) {
      const all = await known()
      const verdict = judge(all, wanted)
      if (verdict.kind !== 'free') return verdict
      const { sender, to: person, opens } = wanted
      const use: Use = { sender, person, opens, at: now() }
      if (limits[sender]) all.push(use)
      return {
        kind: 'taken',
        giveBack: async () => {
          all.splice(all.indexOf(use), all.includes(use) ? 1 : 0)
        },
      }
    },
  }
}
