/** What a death, a late job or a hasty colleague between two lines must not change. */
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/domain/address.ts'
import type { DeliveryEvent } from '../../src/domain/outcome.ts'
import { after, hour, minute, toIso } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { createWorld } from '../fakes/world.ts'
import { asked, codes, consents, inbound, said } from './asked.ts'
import { attempts, book, notify, patient, permit, visit, write } from './chart.ts'

const down = () => new EmrError('the store answers 500', { status: 500 })

describe('consent', () => {
  it('stays denied when a START that was written before the STOP is acted on after it', async () => {
    const world = await asked()
    await write(world, 'STOP')
    await world.pass(minute)
    world.emr.failNext(down(), { call: 'search', type: 'Patient' })
    await write(world, 'START').catch(() => {})
    world.wipeQueue()
    await write(world, 'STOP')
    await world.pass(minute)
    await world.pass(minute)
    expect(inbound(world).map((one) => one.handled)).toEqual([true, true, true])
    expect(consents(world).filter((one) => one.active && one.type === 'permit')).toEqual([])
    await book(world, 20 * hour, { id: 'next' })
    expect(world.counted['not_sent opted-out']).toBe(1)
  })

  it('stays denied when staff save an old permit for every channel again', async () => {
    const world = await createWorld()
    world.emr.put(patient())
    const general = {
      ...permit('sms'),
      id: 'general',
      dateTime: undefined,
      identifier: undefined,
      provision: { type: 'permit' as const, class: permit('sms').provision?.class },
    }
    world.emr.put(general)
    await book(world, 24 * hour)
    await write(world, 'STOP')
    await world.pass(hour)
    const stored = world.emr.all('Consent').find((one) => one.id === 'general')
    if (stored) await world.emr.save({ ...stored, meta: { versionId: stored.meta?.versionId } })
    await book(world, 20 * hour, { id: 'next' })
    expect(world.carrier.ledger).toHaveLength(2)
    expect(world.counted['not_sent opted-out']).toBe(1)
  })

  it('is denied by a STOP from a number that the chart spells as nobody can search it', async () => {
    const world = await createWorld()
    world.emr.put(patient({ telecom: [{ system: 'phone', value: '+971 (50) 1234-567' }] }))
    world.emr.put({ ...permit('sms'), identifier: undefined, meta: undefined })
    await book(world, 24 * hour)
    await write(world, 'STOP')
    await book(world, 20 * hour, { id: 'next' })
    expect(world.carrier.ledger).toHaveLength(2)
    expect(world.counted['not_sent opted-out']).toBe(1)
  })

  it('is denied for good when we die between the provider’s word and our own', async () => {
    const world = await asked()
    world.emr.put(permit('whatsapp'))
    world.carrier.next({ kind: 'opted-out', code: 'opted-out' })
    world.emr.failNext(down(), { call: 'create', type: 'Provenance' })
    await book(world, 20 * hour, { id: 'next' }).catch(() => {})
    for (let time = 0; time < 4; time++) await world.pass(minute)
    expect(said(world)).toHaveLength(0)
    expect(consents(world).some((one) => one.type === 'deny' && one.active)).toBe(true)
  })
})

describe('a provider’s opt-out', () => {
  it('that is told again later does not undo a permit that was given since', async () => {
    const world = await asked()
    const [carried] = world.carrier.ledger
    const event: DeliveryEvent = {
      kind: 'delivery',
      attemptId: carried?.attemptId,
      providerId: carried?.providerId ?? '',
      state: 'failed',
      reason: 'provider-opt-out',
      at: world.now(),
    }
    await recordDelivery(world.world, 'sms', event)
    await world.pass(hour)
    world.emr.put({ ...permit('sms'), id: 'since', dateTime: toIso(world.now()) })
    await world.pass(minute)
    await recordDelivery(world.world, 'sms', event)
    expect(consents(world).filter((one) => one.active && one.type === 'permit')).toHaveLength(1)
  })
})

