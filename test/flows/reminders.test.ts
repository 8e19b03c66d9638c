import { describe, expect, it } from 'vitest'
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { after, hour, minute, toIso } from '../../src/domain/time.ts'
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { toBasic } from '../../src/fhir/settings.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { clinicSettings, createWorld, type FakeWorld, startOfDay } from '../fakes/world.ts'
import { attempts, book, clinic, notify, patient, permit, visit } from './chart.ts'

function requests({ emr }: FakeWorld) {
  return emr.all('CommunicationRequest').flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' ? [read.request] : []
  })
}

describe('a booked visit', () => {
  it('is reminded at once when it is nearer than the first rule, in the patient’s language and on the visit’s clock', async () => {
    const world = await clinic('sms')
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(world.carrier.ledger[0]).toMatchObject({ channel: 'sms', to: '+971501234567' })
    expect(world.carrier.ledger[0]?.text).toContain('السبت')
    expect(world.carrier.ledger[0]?.text).toContain('9:30')
    expect(requests(world).map((one) => [one.ruleId, one.status])).toEqual([
      ['48h', 'completed'],
      ['2h', 'active'],
    ])
    expect(attempts(world)).toMatchObject([{ state: 'queued', language: 'ar', channel: 'sms' }])
  })

  it('is reminded 48 and 2 hours before when it is booked early', async () => {
    const world = await clinic('whatsapp')
    await book(world, 72 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    await world.pass(24 * hour)
    expect(world.carrier.ledger).toHaveLength(1)
    await world.pass(46 * hour)
    expect(world.carrier.ledger).toHaveLength(2)
    await world.pass(2 * hour)
    expect(world.carrier.ledger).toHaveLength(2)
  })

  it('is reminded once, however often the EMR tells of it and the clock ticks', async () => {
    const world = await clinic('sms')
    await book(world, 24 * hour)
    const writes = world.emr.writes
    for (let time = 0; time < 10; time++) await notify(world)
    for (let time = 0; time < 10; time++) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(world.emr.writes).toBe(writes)
  })

  it('that moves takes its reminders along', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    await book(world, 96 * hour)
    expect(requests(world).map((one) => [one.ruleId, one.status, one.reason])).toEqual([
      ['48h', 'revoked', 'visit-moved'],
      ['2h', 'revoked', 'visit-moved'],
      ['48h', 'active', undefined],
      ['2h', 'active', undefined],
    ])
  })

  it('that is cancelled loses its reminders, and gets them back when it is booked again', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    await book(world, 72 * hour, { status: 'cancelled' })
    expect(requests(world).map((one) => one.reason)).toEqual(['visit-cancelled', 'visit-cancelled'])
    await book(world, 72 * hour)
    expect(requests(world).map((one) => one.status)).toEqual(['active', 'active'])
  })

  it('that vanished from the EMR is found by the sweep', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    world.emr.remove('Appointment/visit')
    await sweep(world.world)
    await world.settle()
    expect(requests(world).map((one) => one.reason)).toEqual(['visit-missing', 'visit-missing'])
  })

  it('that never was is dropped after one question to the EMR', async () => {
    const world = await clinic('sms')
    const reading: string[] = []
    const { read } = world.emr
    world.world.host = {
      ...world.emr,
      read: (type, id, wish) => {
        reading.push(`${type}/${id}`)
        return read(type, id, wish)
      },
    }
    const { writes } = world.emr
    await notify(world, 'unheard-of')
    expect([reading, world.emr.writes - writes]).toEqual([['Appointment/unheard-of'], 0])
    expect(world.jobs.pending()).toEqual([])
  })

  it('whose notification was missed is planned by the sweep', async () => {
    const world = await clinic('sms')
    world.emr.put(visit(after(world.now(), 72 * hour)))
    await sweep(world.world)
    await world.settle()
    expect(requests(world)).toHaveLength(2)
  })

  it('follows a rule that the clinic changes, and waits in quiet hours all the same', async () => {
    const world = await clinic('sms')
    await book(world, 96 * hour)
    const [stored] = world.emr.all('Basic')
    const rule = {
      id: '48h',
      before: 'PT72H',
      plan: ['sms'],
      template: 'visit-reminder',
      bookedLate: 'send-now',
    }
    const settings = { ...clinicSettings, rules: [rule] } as ClinicSettings
    if (stored) world.emr.put({ ...toBasic('clinic', settings, '2026-11-20'), id: stored.id })
    await world.pass(minute)
    await notify(world)
    expect(requests(world)).toMatchObject([
      { ruleId: '48h', status: 'active', plan: ['sms'], dueAt: after(startOfDay, 24 * hour) },
      { ruleId: '2h', status: 'revoked', reason: 'rule-changed' },
    ])
  })

  it('of a group reminds each of its patients', async () => {
    const world = await clinic('sms')
    world.emr.put(patient({ id: 'omar', telecom: [{ system: 'phone', value: '+971509876543' }] }))
    world.emr.put(permit('sms', { patient: 'omar', address: '+971509876543' }))
    await book(world, 24 * hour, {
      participant: [
        { actor: { reference: 'Patient/sara' }, status: 'needs-action' },
        { actor: { reference: 'Patient/omar' }, status: 'needs-action' },
      ],
    })
    expect(world.carrier.ledger.map((one) => one.to).sort()).toEqual(['+971501234567', '+971509876543'])
  })

  it.each([
    ['a patient', { participant: [] }, 'visit-without-patient'],
    ['a start', { start: undefined, end: undefined, status: 'proposed' as const }, undefined],
  ])('without %s plans nothing and stops nothing', async (_what, overrides, reason) => {
    const world = await clinic('sms')
    await book(world, 24 * hour, overrides)
    expect(requests(world)).toEqual([])
    if (reason) expect(world.counted[`unplannable ${reason}`]).toBe(1)
  })
})

