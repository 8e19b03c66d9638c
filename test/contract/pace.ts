/** What every `Pace` must keep: the one on Redis and the fake. */
import { describe, expect, it } from 'vitest'
import type { Lane, Pace, PaceAnswer } from '../../src/flows/ports.ts'

export interface PaceUnderTest {
  pace: Pace
  /** All at once, in this order; `at` is when it may call, in milliseconds. */
  turns(
    asks: { lane: Lane; cost: number }[],
  ): Promise<{ answer: PaceAnswer; at: number; lane: Lane; cost: number }[]>
}

/**
 * How much of a limit is used is proven on the rule, and measured by the bench. Here a machine that is busy with other
 * things may come late; a pace that waits where it need not uses less than this.
 */
export const roughly = 0.5

/** Most segments in any second, as the carrier counts them. */
export function worstSecond(calls: { at: number; cost: number }[]): number {
  const within = (from: number) => calls.filter(({ at }) => at >= from && at < from + 1_000)
  return Math.max(0, ...calls.map(({ at }) => within(at).reduce((sum, { cost }) => sum + cost, 0)))
}

const some = (count: number, lane: Lane, cost = 1) => Array.from({ length: count }, () => ({ lane, cost }))

export function describePace(name: string, create: (perSecond: number) => Promise<PaceUnderTest>) {
  describe(`Pace: ${name}`, () => {
    it('lets a second hold no more than the limit', async () => {
      const { turns } = await create(40)
      const calls = await turns(some(55, 'bulk'))
      expect(calls.map(({ answer }) => answer.kind)).toEqual(calls.map(() => 'go'))
      expect(worstSecond(calls)).toBeLessThanOrEqual(40)
      const times = calls.map(({ at }) => at)
      expect(54_000 / (Math.max(...times) - Math.min(...times))).toBeGreaterThan(40 * roughly)
    })

    it('counts segments', async () => {
      const { turns } = await create(40)
      const calls = await turns([...some(10, 'bulk', 3), ...some(4, 'bulk', 7), ...some(5, 'fast', 2)])
      expect(worstSecond(calls)).toBeLessThanOrEqual(40)
      expect(Math.max(...calls.map(({ at }) => at)) - Math.min(...calls.map(({ at }) => at))).toBeGreaterThan(
        900,
      )
    })

    it('gives the first its turn at once', async () => {
      const { turns } = await create(1)
      const [call] = await turns(some(1, 'bulk', 3))
      expect(call?.answer).toEqual({ kind: 'go' })
    })

    it('says later, and how long, to whom the wait is too long', async () => {
      const { turns, pace } = await create(1)
      const calls = await turns(some(8, 'fast'))
      const late = calls.filter(({ answer }) => answer.kind === 'later')
      expect(late.length).toBeGreaterThan(2)
      for (const { answer } of late)
        expect(answer.kind === 'later' && answer.waitFor > 500 && answer.waitFor < 10_000).toBe(true)
      expect((await pace.expect({ sender: 'sms', lane: 'bulk' })).wait).toBeGreaterThan(500)
    })

    it('lets nobody call while the company wants a rest', async () => {
      const { turns, pace } = await create(100)
      expect(await pace.expect({ sender: 'sms', lane: 'fast' })).toEqual({ wait: 0, isTooLong: false })
      await pace.rest('sms', 30_000)
      for (const lane of ['fast', 'bulk'] as const) {
        const { wait, isTooLong } = await pace.expect({ sender: 'sms', lane })
        expect([wait > 29_000 && wait <= 30_000, isTooLong]).toEqual([true, true])
      }
      const [call] = await turns(some(1, 'fast'))
      expect(call?.answer).toMatchObject({ kind: 'later' })
    })
  })
}
