import { describe, expect, it } from 'vitest'
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { after, hour, minute } from '../../src/domain/time.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { runJob } from '../../src/flows/run-job.ts'
import { clinicSettings, createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, book, patient, permit, visit, write } from './chart.ts'

async function clinicWith(settings: Partial<ClinicSettings>): Promise<FakeWorld> {
  const world = await createWorld(settings)
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  return world
}

function dues({ emr }: FakeWorld) {
  return emr.all('CommunicationRequest').flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' && read.request.status === 'active' ? [read.request.dueAt] : []
  })
}

const searchesOf = (world: FakeWorld) => {
  const asked: string[] = []
  const { search } = world.emr
  world.emr.search = (type, parameters, options) => {
    asked.push(`${type} ${Object.keys(parameters).join()}`)
    return search(type, parameters, options)
  }
  return asked
}

describe('two messages to one person that are sent at the same moment', () => {
  it('pass a cap of one only one at a time', async () => {
    const world = await clinicWith({ mostPerDay: { all: 1 }, rules: [] })
    const order = (id: string) =>
      world.emr.put({
        ...toCommunicationRequest({
          ...{ key: `api-${id}`, status: 'active', category: 'conversation', priority: 'routine' },
          ...{ patient: 'Patient/sara', recipient: 'Patient/sara', plan: ['sms'], dueAt: world.now() },
          window: { from: world.now(), until: after(world.now(), 3 * hour) },
          content: { kind: 'text', text: 'We are closed on Sunday.' },
          ...{ replyOptions: [], forbidden: false },
        }),
        id,
      })
    for (const id of ['one', 'two']) order(id)
    const send = (id: string) =>
      runJob(world.world, {
        kind: 'send',
        request: `CommunicationRequest/${id}`,
        sender: 'sms',
        lane: 'bulk',
      })
    await Promise.all(['one', 'two'].map(send))
    expect(world.carrier.ledger.length).toBeLessThanOrEqual(1)
    for (let passed = 0; passed < 5; passed += 1) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

describe('a cap of one message a day', () => {
  const capped = { mostPerDay: { all: 1 }, quietHours: { from: '21:00', to: '08:00', spreadFor: 'PT0M' } }

  it('puts the second off to the next morning, where it is sent', async () => {
    const world = await clinicWith(capped)
    await book(world, 47 * hour)
    await book(world, 96 * hour, { id: 'other' })
    await book(world, 30 * hour, { id: 'third' })
    expect(world.carrier.ledger).toHaveLength(1)
    const morning = Date.parse('2026-11-21T08:00:00+04:00')
    expect(dues(world)).toContain(morning)
    await world.pass(22.5 * hour)
    expect(world.now()).toBe(morning)
    expect(world.carrier.ledger).toHaveLength(2)
  })

  it('ends with its reason what is of no use by then', async () => {
    const world = await clinicWith(capped)
    await book(world, 26 * hour)
    await book(world, 3 * hour, { id: 'soon' })
    await world.pass(hour)
    expect(attempts(world).find(({ state }) => state === 'not-sent')?.reason).toBe('frequency-cap')
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('lets an automatic answer pass', async () => {
    const world = await clinicWith(capped)
    await book(world, 47 * hour)
    await write(world, '1')
    expect(world.carrier.ledger).toHaveLength(2)
  })
})

it('a clinic without a cap pays no search for one', async () => {
  const world = await clinicWith({})
  const asked = searchesOf(world)
  await book(world, 24 * hour)
  expect(asked.filter((one) => one === 'Communication subject,_lastUpdated')).toEqual([])
  expect(world.carrier.ledger).toHaveLength(1)
})

describe('a rule for those who have not confirmed', () => {
  const rules: ClinicSettings['rules'] = clinicSettings.rules.map((one) =>
    one.id === '2h' ? { ...one, onlyIf: 'unconfirmed' } : one,
  )

  it.each([
    ['in the EMR', true],
    ['in an answer that the EMR only keeps', false],
  ])('asks nobody again who has confirmed %s', async (_where, isTakenOver) => {
    const world = await clinicWith({ rules })
    await book(world, 24 * hour)
    await write(world, '1')
    const sent = world.carrier.ledger.length
    if (isTakenOver) {
      const participant = [{ actor: { reference: 'Patient/sara' }, status: 'accepted' as const }]
      world.emr.put(visit(after(world.now(), 24 * hour), { participant }))
    }
    await world.pass(22 * hour + minute)
    expect(world.carrier.ledger).toHaveLength(sent)
    expect(attempts(world).find(({ state }) => state === 'not-sent')?.reason).toBe('already-confirmed')
  })

  it('asks who has not', async () => {
    const world = await clinicWith({ rules })
    await book(world, 24 * hour)
    await world.pass(22 * hour + minute)
    expect(world.carrier.ledger).toHaveLength(2)
  })
})
