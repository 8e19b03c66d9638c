import { describe, expect, it } from 'vitest'
import { after, day, hour, minute } from '../../src/domain/time.ts'
import { fromAttempt } from '../../src/fhir/attempt.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { asked, codes, inbound, said } from './asked.ts'
import { book, phone, visit, write } from './chart.ts'

describe('a patient’s yes', () => {
  it.each([
    '1',
    '١',
    'نعم',
    'C',
    'yes',
  ])('%s confirms the visit in the chart and is thanked', async (text) => {
    const world = await asked()
    await write(world, text)
    expect(world.emr.all('AppointmentResponse')).toMatchObject([
      {
        participantStatus: 'accepted',
        actor: { reference: 'Patient/sara' },
        appointment: { reference: 'Appointment/visit' },
      },
    ])
    expect(said(world)).toHaveLength(1)
    expect(inbound(world)).toMatchObject([{ patient: 'Patient/sara', intent: 'confirm', handled: true }])
  })

  it('that the carrier repeats is one message and one answer', async () => {
    const world = await asked()
    for (let time = 0; time < 3; time++) await write(world, '1', { providerId: 'SAME' })
    expect(inbound(world)).toHaveLength(1)
    expect(world.emr.all('AppointmentResponse')).toHaveLength(1)
    expect(said(world)).toHaveLength(1)
  })

  it('to a visit that was moved since it was asked about is for a human', async () => {
    const world = await asked()
    world.emr.put(visit(after(world.now(), 30 * hour)))
    await write(world, '1')
    expect(world.emr.all('AppointmentResponse')).toHaveLength(0)
    expect(codes(world)).toEqual(['respond'])
  })

  it('to a visit that was cancelled meanwhile is for a human', async () => {
    const world = await asked()
    world.emr.put(visit(world.now(), { status: 'cancelled' }))
    await write(world, '1')
    expect(world.emr.all('AppointmentResponse')).toHaveLength(0)
    expect(codes(world)).toEqual(['respond'])
  })
})

describe('a patient’s no', () => {
  it('declines the visit, makes work for staff, and never says that it is cancelled', async () => {
    const world = await asked()
    await write(world, 'X')
    expect(world.emr.all('AppointmentResponse')).toMatchObject([{ participantStatus: 'declined' }])
    expect(codes(world)).toEqual(['update-schedule'])
    expect(world.emr.all('Appointment')).toMatchObject([{ status: 'booked' }])
    expect(
      world.emr
        .all('Communication')
        .some((one) => one.instantiatesCanonical?.[0]?.includes('reply-cancelled')),
    ).toBe(false)
  })

  it('is not reminded of that start again, but of the next one', async () => {
    const world = await asked()
    await write(world, 'X')
    const [stored] = world.emr.all('Appointment')
    const declined = { actor: { reference: 'Patient/sara' }, status: 'declined' as const }
    if (stored) world.emr.put({ ...stored, participant: [declined] })
    await world.pass(22 * hour + minute)
    expect(world.counted['not_sent visit-declined']).toBe(1)
    const before = world.carrier.ledger.length
    await book(world, 10 * hour, { participant: [declined] })
    expect(world.carrier.ledger).toHaveLength(before + 1)
  })

  it('cancels the visit in the EMR where the clinic wants that, and only then says so', async () => {
    const world = await asked({ replies: { cancel: 'host', cancelWord: 'stop', mostEqual: 3 } })
    await write(world, 'إلغاء')
    expect(world.emr.all('Appointment')).toMatchObject([
      { status: 'cancelled', cancelationReason: { coding: [{ code: 'pat-crs' }] } },
    ])
    expect(
      world.emr
        .all('Communication')
        .some((one) => one.instantiatesCanonical?.[0]?.includes('reply-cancelled')),
    ).toBe(true)
  })
})

describe('store, then acknowledge', () => {
  it('refuses an inbound message while the store is down', async () => {
    const world = await asked()
    world.emr.failNext(new EmrError('down', { status: 503 }), { call: 'create', type: 'Communication' })
    await expect(write(world, '1', { providerId: 'AGAIN' })).rejects.toThrow('down')
    await write(world, '1', { providerId: 'AGAIN' })
    expect(inbound(world)).toHaveLength(1)
  })

  it('acts on a stored message although its job was lost', async () => {
    const world = await asked()
    world.emr.failNext(new EmrError('down'), { call: 'search', type: 'Patient' })
    await write(world, '1').catch(() => {})
    world.wipeQueue()
    await world.pass(minute)
    expect(world.emr.all('AppointmentResponse')).toHaveLength(1)
  })
})

describe('a machine at the other end', () => {
  it('gets so many equal answers and no more', async () => {
    const world = await asked()
    for (let time = 0; time < 6; time++) await write(world, 'HELP')
    expect(said(world)).toHaveLength(3)
    expect(codes(world)).toEqual([])
  })
})

it('what patients write stands in the conversation of SMS, WhatsApp and e-mail alike', async () => {
  const world = await asked()
  await write(world, 'A question')
  const attempts = world.emr.all('Communication').flatMap((resource) => fromAttempt(resource) ?? [])
  expect(attempts[0]?.thread).toBeDefined()
  expect(inbound(world)[0]?.thread).toBe(attempts[0]?.thread)
})

it('no job holds a text, a name or an address', async () => {
  const world = await asked()
  const added: unknown[] = []
  const { add } = world.jobs
  world.jobs.add = async (job, options) => {
    added.push(job)
    await add(job, options)
  }
  await write(world, 'Private words')
  await write(world, '1')
  await world.pass(day)
  const dump = JSON.stringify([added, world.logged, world.live.published, world.counted])
  for (const secret of ['Private', 'Sara', 'Nasser', phone, '501234567']) expect(dump).not.toContain(secret)
})
