import { describe, expect, it } from 'vitest'
import { hour } from '../../src/domain/time.ts'
import { createWorld } from '../fakes/world.ts'
import { asked, codes, inbound } from './asked.ts'
import { book, patient, permit, phone, write } from './chart.ts'

describe('who wrote', () => {
  it.each([
    '0501234567',
    '00971501234567',
    '+971 50 123 4567',
    '971501234567',
  ])('is found where the chart writes the number as %s', async (value) => {
    const world = await createWorld()
    world.emr.put(patient({ telecom: [{ system: 'phone', value }] }))
    await write(world, 'Hello')
    expect(inbound(world)).toMatchObject([{ patient: 'Patient/sara' }])
    expect(codes(world)).toEqual(['respond'])
  })

  it('is nobody when two share the phone and none was asked: kept, unassigned, for a human', async () => {
    const world = await createWorld()
    world.emr.put(patient())
    world.emr.put(patient({ id: 'omar' }))
    await write(world, '1')
    expect(inbound(world)).toMatchObject([{ patient: undefined, handled: true }])
    expect(codes(world)).toEqual(['match-sender'])
  })

  it('is the one who was asked when two share the phone', async () => {
    const world = await asked()
    world.emr.put(patient({ id: 'omar' }))
    await write(world, '1')
    expect(inbound(world)).toMatchObject([{ patient: 'Patient/sara' }])
  })

  it('is the one whose question is unanswered when both were asked', async () => {
    const world = await asked()
    world.emr.put(patient({ id: 'omar' }))
    await write(world, '1')
    world.emr.put(permit('sms', { patient: 'omar' }))
    await book(world, 22 * hour, {
      id: 'omars',
      participant: [{ actor: { reference: 'Patient/omar' }, status: 'needs-action' }],
    })
    await write(world, '1')
    expect(inbound(world).map((one) => one.patient)).toEqual(['Patient/sara', 'Patient/omar'])
  })

  it('STOP on a shared phone silences everyone on it', async () => {
    const world = await asked()
    world.emr.put(patient({ id: 'omar' }))
    world.emr.put(permit('sms', { patient: 'omar' }))
    await write(world, 'STOP')
    await book(world, 22 * hour, {
      id: 'omars',
      participant: [{ actor: { reference: 'Patient/omar' }, status: 'needs-action' }],
    })
    expect(world.carrier.ledger.filter((one) => one.to === phone)).toHaveLength(2)
    expect(world.counted['not_sent address-suppressed']).toBe(1)
  })

  it('is a stranger: kept, never dropped', async () => {
    const world = await createWorld()
    await write(world, 'Is this the clinic?')
    expect(inbound(world)).toMatchObject([{ patient: undefined, text: 'Is this the clinic?' }])
    expect(codes(world)).toEqual(['match-sender'])
  })
})