describe('delivery', () => {
  it('draws the consequences of a failure although it was saved by a life that died right after', async () => {
    const world = await asked()
    world.emr.put(permit('whatsapp'))
    await book(world, 20 * hour, { id: 'next' })
    const carried = world.carrier.ledger.at(-1)
    const event: DeliveryEvent = {
      kind: 'delivery',
      attemptId: carried?.attemptId,
      providerId: carried?.providerId ?? '',
      state: 'undelivered',
      at: world.now(),
    }
    world.emr.failNext(down(), { call: 'save', type: 'CommunicationRequest' })
    await expect(recordDelivery(world.world, 'whatsapp', event)).rejects.toThrow('500')
    await recordDelivery(world.world, 'whatsapp', event)
    await world.settle()
    expect(world.carrier.ledger.at(-1)?.channel).toBe('sms')
  })

  it('a second failure of a hop does not reopen what another channel carries', async () => {
    const world = await asked()
    world.emr.put(permit('whatsapp'))
    await book(world, 20 * hour, { id: 'next' })
    const carried = world.carrier.ledger.at(-1)
    for (const state of ['failed', 'undelivered'] as const) {
      await recordDelivery(world.world, 'whatsapp', {
        ...{ kind: 'delivery', attemptId: carried?.attemptId, providerId: carried?.providerId ?? '' },
        ...{ state, at: world.now() },
      })
      await world.settle()
    }
    const request = attempts(world).find((one) => one.attemptId === carried?.attemptId)?.request
    const resource = world.emr
      .all('CommunicationRequest')
      .find((one) => `CommunicationRequest/${one.id}` === request)
    expect(resource?.status).toBe('completed')
  })

  it('an unknown outcome reaches a human although the store failed in the middle', async () => {
    const world = await asked()
    world.carrier.next({ kind: 'unknown', because: 'ECONNRESET' })
    world.emr.failNext(down(), { call: 'create', type: 'Task' })
    await book(world, 20 * hour, { id: 'next' }).catch(() => {})
    for (let time = 0; time < 3; time++) await world.pass(minute)
    expect(codes(world)).toEqual(['unknown-outcome'])
    expect(attempts(world).at(-1)?.state).toBe('unknown')
  })
})

describe('a reminder', () => {
  it('names the place as it is now, not as it was when it was planned', async () => {
    const world = await createWorld()
    world.emr.put(patient())
    world.emr.put(permit('sms'))
    for (const name of ['Marina', 'Downtown'])
      world.emr.put({ resourceType: 'Location', id: name.toLowerCase(), name })
    const at = (place: string) => ({
      participant: [
        { actor: { reference: 'Patient/sara' }, status: 'needs-action' as const },
        { actor: { reference: `Location/${place}` }, status: 'accepted' as const },
      ],
    })
    await book(world, 72 * hour, at('marina'))
    world.emr.put(visit(after(world.now(), 72 * hour), at('downtown')))
    await world.pass(24 * hour)
    expect(world.carrier.ledger[0]?.text).toContain('Downtown')
  })

  it('is sent again when the visit was moved there and back: what was read last was the other time', async () => {
    const world = await asked()
    const first = world.emr.all('Appointment')[0]
    await world.pass(minute)
    await book(world, 30 * hour)
    await world.pass(minute)
    if (first) world.emr.put({ ...first, meta: undefined })
    await notify(world)
    await notify(world)
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(3)
    expect(world.carrier.ledger[2]?.text).toBe(world.carrier.ledger[0]?.text)
  })

  it('whose call is repeated to another number is recorded with that one', async () => {
    const world = await createWorld()
    world.emr.put(patient())
    world.emr.put({ ...permit('sms'), identifier: undefined, meta: undefined })
    world.carrier.next({ kind: 'unreachable', code: 'ECONNREFUSED' })
    await book(world, 24 * hour)
    world.emr.put(patient({ telecom: [{ system: 'phone', value: '+971507654321' }] }))
    await world.pass(minute)
    expect(world.carrier.ledger[0]?.to).toBe('+971507654321')
    expect(attempts(world)[0]?.to).toBe('+971507654321')
  })
})

describe('what a patient writes', () => {
  it.each(['12345', '971501234567'])('from %s reaches a human or the chart', async (from) => {
    const world = await createWorld()
    await write(world, 'Hello', { from: from as Address })
    expect(inbound(world)).toMatchObject([{ handled: true }])
    expect(codes(world)).toEqual(['match-sender'])
  })

  it('to cancel is left to staff where the EMR does not take it from us', async () => {
    const world = await asked({ replies: { cancel: 'host', cancelWord: 'stop', mostEqual: 3 } })
    world.emr.failNext(new EmrError('forbidden', { status: 403 }), { call: 'save', type: 'Appointment' })
    await write(world, 'X')
    expect(codes(world)).toEqual(['update-schedule'])
    expect(world.emr.all('Appointment')).toMatchObject([{ status: 'booked' }])
    expect(said(world)).toHaveLength(1)
  })
})

describe('what others wrote on a request', () => {
  it('stays on it when we end it', async () => {
    const world = await asked()
    const request = world.emr.all('CommunicationRequest').find((one) => one.status === 'active')
    if (!request) throw new Error('nothing is planned')
    world.emr.put({
      ...request,
      identifier: [...(request.identifier ?? []), { system: 'https://emr.example/orders', value: '7' }],
      note: [{ text: 'Interpreter needed' }],
      basedOn: [...(request.basedOn ?? []), { reference: 'ServiceRequest/1' }],
    })
    await book(world, 24 * hour, { status: 'cancelled' })
    const ended = world.emr.all('CommunicationRequest').find((one) => one.id === request.id)
    expect(ended).toMatchObject({ status: 'revoked', note: [{ text: 'Interpreter needed' }] })
    expect(ended?.identifier).toHaveLength(2)
    expect(ended?.basedOn).toHaveLength(2)
  })
})
