/** What an EMR is told by CDS Hooks: the very judgement by which the message would go. */
import type { Appointment } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { Advice } from '../../src/domain/cds-advice.ts'
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { after, day, hour } from '../../src/domain/time.ts'
import { advise } from '../../src/flows/advise.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic, patient, permit, phone, visit, write } from './chart.ts'

const sara = 'Patient/sara'

async function onBooking(world: FakeWorld, differs: Partial<Appointment> = {}): Promise<Advice[]> {
  const { id: _id, ...proposed } = visit(after(world.now(), 72 * hour), { status: 'proposed', ...differs })
  const writes = world.emr.writes
  const { advice } = await advise(world.world, {
    hook: 'appointment-book',
    patient: sara,
    appointments: [proposed],
  })
  expect(world.emr.writes).toBe(writes)
  return advice
}

async function onChart(world: FakeWorld): Promise<Advice[]> {
  return (await advise(world.world, { hook: 'patient-view', patient: sara })).advice
}

async function withChart(
  chart: Parameters<typeof patient>[0],
  settings: Partial<ClinicSettings> = {},
): Promise<FakeWorld> {
  const world = await createWorld(settings)
  world.emr.put(patient(chart))
  for (const channel of ['sms', 'email'] as const) world.emr.put(permit(channel))
  return world
}

describe('while a visit is booked', () => {
  it('nothing is said where the reminder will arrive, and what was said is what happens', async () => {
    const world = await clinic('sms')
    expect(await onBooking(world)).toEqual([])
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('a patient without a permit gets no reminder, for the reason that is later written', async () => {
    const world = await clinic()
    expect(await onBooking(world)).toEqual([
      {
        kind: 'no-reminder',
        closed: [
          { channel: 'whatsapp', reason: 'no-consent' },
          { channel: 'sms', reason: 'no-consent' },
          { channel: 'email', reason: 'no-address' },
        ],
      },
    ])
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'no-consent' }])
  })

  it('a STOP closes the channel at once', async () => {
    const world = await clinic('sms')
    await write(world, 'STOP')
    expect(await onBooking(world)).toMatchObject([{ kind: 'no-reminder' }])
  })

  it('a wrong number is said', async () => {
    const world = await withChart({ telecom: [{ system: 'phone', value: '+97142000017' }] })
    const closed = { channel: 'sms', reason: 'not-a-mobile' }
    expect(await onBooking(world)).toEqual([
      { kind: 'wrong-address', open: [], closed: expect.arrayContaining([closed]) },
    ])
  })

  it('a language that we do not write, or that nobody noted, is said', async () => {
    const french = await withChart({ communication: [{ language: { coding: [{ code: 'fr' }] } }] })
    expect(await onBooking(french)).toEqual([{ kind: 'other-language', language: 'en' }])
    const none = await withChart({ communication: undefined }, { language: 'ar' })
    expect(await onBooking(none)).toEqual([{ kind: 'no-language', language: 'ar' }])
  })

  it('a patient whom nobody knows gets no reminder', async () => {
    const world = await createWorld()
    expect(await onBooking(world)).toMatchObject([
      { kind: 'no-reminder', closed: [{ reason: 'patient-missing' }, {}, {}] },
    ])
  })

  it.each<[string, Partial<Appointment>, Partial<ClinicSettings>]>([
    ['has no start', { start: undefined }, {}],
    ['is past', { start: '2026-11-01T10:00:00Z' }, {}],
    ['is odd', { start: 'soon', participant: undefined }, {}],
    ['is in a clinic without rules', {}, { rules: [] }],
    ['was cancelled', { status: 'cancelled' }, {}],
  ])('nothing is said of a visit that is not reminded: it %s', async (_what, differs, settings) => {
    const world = await createWorld(settings)
    expect(await onBooking(world, differs)).toEqual([])
  })

  it('a permit that begins before the reminder is one', async () => {
    const world = await createWorld()
    world.emr.put(patient())
    const consent = permit('sms')
    const start = '2026-11-21T00:00:00Z'
    world.emr.put({ ...consent, provision: { ...consent.provision, period: { start } } })
    expect(await onBooking(world)).toEqual([])
  })
})

describe('when a chart is opened', () => {
  it('what the patient wrote waits until staff answer', async () => {
    const world = await clinic('sms')
    expect(await onChart(world)).toEqual([])
    await write(world, 'My knee hurts')
    await write(world, 'a lot')
    expect(await onChart(world)).toEqual([{ kind: 'unread', count: 2 }])
  })

  it('a yes to a visit was answered by itself', async () => {
    const world = await clinic('sms')
    await book(world, 24 * hour)
    await write(world, '1')
    expect(await onChart(world)).toEqual([])
  })

  it('the last reminder that was not sent is said, with its reason', async () => {
    const world = await clinic()
    await book(world, 24 * hour)
    expect(await onChart(world)).toEqual([
      { kind: 'reminder-failed', reason: 'no-consent', channel: 'whatsapp', uncertain: false },
    ])
  })

  it('what is older than a month no longer waits', async () => {
    const world = await clinic('sms')
    await write(world, 'My knee hurts')
    await world.pass(31 * day)
    expect(await onChart(world)).toEqual([])
  })

  it('it is said in the clinic’s language, and of this patient only', async () => {
    const world = await createWorld({ language: 'hi' })
    world.emr.put(patient())
    world.emr.put(patient({ id: 'omar', telecom: [{ system: 'phone', value: '+971501234568' }] }))
    await write(world, 'Hello', { from: phone })
    const given = await advise(world.world, { hook: 'patient-view', patient: 'Patient/omar' })
    expect(given).toEqual({ advice: [], language: 'hi' })
  })
})
