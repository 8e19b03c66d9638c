import { describe, expect, it } from 'vitest'
import { hour, minute, toIso } from '../../src/domain/time.ts'
import { notify, patient, permit, visit } from './chart.ts'
import { at, booked, change, clinicWith, once, passRule, requestsOf, said } from './day-of-visits.ts'

describe('two visits of one patient on one day', () => {
  it.each([
    ['in their order', ['first', 'second']],
    ['the other way round', ['second', 'first']],
    ['twice, mixed', ['second', 'first', 'second', 'first']],
  ])('get one reminder that names both, told of %s', async (_what, order) => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) }, order)
    await passRule(world)
    expect(said(world)).toHaveLength(1)
    expect(said(world)[0]).toContain('9:30')
    expect(said(world)[0]).toContain('11:30')
    expect(requestsOf(world)).toEqual({
      [`first ${toIso(at(0))}`]: ['completed', undefined],
      [`second ${toIso(at(2))}`]: ['completed', 'merged'],
    })
  })

  it('are each reminded where the clinic wants it so', async () => {
    const world = await clinicWith({ ...once, mergeSameDay: false })
    await booked(world, { first: at(0), second: at(2) })
    await passRule(world)
    expect(said(world)).toHaveLength(2)
  })

  it('are one where they begin at the same time', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(0) })
    await passRule(world)
    expect(said(world)).toHaveLength(1)
  })

  it('are one by each rule, three of them too', async () => {
    const world = await clinicWith({})
    await booked(world, { first: at(0), second: at(2), third: at(5) })
    await passRule(world)
    expect(said(world)).toHaveLength(1)
    expect(said(world)[0]).toMatch(/11:30.*14:30|11:30.*2:30/)
    await world.pass(38 * hour)
    for (let quarters = 0; quarters < 40; quarters += 1) await world.pass(15 * minute)
    expect(said(world)).toHaveLength(2)
  })

  it('of two patients are two reminders', async () => {
    const world = await clinicWith()
    world.emr.put(patient({ id: 'omar', telecom: [{ system: 'phone', value: '+971509876543' }] }))
    world.emr.put(permit('sms', { patient: 'omar', address: '+971509876543' }))
    world.emr.put(visit(at(0), { id: 'first' }))
    const participant = [{ actor: { reference: 'Patient/omar' }, status: 'needs-action' as const }]
    world.emr.put(visit(at(2), { id: 'second', participant }))
    for (const id of ['first', 'second']) await notify(world, id)
    await passRule(world)
    expect(said(world)).toHaveLength(2)
  })
})

describe('recurring visits on different days', () => {
  it('are each reminded', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(24), third: at(48) })
    for (let hours = 0; hours < 80; hours += 1) await world.pass(hour)
    expect(said(world)).toHaveLength(3)
  })

  it('are so where midnight in Dubai lies between them, though it is one day in London', async () => {
    const world = await clinicWith()
    // 23:30 on Monday and 00:30 on Tuesday.
    await booked(world, { first: at(14), second: at(15) })
    for (let hours = 0; hours < 50; hours += 1) await world.pass(hour)
    expect(said(world)).toHaveLength(2)
  })
})

describe('a second visit gets its own reminder', () => {
  it('when the first is cancelled before any left', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    await change(world, 'first', { status: 'cancelled' })
    await passRule(world)
    expect(said(world)).toHaveLength(1)
    expect(said(world)[0]).toContain('11:30')
    expect(said(world)[0]).not.toContain('9:30')
  })

  it('when the first is cancelled and nobody told us', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    const [first] = world.emr.all('Appointment')
    if (first) world.emr.put({ ...first, status: 'cancelled' })
    await passRule(world)
    expect(said(world)).toHaveLength(1)
    expect(said(world)[0]).not.toContain('9:30')
  })

  it('when the first is cancelled after the reminder of both, and its own time comes', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    await world.pass(24 * hour)
    expect(said(world)).toHaveLength(1)
    await change(world, 'first', { status: 'cancelled' })
    await passRule(world)
    expect(said(world)).toHaveLength(2)
    expect(said(world)[1]).toContain('11:30')
  })

  it('when it is moved to another day after the reminder of both', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0), second: at(2) })
    await passRule(world)
    await change(world, 'second', { start: toIso(at(26)), end: toIso(at(27)) })
    for (let hours = 0; hours < 30; hours += 1) await world.pass(hour)
    expect(said(world)).toHaveLength(2)
  })

  it('when it is booked after the first one’s has left', async () => {
    const world = await clinicWith()
    await booked(world, { first: at(0) })
    await passRule(world)
    await booked(world, { second: at(2) })
    expect(said(world)).toHaveLength(2)
    await passRule(world)
    expect(said(world)).toHaveLength(2)
  })

  it('when it is booked while the first one’s still waits for a reader, at once', async () => {
    const rules = once.rules.map((one) => ({ ...one, fallbackAfter: { unread: 'PT20H' } }))
    const world = await clinicWith({ rules })
    world.emr.put(permit('whatsapp'))
    await booked(world, { first: at(0) })
    await passRule(world)
    await booked(world, { second: at(2) })
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'whatsapp'])
  })

  it('when there is no wording that names several', async () => {
    const world = await clinicWith()
    for (const one of world.emr.all('ActivityDefinition'))
      if (one.name?.includes('several')) world.emr.remove(`ActivityDefinition/${one.id}`)
    await booked(world, { first: at(0), second: at(2) })
    await passRule(world)
    expect(said(world)).toHaveLength(2)
  })
})
