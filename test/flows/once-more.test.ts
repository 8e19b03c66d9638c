/** An urgent message of which nobody can say whether it left: once more where the clinic says so, and never a third time. */
import { describe, expect, it } from 'vitest'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { after, hour, minute } from '../../src/domain/time.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { dispatchDue } from '../../src/flows/dispatch-due.ts'
import { lookUpAttempt, lookUpSilent } from '../../src/flows/look-up.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { runJob } from '../../src/flows/run-job.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, patient, permit } from './chart.ts'

const resend: Partial<ClinicSettings> = { unknown: { conversation: 'urgent-once-more' } }

/** An urgent message was sent, and its answer never seen; the company cannot say. Five minutes later nobody knows more. */
async function doubted(
  settings: Partial<ClinicSettings> = resend,
  differs: Partial<MessageRequest> = {},
): Promise<FakeWorld> {
  const world = await createWorld(settings)
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  world.carrier.tells = false
  world.carrier.next({ kind: 'unknown', because: 'ETIMEDOUT' })
  const request: MessageRequest = {
    ...{ key: 'manual_1', status: 'active', category: 'conversation', priority: 'urgent' },
    ...{ patient: 'Patient/sara', recipient: 'Patient/sara', plan: ['sms'], dueAt: world.now() },
    window: { from: world.now(), until: after(world.now(), 24 * hour) },
    content: { kind: 'text', text: 'Please call us now.' },
    ...{ replyOptions: [], forbidden: false },
    ...differs,
  }
  world.emr.put({ id: 'composed', ...toCommunicationRequest(request) })
  await world.jobs.add({ kind: 'dispatch', request: 'CommunicationRequest/composed' })
  await world.settle()
  await world.pass(5 * minute)
  return world
}

async function ask(world: FakeWorld, times = 1): Promise<void> {
  for (let asked = 0; asked < times; asked += 1) {
    await lookUpSilent(world.world, 5 * minute)
    await world.settle()
    await world.pass(5 * minute)
  }
}

/** The first of the two is heard of after all. */
function delivered(world: FakeWorld): Promise<void> {
  const event = { kind: 'delivery', attemptId: 'composed_0', providerId: 'SB1', state: 'delivered' } as const
  return recordDelivery(world.world, 'sms', { ...event, at: world.now() })
}

const first = (world: FakeWorld) => attempts(world)[0]?.reference ?? ''
const open = ({ emr }: FakeWorld) => emr.all('Task').filter(({ status }) => status === 'requested')
const sends = ({ carrier }: FakeWorld) => carrier.ledger.map(({ attemptId }) => attemptId)

describe('an urgent message of which nobody can say whether it left', () => {
  it('is sent once more, marked as a possible duplicate, and nobody has to look any more', async () => {
    const world = await doubted()
    expect(open(world)).toHaveLength(1)
    await ask(world)
    expect(sends(world)).toEqual(['composed_0', 'composed_0_again'])
    expect(attempts(world)).toMatchObject([
      { state: 'unknown' },
      { state: 'queued', possibleDuplicate: true },
    ])
    expect(world.emr.all('CommunicationRequest')[0]?.status).toBe('completed')
    expect(open(world)).toEqual([])
    await ask(world, 50)
    expect(sends(world)).toHaveLength(2)
  })

  it('goes once more also where its company has no such question', async () => {
    const world = await doubted()
    const sms = world.world.senders.find(({ id }) => id === 'sms')
    delete sms?.lookUp
    await ask(world, 20)
    expect(sends(world)).toHaveLength(2)
  })

  it('is never sent a third time, though nobody knows of the copy either', async () => {
    const world = await doubted()
    world.carrier.next({ kind: 'unknown', because: 'ETIMEDOUT' })
    await ask(world, 100)
    expect(sends(world)).toHaveLength(2)
    expect(attempts(world).map(({ state }) => state)).toEqual(['unknown', 'unknown'])
    expect(open(world).length).toBeGreaterThan(0)
  })

  it.each<[string, Partial<ClinicSettings>, Partial<MessageRequest>]>([
    ['nothing is set', {}, {}],
    ['another category is set', { unknown: { reminder: 'urgent-once-more' } }, {}],
    ['it is not urgent', resend, { priority: 'routine' }],
  ])('is left to a human where %s', async (_what, settings, differs) => {
    const world = await doubted(settings, differs)
    await ask(world, 50)
    expect(sends(world)).toHaveLength(1)
    expect(open(world)).toHaveLength(1)
  })

  it('is sent once more only once when two workers decide, and two send, at the same time', async () => {
    const world = await doubted()
    const reference = first(world)
    await Promise.all([lookUpAttempt(world.world, reference), lookUpAttempt(world.world, reference)])
    const send = {
      kind: 'send',
      request: 'CommunicationRequest/composed',
      sender: 'sms',
      lane: 'fast',
    } as const
    await Promise.all([1, 2, 3].map(() => runJob(world.world, send)))
    await ask(world, 10)
    expect(sends(world)).toHaveLength(2)
  })

  it('is not sent again when its callback comes before the copy is claimed', async () => {
    const world = await doubted()
    await lookUpAttempt(world.world, first(world))
    await delivered(world)
    await ask(world, 10)
    expect(sends(world)).toHaveLength(1)
    expect(world.emr.all('CommunicationRequest')[0]?.status).toBe('completed')
  })

  it('is not sent again when its callback comes between the copy’s facts and its claim', async () => {
    const world = await doubted()
    await lookUpAttempt(world.world, first(world))
    const { save } = world.emr
    let told = false
    world.world.store.save = async (resource) => {
      if (!told) {
        told = true
        await delivered(world)
      }
      return save(resource)
    }
    await ask(world, 10)
    expect(told).toBe(true)
    expect(sends(world)).toHaveLength(1)
  })

  it('goes once more after all when the life that took the leave died before its claim', async () => {
    const world = await doubted()
    const { create } = world.emr
    world.world.store.create = (resource, identifier) => {
      if (resource.resourceType !== 'Communication') return create(resource, identifier)
      world.world.store.create = create
      return Promise.reject(new Error('killed'))
    }
    await expect(ask(world)).rejects.toThrow('killed')
    expect(sends(world)).toHaveLength(1)
    await ask(world, 20)
    expect(sends(world)).toHaveLength(2)
  })

  it('whose copy is on its way is over, when the company says later that it never had it', async () => {
    const world = await doubted()
    await ask(world)
    world.carrier.tells = true
    world.carrier.ledger.shift()
    await ask(world, 10)
    expect(attempts(world)).toMatchObject([{ state: 'failed' }, { state: 'sent' }])
    await dispatchDue(world.world)
    await world.settle()
    expect(sends(world)).toEqual(['composed_0_again'])
  })
})
