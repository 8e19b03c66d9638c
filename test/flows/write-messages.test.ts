import { beforeEach, describe, expect, it } from 'vitest'
import { day, hour, minute, parseInstant } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld, startOfDay } from '../fakes/world.ts'
import { patient, permit, phone, visit } from './chart.ts'
import { addPatient, addPatients, type Differs, orderIn, reminder, requestsIn } from './ordering.ts'

let world: FakeWorld
beforeEach(async () => {
  world = await createWorld()
  addPatients(world)
})

const order = (differs?: Differs) => orderIn(world, differs)
const requests = () => requestsIn(world)

describe('an order', () => {
  it('becomes one request, which is dispatched and sent', async () => {
    const written = await order()
    expect(written).toMatchObject({
      kind: 'written',
      isNew: true,
      hurried: true,
      messages: [{ patient: 'Patient/sara', status: 'active' }],
    })
    await world.settle()
    expect(world.carrier.ledger).toMatchObject([
      { channel: 'sms', to: phone, text: 'Please bring your papers.' },
    ])
    expect(requests()).toMatchObject([{ key: 'api-k1_sara', category: 'conversation', status: 'completed' }])
  })

  it('of many writes one for each, in their order', async () => {
    const written = await order({ to: ['Patient/omar', 'Patient/sara'] })
    const patients = written.kind === 'written' && written.messages.map((one) => one.patient)
    expect(patients).toEqual(['Patient/omar', 'Patient/sara'])
  })

  it('writes one message to who stands in it twice', async () => {
    await order({ to: ['Patient/sara', phone, 'Patient/sara'] })
    expect(requests()).toHaveLength(1)
  })

  it('for later waits in the store until then', async () => {
    await order({ at: parseInstant('2026-11-20T08:30:00Z') })
    await world.pass(2 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    await world.pass(hour)
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('for later may wait for a consent that begins before', async () => {
    const later = permit('sms')
    const period = { start: '2026-11-20T07:00:00Z' }
    world.emr.put({ ...later, provision: { ...later.provision, type: 'permit', period } })
    expect(await order()).toMatchObject({ kind: 'refused', refused: [{ reason: 'consent-expired' }] })
    expect(await order({ at: parseInstant('2026-11-20T08:30:00Z') })).toMatchObject({ kind: 'written' })
  })

  it('goes by the routing plan that it names, else by whatever the clinic has', async () => {
    world.emr.put(permit('whatsapp'))
    await order({ call: { key: 'k1', body: 'b1' } })
    await order({ channels: ['sms'], call: { key: 'k2', body: 'b2' } })
    expect(requests().map(({ plan }) => plan)).toEqual([['whatsapp', 'sms', 'email'], ['sms']])
  })

  it('that is a reminder belongs to its visit and is worded for it', async () => {
    world.emr.put(visit((startOfDay + 2 * day) as typeof startOfDay))
    await order(reminder)
    await world.settle()
    expect(requests()).toMatchObject([{ category: 'reminder', visit: 'Appointment/visit' }])
    expect(world.carrier.ledger[0]?.text).toContain('Palm Clinic')
  })

  it('of a file goes to the patient whose file it is, and to nobody else', async () => {
    const attachment = { contentType: 'application/pdf', title: 'Report', data: btoa('%PDF-1.7') }
    const subject = { reference: 'Patient/sara' }
    world.emr.put({
      ...{ resourceType: 'DocumentReference', id: 'report', status: 'current' },
      ...{ subject, content: [{ attachment }] },
    })
    for (const id of ['sara', 'omar']) {
      const value = `${id}@example.test`
      world.emr.put(patient({ id, telecom: [{ system: 'email', value }] }))
      world.emr.put(permit('email', { patient: id, address: value }))
    }
    const content = { kind: 'file', file: 'DocumentReference/report', text: 'Your report' } as const
    const both = { content, to: ['Patient/sara', 'Patient/omar'] }
    expect(await order(both)).toMatchObject({ refused: [{ to: 'Patient/omar', reason: 'file-missing' }] })
    expect(await order({ content })).toMatchObject({ kind: 'written' })
    await world.settle()
    expect(world.carrier.ledger).toMatchObject([{ channel: 'email', text: 'Your report' }])
  })

  it('urgent passes quiet hours, routine waits for their end', async () => {
    world = await createWorld({ quietHours: { from: '09:00', to: '11:00' } })
    addPatient(world, 'sara', phone)
    await order()
    await order({ priority: 'urgent', call: { key: 'k2', body: 'b2' } })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
    await world.pass(2 * hour)
    expect(world.carrier.ledger).toHaveLength(2)
  })

  it('without Redis is written, and the next tick takes it', async () => {
    const { addAll } = world.jobs
    world.world.jobs.addAll = async () => {
      throw new Error('Redis is away')
    }
    expect(await order()).toMatchObject({ kind: 'written', hurried: false })
    world.world.jobs.addAll = addAll
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

describe('an address as recipient', () => {
  it('leads to the one chart that it stands in, however it is spelled there', async () => {
    addPatient(world, 'lina', '050 222 3344')
    world.emr.put(permit('sms', { patient: 'lina', address: '+971502223344' }))
    expect(await order({ to: ['+971 50 222 3344'] })).toMatchObject({
      messages: [{ patient: 'Patient/lina' }],
    })
  })

  it('of e-mail is written to by e-mail', async () => {
    const value = 'sara@example.test'
    world.emr.put(
      patient({
        telecom: [
          { system: 'email', value },
          { system: 'phone', value: phone },
        ],
      }),
    )
    world.emr.put(permit('email', { address: value }))
    await order({ to: ['Sara@example.test'] })
    expect(requests()).toMatchObject([{ plan: ['email'] }])
  })

  it.each([
    ['in no chart', '+971509998877', /no patient’s chart/],
    ['in two charts', '+971507654321', /several charts/],
    ['without its country', '050 123 4567', /without its country: write it as \+971/],
    ['that is a landline', '+97143334444', /landline/],
    ['that is no number', '+12', /not a number/],
    ['that is no mailbox', 'sara@', /not a mailbox/],
    ['that is nothing known', 'Sara Nasser', /neither a patient/],
  ])('%s is refused in one sentence without it', async (_what, to, says) => {
    addPatient(world, 'twin', '+971507654321')
    const refused = await order({ to: [to, 'Patient/sara'] })
    expect(refused).toMatchObject({
      kind: 'refused',
      refused: [{ to: 1, error: expect.stringMatching(says) }],
    })
    expect(JSON.stringify(refused)).not.toContain(to)
    expect(requests()).toEqual([])
  })
})

describe('the same call again', () => {
  const both = { to: ['Patient/sara', 'Patient/omar'] }

  it('finds the same messages, also long after and whatever became of them', async () => {
    const first = await order(both)
    await world.settle()
    await world.pass(30 * day)
    const again = await order(both)
    const ids = (one: typeof first) =>
      one.kind === 'written' ? one.messages.map((each) => each.reference) : one
    expect(ids(again)).toEqual(ids(first))
    expect(again).toMatchObject({ isNew: false })
    expect(world.carrier.ledger).toHaveLength(2)
  })

  it('finds them also when chart, visit and template have changed since', async () => {
    world.emr.put(visit((startOfDay + day) as typeof startOfDay))
    const both = { ...reminder, to: [phone], until: parseInstant('2026-11-20T09:00:00Z') }
    const first = await order(both)
    await world.settle()
    world.emr.put(patient({ telecom: [] }))
    world.emr.remove('Appointment/visit')
    await world.pass(30 * day)
    const again = await order(both)
    expect(again).toMatchObject({ kind: 'written', isNew: false })
    expect(first.kind === 'written' && first.messages[0]?.reference).toBe(
      again.kind === 'written' && again.messages[0]?.reference,
    )
  })

  it('completes what a death between two writes left', async () => {
    let written = 0
    const { create } = world.emr
    world.world.store = {
      ...world.emr,
      create: (resource, unless) => {
        if (resource.resourceType === 'CommunicationRequest' && ++written === 2)
          throw new EmrError('the store went away')
        return create(resource, unless)
      },
    }
    await expect(order(both)).rejects.toThrow('the store went away')
    expect(requests()).toHaveLength(1)
    const completed = await order(both)
    expect(completed).toMatchObject({ kind: 'written', isNew: false })
    expect(completed.kind === 'written' && completed.messages.map(({ patient }) => patient)).toEqual(both.to)
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(2)
  })

  it('with another body is refused and writes nothing, also for other patients', async () => {
    await order()
    const other = await order({ to: ['Patient/omar'], call: { key: 'k1', body: 'b2' } })
    expect(other).toMatchObject({ kind: 'conflict', error: expect.stringMatching(/used before/) })
    expect(requests()).toHaveLength(1)
  })

  it('made twice at once writes one message', async () => {
    const answers = await Promise.all([order(), order()])
    expect(answers.map(({ kind }) => kind)).toEqual(['written', 'written'])
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
  })
})
