/** What every memory of a change feed must keep: the one on Redis and the fake. */
import { describe, expect, it } from 'vitest'
import { instant, second } from '../../src/domain/time.ts'
import type { FeedMemory } from '../../src/flows/feed-ports.ts'

export const startedAt = instant(1_790_000_000_000)

export interface FeedMemoryUnderTest {
  memory: FeedMemory
  /** By its clock, and in truth where it has none of its own. */
  pass(duration: number): Promise<void>
}

export function describeFeedMemory(name: string, create: () => Promise<FeedMemoryUnderTest>) {
  describe(`FeedMemory: ${name}`, () => {
    it('knows nothing at first', async () => {
      const { memory } = await create()
      expect(await memory.read('appointments')).toEqual({})
      expect(await memory.prints('appointments')).toEqual({})
    })

    it('keeps what is written, part by part, and forgets what is undefined', async () => {
      const { memory } = await create()
      const inForce = { rung: 'poll', because: ['no-subscriptions'] } as const
      await memory.write('appointments', { inForce: { ...inForce, because: [...inForce.because] } })
      await memory.write('appointments', { polledAt: startedAt, cursor: startedAt, partition: 'location' })
      await memory.write('appointments', { cursor: undefined })
      expect(await memory.read('appointments')).toEqual({
        ...{ inForce, polledAt: startedAt, partition: 'location' },
      })
      expect(await memory.read('consents')).toEqual({})
    })

    it('keeps when the host called, and whether it told anything', async () => {
      const { memory } = await create()
      await memory.hear('appointments', [])
      expect(await memory.read('appointments')).toEqual({ seenAt: startedAt })
      await memory.hear('appointments', ['Appointment/1'])
      expect(await memory.read('appointments')).toEqual({ seenAt: startedAt, toldAt: startedAt })
    })

    it('lets the first of a storm go at once, and all others at its end', async () => {
      const { memory, pass } = await create()
      expect(await memory.hear('appointments', ['Appointment/1', 'Appointment/2'])).toEqual([
        undefined,
        undefined,
      ])
      const held = new Set<number | undefined>()
      for (let told = 0; told < 20; told += 1) {
        const [until, other] = await memory.hear('appointments', ['Appointment/1', `Appointment/${told + 3}`])
        expect(other).toBeUndefined()
        held.add(until)
      }
      for (const until of held) {
        expect(until).toBeGreaterThan(startedAt)
        expect(until).toBeLessThanOrEqual(startedAt + second)
      }
      await pass(second + 50)
      expect(await memory.hear('appointments', ['Appointment/1'])).toEqual([undefined])
    })

    it('keeps prints of each feed apart, a thousand and more', async () => {
      const { memory } = await create()
      const many = Object.fromEntries(
        Array.from({ length: 2_500 }, (_, index) => [`Appointment/${index}`, `p-${index}@1`]),
      )
      await memory.changePrints('appointments', { set: many, remove: [] })
      expect(await memory.prints('appointments')).toEqual(many)
      const { 'Appointment/1': _one, ...rest } = many
      await memory.changePrints('appointments', { set: { 'Appointment/2': 'q@' }, remove: ['Appointment/1'] })
      expect(await memory.prints('appointments')).toEqual({ ...rest, 'Appointment/2': 'q@' })
      expect(await memory.prints('consents')).toEqual({})
    })
  })
}
