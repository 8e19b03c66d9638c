import { describe, expect, it } from 'vitest'
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { day, hour, minute } from '../../src/domain/time.ts'
import { fromAttempt } from '../../src/fhir/attempt.ts'
import { fromConsent } from '../../src/fhir/consent.ts'
import { fromInbound } from '../../src/fhir/inbound.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { book, patient, permit, phone, visit, write } from './chart.ts'

/** A patient who was just asked about a visit tomorrow. */
async function asked(overrides: Partial<ClinicSettings> = {}): Promise<FakeWorld> {
  const world = await createWorld(overrides)
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  await book(world, 24 * hour)
  return world
}

function said({ carrier }: FakeWorld): string[] {
  return carrier.ledger.slice(1).map((one) => one.text)
}

function inbound({ emr }: FakeWorld) {
  return emr.all('Communication').flatMap((resource) => fromInbound(resource) ?? [])
}

function codes({ emr }: FakeWorld): (string | undefined)[] {
  return emr.all('Task').map((task) => task.code?.coding?.[0]?.code)
}

function consents({ emr }: FakeWorld) {
  return emr.all('Consent').flatMap((resource) => fromConsent(resource) ?? [])
}

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
    expect(
      consents(world)
        .filter((one) => one.active)
        .map((one) => [one.channel, one.type]),
    ).toEqual([
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
    expect(
      consents(world)
        .filter((one) => one.active)
        .map((one) => [one.channel, one.type]),
    ).toEqual([
      ['whatsapp', 'deny'],
      ['sms', 'permit'],
    ])
    expect(said(world)).toHaveLength(2)
  })
})

describe('START', () => {
  it('opts no stranger in', async () => {
    const world = await createWorld()
    world.emr.put(patient())
    await write(world, 'START')
    expect(consents(world)).toEqual([])
    expect(world.carrier.ledger).toHaveLength(0)
  })
})

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
