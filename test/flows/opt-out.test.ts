import { describe, expect, it } from 'vitest'
import { hour, minute } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld } from '../fakes/world.ts'
import { asked, codes, consents, inbound, inForce, said } from './asked.ts'
import { book, patient, permit, phone, visit, write } from './chart.ts'

describe('STOP', () => {
  it.each([
    'STOP',
    'stop.',
    'إيقاف',
    'रोकें',
  ])('%s denies, with evidence, revokes what is planned and is confirmed once', async (text) => {
    const world = await asked()
    await write(world, text)
    expect(consents(world).map((one) => [one.channel, one.type, one.active])).toEqual([
      ['sms', 'permit', false],
      ['sms', 'deny', true],
      ['whatsapp', 'deny', true],
    ])
    expect(world.emr.all('Provenance')).toHaveLength(2)
    expect(world.emr.all('CommunicationRequest').map((one) => one.statusReason?.coding?.[0]?.code)).toContain(
      'opted-out',
    )
    expect(said(world)).toHaveLength(1)
  })

  it('holds for every channel, and START gives every one back', async () => {
    const world = await asked()
    const mailbox = { system: 'email' as const, value: 'sara@mail.example' }
    world.emr.put(patient({ telecom: [{ system: 'phone', value: phone }, mailbox] }))
    world.emr.put(permit('email', { address: mailbox.value }))
    await write(world, 'STOP')
    await book(world, 20 * hour, { id: 'next' })
    expect(said(world)).toHaveLength(1)
    expect(inForce(world)).toEqual([
      ['sms', 'deny'],
      ['whatsapp', 'deny'],
      ['email', 'deny'],
    ])
    await world.pass(minute)
    await write(world, 'START')
    expect(
      consents(world)
        .filter((one) => one.active && one.type === 'permit')
        .map((one) => one.address),
    ).toEqual([phone, mailbox.value])
  })

  it('holds for a second number of the same person, and START gives that back too', async () => {
    const world = await asked()
    const second = '+971507654321'
    const numbers = [phone, second].map((value, index) => ({
      system: 'phone' as const,
      value,
      rank: index + 1,
    }))
    world.emr.put(patient({ telecom: numbers }))
    world.emr.put({ ...permit('sms', { address: second }), id: 'second' })
    await write(world, 'STOP')
    const smsOf = (type: string) =>
      consents(world)
        .filter((one) => one.active && one.type === type && one.channel === 'sms')
        .map((one) => one.address)
    expect(smsOf('deny')).toEqual([phone, second])
    await world.pass(minute)
    await write(world, 'START')
    expect(smsOf('permit').toSorted()).toEqual([phone, second])
  })

  it('keeps the next booking silent', async () => {
    const world = await asked()
    await write(world, 'STOP')
    world.emr.put({ ...visit(world.now()), id: 'next' })
    await book(world, 20 * hour, { id: 'next' })
    expect(said(world)).toHaveLength(1)
    expect(world.counted['not_sent opted-out']).toBe(1)
  })

  it('is not confirmed an hour late: by then the confirmation would be a message nobody wanted', async () => {
    const world = await asked()
    world.emr.failNext(new EmrError('down'), { call: 'create', type: 'CommunicationRequest' })
    await write(world, 'STOP').catch(() => {})
    await world.pass(hour)
    await world.pass(hour)
    expect(said(world)).toHaveLength(0)
    expect(consents(world).some((one) => one.type === 'deny' && one.active)).toBe(true)
  })

  it('survives a store that fails in the middle: done again, it ends the same', async () => {
    const world = await asked()
    for (const type of ['Consent', 'Provenance'] as const) {
      world.emr.failNext(new EmrError('down'), { call: 'create', type, afterwards: true })
    }
    await write(world, 'STOP').catch(() => {})
    await world.pass(minute).catch(() => {})
    await world.pass(minute).catch(() => {})
    await world.pass(minute)
    expect(inForce(world)).toEqual([
      ['sms', 'deny'],
      ['whatsapp', 'deny'],
    ])
    expect(world.emr.all('Provenance')).toHaveLength(2)
    expect(said(world)).toHaveLength(1)
  })

  it('is taken back by START, for what was permitted before', async () => {
    const world = await asked()
    await write(world, 'STOP')
    await world.pass(minute)
    await write(world, 'START')
    expect(inForce(world)).toEqual([
      ['whatsapp', 'deny'],
      ['sms', 'permit'],
    ])
    expect(said(world)).toHaveLength(2)
  })
})

describe('START', () => {
  it('by someone who gets messages already says just that', async () => {
    const world = await asked()
    await write(world, 'START')
    const last = world.emr.all('Communication').findLast((one) => one.instantiatesCanonical)
    expect(last?.instantiatesCanonical?.[0]).toContain('/reply-start|')
  })

  it('opts no stranger in', async () => {
    const world = await createWorld()
    world.emr.put(patient())
    await write(world, 'START')
    expect(consents(world)).toEqual([])
    expect(world.carrier.ledger).toHaveLength(0)
  })
})

describe('what the company itself takes for an opt-out', () => {
  it('is one, whatever the word was', async () => {
    const world = await asked()
    await write(world, 'basta', { optOut: 'stop' })
    expect(consents(world)).toContainEqual(expect.objectContaining({ active: true, type: 'deny' }))
  })
})

describe('a reaction', () => {
  it('is stored and asks for nothing', async () => {
    const world = await asked()
    const [{ providerId = '' } = {}] = world.carrier.ledger
    await write(world, '', { reaction: { toMessage: providerId, emoji: '👍' } })
    expect(inbound(world)).toMatchObject([
      { reaction: { emoji: '👍', toMessage: providerId }, handled: true },
    ])
    expect(codes(world)).toEqual([])
    expect(said(world)).toEqual([])
  })
})
