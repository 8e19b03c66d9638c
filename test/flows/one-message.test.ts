/** What troubles one message only must hold up none of the others that its sender carries. */
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import { hour, minute } from '../../src/domain/time.ts'
import { checkSenders } from '../../src/flows/check-senders.ts'
import { attempts, book, clinic } from './chart.ts'

/** One message is booked; whatever is sent from then on is answered so. */
async function troubled(answer: Outcome) {
  const world = await clinic('sms')
  const [sms] = world.world.senders.filter(({ id }) => id === 'sms')
  if (!sms) throw new Error('no sender')
  let calls = 0
  sms.send = async () => {
    calls += 1
    return answer
  }
  await book(world, 24 * hour)
  return { world, calls: () => calls }
}

describe('a message that its company calls wrongly set up, though the sender’s test succeeds', () => {
  it('pauses the sender three times in a day, not all day', async () => {
    const { world, calls } = await troubled({ kind: 'misconfigured', code: 'unauthorized' })
    let paused = 0
    for (let passed = 0; passed < 12 * 4; passed += 1) {
      await world.pass(15 * minute)
      const { sms } = await world.world.board.read()
      if (sms?.paused) paused += 1
      await checkSenders(world.world)
    }
    expect(paused).toBeLessThanOrEqual(3)
    expect(calls()).toBeGreaterThan(12)
    expect(attempts(world)).toMatchObject([{ state: 'claimed', refusals: expect.any(Number) }])
  })
})

describe('a message that is throttled again and again, while its sender is well', () => {
  it('is tried less and less often', async () => {
    const { world, calls } = await troubled({ kind: 'throttled' })
    for (let passed = 0; passed < 60; passed += 1) await world.pass(minute)
    expect(calls()).toBeGreaterThan(5)
    expect(calls()).toBeLessThan(20)
    expect(attempts(world)).toMatchObject([{ state: 'claimed', calls: 0, throttles: calls() }])
  })
})
