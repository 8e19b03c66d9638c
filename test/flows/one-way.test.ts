import { describe, expect, it } from 'vitest'
import { hour } from '../../src/domain/time.ts'
import { everything } from '../fakes/carrier.ts'
import { createWorld } from '../fakes/world.ts'
import { book, patient, permit } from './chart.ts'

describe('a reminder from a number that cannot be answered', () => {
  it('asks for nothing, and promises no STOP that nobody would hear', async () => {
    const world = await createWorld()
    world.emr.put(patient({ communication: [] }))
    world.emr.put(permit('sms'))
    const sms = world.world.senders.find(({ channel }) => channel === 'sms')
    Object.assign(sms ?? {}, { carries: { ...everything, answers: false } })
    await book(world, 24 * hour)
    const [carried] = world.carrier.ledger
    expect(carried?.text).toContain('To change it, please call us.')
    expect(carried?.text).not.toMatch(/Reply|STOP|\b1\b to/)
  })
})
