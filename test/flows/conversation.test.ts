import { describe, expect, it } from 'vitest'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, hour, minute } from '../../src/domain/time.ts'
import { naming } from '../../src/fhir/codes.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, patient, permit, write } from './chart.ts'

async function clinic(...consents: Parameters<typeof permit>[0][]): Promise<FakeWorld> {
  const world = await createWorld({ quietHours: { from: '21:00', to: '08:00' } })
  world.emr.put(patient())
  for (const channel of consents) world.emr.put(permit(channel))
  return world
}

/** As the composer writes it with the clinician's own token; the nudge follows. */
async function compose(world: FakeWorld, differs: Partial<MessageRequest> = {}): Promise<void> {
  const request: MessageRequest = {
    key: 'manual_1',
    status: 'active',
    category: 'conversation',
    priority: 'routine',
    patient: 'Patient/sara',
    recipient: 'Patient/sara',
    plan: ['sms'],
    dueAt: world.now(),
    window: { from: world.now(), until: after(world.now(), 24 * hour) },
    content: { kind: 'text', text: 'Please bring your letter. شكراً 🙏' },
    replyOptions: [],
    requester: 'Practitioner/saleh',
    forbidden: false,
    ...differs,
  }
  world.emr.put({ id: 'composed', ...toCommunicationRequest(request) })
  await world.jobs.add({ kind: 'dispatch', request: 'CommunicationRequest/composed' })
  await world.settle()
}

describe('what a clinician writes', () => {
  it('arrives as it was written, once, however often it is nudged', async () => {
    const world = await clinic('sms')
    await compose(world)
    for (let time = 0; time < 3; time++) {
      await world.jobs.add({ kind: 'dispatch', request: 'CommunicationRequest/composed' })
      await world.settle()
    }
    expect(world.carrier.ledger.map((one) => one.text)).toEqual(['Please bring your letter. شكراً 🙏'])
  })

  it('needs a consent like everything else, urgent or not', async () => {
    const world = await clinic()
    await compose(world, { priority: 'stat' })
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'no-consent' }])
  })

  it('waits in quiet hours unless it is urgent', async () => {
    const world = await clinic('sms')
    await world.pass(13 * hour)
    await compose(world)
    expect(world.carrier.ledger).toHaveLength(0)
    await compose(world, { key: 'manual_2', priority: 'urgent' })
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('goes by WhatsApp only while the patient’s own message there is a day old at most', async () => {
    const world = await clinic('whatsapp')
    await compose(world, { plan: ['whatsapp'] })
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'outside-window' }])

    const open = await clinic('whatsapp')
    await write(open, 'A question', { channel: 'whatsapp' })
    await compose(open, { plan: ['whatsapp'] })
    expect(open.carrier.ledger).toHaveLength(1)
  })

  it('with nothing in it is not sent', async () => {
    const world = await clinic('sms')
    world.emr.put({
      resourceType: 'CommunicationRequest',
      id: 'empty',
      identifier: [{ system: naming.requestKey, value: 'manual_empty' }],
      status: 'active',
      subject: { reference: 'Patient/sara' },
      occurrenceDateTime: '2026-11-20T05:00:00Z',
    })
    await world.pass(minute)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'no-content' }])
  })

  it('and withdraws in time stays unsent', async () => {
    const world = await clinic('sms')
    await compose(world, { dueAt: after(world.now(), hour), status: 'revoked', reason: 'withdrawn' })
    await world.pass(2 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
  })
})

describe('a request that someone else wrote badly', () => {
  it('is ended with what is wrong, instead of coming back at every tick', async () => {
    const world = await clinic('sms')
    world.emr.put({
      resourceType: 'CommunicationRequest',
      id: 'odd',
      identifier: [{ system: naming.requestKey, value: 'manual_odd' }],
      status: 'active',
      occurrenceDateTime: '2026-11-20T05:00:00Z',
      payload: [{ contentString: 'x' }],
    })
    await world.pass(minute)
    expect(world.emr.all('CommunicationRequest')).toMatchObject([
      { status: 'revoked', statusReason: { text: 'subject is not a Patient' } },
    ])
  })

  it('that is the EMR’s own is neither sent nor ended, nudged or not', async () => {
    const world = await clinic('sms')
    world.emr.put({
      resourceType: 'CommunicationRequest',
      id: 'theirs',
      status: 'active',
      subject: { reference: 'Patient/sara' },
      recipient: [{ reference: 'Practitioner/saleh' }],
      occurrenceDateTime: '2026-11-20T05:00:00Z',
      payload: [{ contentString: 'Please call the laboratory' }],
    })
    await world.pass(minute)
    await world.jobs.add({ kind: 'dispatch', request: 'CommunicationRequest/theirs' })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(0)
    expect(world.emr.versions('CommunicationRequest/theirs')).toBe(1)
  })

  it('that is the EMR’s own “do not contact” is obeyed and left alone', async () => {
    const world = await clinic('sms')
    world.emr.put({
      resourceType: 'CommunicationRequest',
      id: 'leave-alone',
      status: 'active',
      doNotPerform: true,
      subject: { reference: 'Patient/sara' },
      occurrenceDateTime: '2026-11-20T05:00:00Z',
    })
    await compose(world)
    await world.pass(minute)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'host-opt-out' }])
    expect(world.emr.versions('CommunicationRequest/leave-alone')).toBe(1)
  })
})
