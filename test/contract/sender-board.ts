/** What every senders' board must keep: the one on Redis and the fake. */
import { describe, expect, it } from 'vitest'
import { takeTrial } from '../../src/domain/circuit.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { isCutOff, isPaused, isResting, noteOutcome, pause, resume } from '../../src/domain/sender-health.ts'
import { hour, instant } from '../../src/domain/time.ts'
import type { SenderBoard } from '../../src/flows/ports.ts'

const now = instant(1_790_000_000_000)
const unreachable: Outcome = { kind: 'unreachable', code: 'ECONNREFUSED' }

export function describeSenderBoard(name: string, create: () => Promise<SenderBoard>) {
  describe(`SenderBoard: ${name}`, () => {
    it('knows nothing of anybody at first', async () => {
      expect(await (await create()).read()).toEqual({})
    })

    it('keeps all that is known of a sender', async () => {
      const board = await create()
      await board.change('sms', (record) => noteOutcome(record, { kind: 'throttled', waitFor: hour }, now))
      await board.change('sms', (record) => pause(record, '20003', now))
      const { sms } = await board.read()
      expect(sms).toEqual({
        ...{ trouble: expect.any(Number), at: now },
        ...{ paused: { code: '20003', at: now }, restsUntil: instant(now + hour) },
      })
      expect([isPaused(sms), isResting(sms, now)]).toEqual([true, true])
      await board.change('sms', (record) => record && resume(record, now))
      expect(isPaused((await board.read()).sms)).toBe(false)
    })

    it('keeps that a sender is cut off, and since when one call is out to see', async () => {
      const board = await create()
      for (let failed = 0; failed < 5; failed += 1)
        await board.change('sms', (record) => noteOutcome(record, unreachable, now, 'sms'))
      await board.change('sms', (record) =>
        record?.circuit ? { ...record, circuit: takeTrial(record.circuit, now) } : undefined,
      )
      const { sms } = await board.read()
      expect([isCutOff(sms), isResting(sms, now), sms?.circuit?.triedAt]).toEqual([true, true, now])
      await board.change('sms', (record) => noteOutcome(record, { kind: 'accepted', providerId: 'SB1' }, now))
      expect(isCutOff((await board.read()).sms)).toBe(false)
    })

    it('keeps senders apart, and leaves alone what nobody changes', async () => {
      const board = await create()
      await board.change('sms', (record) => noteOutcome(record, unreachable, now))
      await board.change('email', () => undefined)
      expect(Object.keys(await board.read())).toEqual(['sms'])
    })

    it('loses no pause to whoever writes at the same time', async () => {
      const board = await create()
      await Promise.all([
        ...Array.from({ length: 8 }, () =>
          board.change('sms', (record) => noteOutcome(record, unreachable, now)),
        ),
        board.change('sms', (record) => pause(record, '20003', now)),
      ])
      expect(isPaused((await board.read()).sms)).toBe(true)
    })
  })
}