describe('what may not be sent', () => {
  it('is written down as not done, with its reason, and the request is revoked', async () => {
    const world = await clinic()
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'no-consent' }])
    expect(requests(world)[0]).toMatchObject({ status: 'revoked', reason: 'no-consent' })
    expect(world.emr.all('AuditEvent')).toHaveLength(1)
  })

  it('goes by the next channel of the plan that is open', async () => {
    const world = await clinic('email')
    world.emr.put(
      patient({
        telecom: [
          { system: 'phone', value: '+971501234567' },
          { system: 'email', value: 'sara@mail.example' },
        ],
      }),
    )
    world.emr.put(permit('email', { address: 'sara@mail.example' }))
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toMatchObject([{ channel: 'email', to: 'sara@mail.example' }])
    expect(world.carrier.ledger[0]?.subject).toBeTruthy()
  })

  it.each([
    ['visit cancelled', { status: 'cancelled' as const }, 'visit-cancelled'],
    ['patient arrived', { status: 'arrived' as const }, 'visit-over'],
  ])('stays unsent when the EMR changed between plan and dispatch: %s', async (_what, change, reason) => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    const stored = world.emr.all('Appointment')[0]
    if (stored) world.emr.put({ ...stored, ...change })
    await world.pass(24 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(requests(world)[0]).toMatchObject({ status: 'revoked', reason })
  })

  it('waits for the end of quiet hours', async () => {
    const world = await createWorld({ quietHours: { from: '21:00', to: '08:00', spreadFor: 'PT0M' } })
    world.emr.put(patient())
    world.emr.put(permit('sms'))
    // 48 hours before 23:30 in Dubai is 23:30 in Dubai.
    await book(world, 62 * hour)
    await world.pass(14 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(requests(world)[0]).toMatchObject({ status: 'active', dueAt: Date.parse('2026-11-21T04:00:00Z') })
    await world.pass(9 * hour)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

describe('after hours of standstill', () => {
  it('what is due goes once when it is still useful', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    world.wipeQueue()
    await world.pass(29 * hour)
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('what is too late is revoked with its reason', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    await world.pass(73 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(requests(world).map((one) => one.reason)).toEqual(['expired', 'expired'])
  })

  it('nothing due is a clean run', async () => {
    const world = await clinic('sms')
    const { writes } = world.emr
    await world.pass(hour)
    expect(world.emr.writes).toBe(writes)
  })
})

describe('a store that fails', () => {
  it('while planning loses nothing: the same job done again plans all', async () => {
    const world = await clinic('sms')
    world.emr.put(visit(after(world.now(), 72 * hour)))
    world.emr.failNext(new EmrError('the store is down', { status: 503 }), {
      call: 'create',
      type: 'CommunicationRequest',
    })
    await expect(notify(world)).rejects.toThrow('the store is down')
    await notify(world)
    expect(requests(world)).toHaveLength(2)
  })

  it('after it took a reminder but before it said so keeps one of it', async () => {
    const world = await clinic('sms')
    world.emr.put(visit(after(world.now(), 24 * hour)))
    world.emr.failNext(new EmrError('cut'), {
      call: 'create',
      type: 'CommunicationRequest',
      afterwards: true,
    })
    await expect(notify(world)).rejects.toThrow('cut')
    await notify(world)
    await world.pass(minute)
    expect(requests(world)).toHaveLength(2)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

describe('a template', () => {
  it('with a value that is not known refuses the message, with the reason', async () => {
    const world = await clinic('sms')
    world.emr.put(patient({ name: [] }))
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'missing-value' }])
  })

  it('for those who have confirmed asks nothing', async () => {
    const world = await clinic('sms')
    await book(world, 24 * hour, {
      participant: [{ actor: { reference: 'Patient/sara' }, status: 'accepted' }],
    })
    const [attempt] = attempts(world)
    expect(attempt?.template).toContain('visit-reminder-confirmed')
    expect(attempt?.replyOptions).toEqual([])
  })
})

it('uses the zone of the place before the clinic’s', async () => {
  const world = await clinic('sms')
  world.emr.put({
    resourceType: 'Location',
    id: 'london',
    name: 'London Bridge',
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: 'Europe/London' }],
  })
  await book(world, 24 * hour, {
    participant: [
      { actor: { reference: 'Patient/sara' }, status: 'needs-action' },
      { actor: { reference: 'Location/london' }, status: 'accepted' },
    ],
  })
  expect(world.carrier.ledger[0]?.text).toContain('5:30')
  expect(toIso(world.now())).toBe('2026-11-20T05:30:00.000Z')
})
