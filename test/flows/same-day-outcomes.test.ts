import { describe, expect, it } from 'vitest'
import { hour, minute } from '../../src/domain/time.ts'
import { lookUpAttempt } from '../../src/flows/look-up.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { attempts, clinic, patient, permit } from './chart.ts'
import { at, booked, change, clinicWith, once, passRule, requestsOf, said } from './day-of-visits.ts'

describe('a reminder of two visits that', () => {
  it('leaves just as the second was cancelled, and nobody told us, names the first only', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    const second = world.emr.all('Appointment').find(({ id }) => id === 'second')
    if (second) world.emr.put({ ...second, status: 'cancelled' })
    await passRule(world)
    expect(said(world)).toHaveLength(1)
    expect(said(world)[0]).not.toContain('11:30')
  })

  it('fails for good leaves the second to its own', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    await passRule(world)
    const told = { kind: 'delivery', providerId: 'SB1', state: 'undelivered', at: world.now() } as const
    await recordDelivery(world.world, 'sms', told)
    await world.settle()
    for (let quarters = 0; quarters < 3; quarters += 1) await world.pass(15 * minute)
    expect(said(world)).toHaveLength(2)
    expect(said(world)[1]).toContain('11:30')
    expect(said(world)[1]).not.toContain('9:30')
  })

  it('was never taken is called again, still for both', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    world.carrier.next({ kind: 'unknown', because: 'timeout' })
    await passRule(world)
    world.carrier.ledger.length = 0
    const [sent] = attempts(world)
    await lookUpAttempt(world.world, sent?.reference ?? '')
    await world.settle()
    await passRule(world)
    expect(said(world)).toHaveLength(1)
    expect(said(world)[0]).toContain('11:30')
    expect(Object.values(requestsOf(world))).toEqual([
      ['completed', undefined],
      ['completed', 'merged'],
    ])
  })

  it('told of a second, whose own fails after the first was cancelled, lets that one go by the next channel', async () => {
    const world = await clinic('whatsapp', 'sms')
    await booked(world, { first: at(0), second: at(2) })
    await world.pass(24 * hour)
    await change(world, 'first', { status: 'cancelled' })
    await passRule(world)
    const told = { kind: 'delivery', providerId: 'SB2', state: 'undelivered', at: world.now() } as const
    await recordDelivery(world.world, 'whatsapp', told)
    await world.settle()
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'whatsapp', 'sms'])
  })

  it('fails goes by the next channel, still for both', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.emr.put(patient({ communication: [] }))
    await booked(world, { first: at(0), second: at(2) })
    world.carrier.next({ kind: 'rejected', reason: 'recipient-unreachable', code: '131026' })
    await passRule(world)
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['sms'])
    expect(said(world)[0]).toContain('11:30')
  })

  it('is found undelivered when the second was settled by it opens both again', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.emr.put(patient({ communication: [] }))
    await booked(world, { first: at(0), second: at(2) })
    await passRule(world)
    const [sent] = attempts(world)
    expect(sent?.carries).toHaveLength(1)
    await recordDelivery(world.world, 'whatsapp', {
      ...{ kind: 'delivery', providerId: 'SB1', state: 'undelivered', at: world.now() },
      attemptId: sent?.attemptId,
    })
    await world.settle()
    await passRule(world)
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms'])
    expect(said(world)[1]).toContain('11:30')
  })

  it('nobody reads goes by the next channel, still for both', async () => {
    const rules = once.rules.map((one) => ({ ...one, fallbackAfter: { unread: 'PT3H' } }))
    const world = await clinicWith({ rules })
    world.emr.put(permit('whatsapp'))
    await booked(world, { first: at(0), second: at(2) })
    await passRule(world)
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms'])
    expect(said(world)[1]).toContain('11:30')
  })

  it('nobody heard the answer of is never sent again, for neither', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    world.carrier.next('dies')
    await passRule(world)
    expect(said(world)).toHaveLength(1)
    expect(attempts(world).map(({ state }) => state)).toEqual(['unknown'])
  })

  it('is held by its patient’s STOP tells nobody of either', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    world.emr.put({ ...permit('sms'), status: 'inactive' })
    await passRule(world)
    expect(said(world)).toHaveLength(0)
    expect(attempts(world).map(({ reason }) => reason)).toEqual(['no-consent', 'no-consent'])
  })
})
