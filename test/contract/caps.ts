/** What every `Caps` must keep: the one on Redis and the fake. */
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import { piece, type SenderLimits } from '../../src/domain/sender-limits.ts'
import { day, hour, type Instant, instant, second } from '../../src/domain/time.ts'
import type { Caps, CapUse, Clock } from '../../src/flows/ports.ts'
import type { UseRead } from '../../src/flows/read-uses.ts'

export interface CapsUnderTest {
  caps: Caps
  now: Clock
  /** As a wipe of Redis does. */
  forget(): Promise<void>
}

/** `stored` is what the store knows, each with how long ago it was. */
export type CreateCaps = (
  limits: Record<string, SenderLimits>,
  stored: (Omit<UseRead, 'at'> & { ago: number })[],
) => Promise<CapsUnderTest>

const to = (person: number) => `+97150123${4_000 + person}` as Address
const use = (person: number, more: Partial<CapUse> = {}): CapUse => ({
  ...{ sender: 'whatsapp', to: to(person), opens: true },
  ...more,
})
const free = { kind: 'free' }

export function describeCaps(name: string, create: CreateCaps) {
  describe(`Caps: ${name}`, () => {
    const takeAll = async (caps: Caps, uses: CapUse[]) => {
      const taken: string[] = []
      for (const one of uses) taken.push((await caps.take(one)).kind)
      return taken
    }

    it('limit nobody of whom nothing is said', async () => {
      const { caps } = await create({}, [])
      expect(await takeAll(caps, [use(1), use(1), use(2)])).toEqual(['taken', 'taken', 'taken'])
      expect(await caps.judge(use(1))).toEqual(free)
    })

    it('let through so many messages a day, and say when one more may go', async () => {
      const { caps, now } = await create({ whatsapp: { perDay: 3 } }, [])
      expect(
        await takeAll(
          caps,
          [1, 1, 2, 3].map((person) => use(person)),
        ),
      ).toEqual([...['taken', 'taken', 'taken', 'full']])
      const verdict = await caps.judge(use(4, { opens: false }))
      const left = verdict.kind === 'full' ? verdict.until - now() : 0
      expect([left > day - second, left <= day + piece]).toEqual([true, true])
      expect(await caps.judge(use(1, { sender: 'sms' }))).toEqual(free)
    })

    it('count no message that is only judged, or that was given back', async () => {
      const { caps } = await create({ whatsapp: { perDay: 1, peoplePerDay: 1, samePersonEvery: 6 } }, [])
      expect([await caps.judge(use(1)), await caps.judge(use(1))]).toEqual([free, free])
      const first = await caps.take(use(1))
      expect(await caps.judge(use(2))).toMatchObject({ kind: 'full' })
      if (first.kind === 'taken') await first.giveBack()
      expect(await takeAll(caps, [use(2), use(1)])).toEqual(['taken', 'full'])
    })

    it('count a person once a day, and nobody who wrote first', async () => {
      const { caps } = await create({ whatsapp: { peoplePerDay: 2 } }, [])
      const uses = [use(1), use(2), use(1), use(3), use(3, { opens: false }), use(2)]
      expect(await takeAll(caps, uses)).toEqual(['taken', 'taken', 'taken', 'full', 'taken', 'taken'])
    })

    it('keep a person of whom another message counts, when one is given back', async () => {
      const { caps } = await create({ whatsapp: { peoplePerDay: 1 } }, [])
      await caps.take(use(1))
      const second = await caps.take(use(1))
      if (second.kind === 'taken') await second.giveBack()
      expect(await caps.judge(use(2))).toMatchObject({ kind: 'full' })
    })

    it('count the people of a portfolio together, and those of others apart', async () => {
      const shared = { peoplePerDay: 2, portfolio: 'clinic' }
      const { caps } = await create({ whatsapp: shared, second: shared, own: { peoplePerDay: 2 } }, [])
      await takeAll(caps, [use(1), use(2, { sender: 'second' })])
      expect(await caps.judge(use(3))).toMatchObject({ kind: 'full' })
      expect(await caps.judge(use(3, { sender: 'second' }))).toMatchObject({ kind: 'full' })
      expect([
        await caps.judge(use(1, { sender: 'second' })),
        await caps.judge(use(3, { sender: 'own' })),
      ]).toEqual([...[free, free]])
    })

    it('let the same person wait for seconds, and nobody else', async () => {
      const { caps, now } = await create({ whatsapp: { samePersonEvery: 6 } }, [])
      await caps.take(use(1))
      const verdict = await caps.take(use(1))
      const wait = verdict.kind === 'soon' ? verdict.at - now() : 0
      expect([wait > 4 * second, wait <= 6 * second]).toEqual([true, true])
      expect(await caps.judge(use(2))).toEqual(free)
    })

    it('give the last place to one of many who ask at once', async () => {
      const { caps } = await create({ whatsapp: { perDay: 10, peoplePerDay: 7 } }, [])
      const taken = await Promise.all(Array.from({ length: 30 }, (_, person) => caps.take(use(person))))
      expect(taken.filter(({ kind }) => kind === 'taken')).toHaveLength(7)
    })

    it('know from the store what was used before, as long as a day is not over', async () => {
      const stored = [
        { sender: 'whatsapp', to: to(1), opens: true, ago: 23 * hour },
        { sender: 'whatsapp', to: to(2), opens: true, ago: hour },
        { sender: 'whatsapp', to: to(3), opens: false, ago: hour },
        { sender: 'sms', to: to(4), opens: true, ago: hour },
      ]
      const { caps, now } = await create({ whatsapp: { peoplePerDay: 2 } }, stored)
      const verdict = await caps.judge(use(5))
      const frees = verdict.kind === 'full' ? verdict.until : instant(0)
      expect(Math.abs(frees - (now() + hour))).toBeLessThan(2 * second)
      expect(await caps.judge(use(2))).toEqual(free)
    })

    it('do not begin a new day when Redis is wiped', async () => {
      const limits = { whatsapp: { perDay: 4, peoplePerDay: 3 } }
      const stored = [1, 2, 3].map((person) => ({
        sender: 'whatsapp',
        to: to(person),
        opens: true,
        ago: hour,
      }))
      const { caps, forget } = await create(limits, stored)
      expect(await caps.judge(use(4))).toMatchObject({ kind: 'full' })
      await forget()
      const kinds = await takeAll(caps, [use(4), use(1), use(1)])
      expect(kinds).toEqual(['full', 'taken', 'full'])
    })
  })
}

export function usesAt(stored: Parameters<CreateCaps>[1], now: Instant): UseRead[] {
  return stored.map(({ ago, ...read }) => ({ ...read, at: instant(now - ago) }))
}
