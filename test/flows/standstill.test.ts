import type { Appointment } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, day, hour, minute, toIso } from '../../src/domain/time.ts'
import { fromCommunicationRequest, toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { request } from '../people.ts'
import { attempts, book, clinic } from './chart.ts'

function statuses({ emr }: FakeWorld) {
  return emr.all('CommunicationRequest').flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' ? [[read.request.ruleId, read.request.status, read.request.reason]] : []
  })
}

describe('a worker that was down', () => {
  it.each([1, 5])('for %i hours sends once what is still of use, and ends what is not', async (hours) => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    world.wipeQueue()
    // The rule of 48 hours is due as the worker goes down, and useful until that of 2.
    await world.pass((24 + hours) * hour)
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    // Down again over the time of the second rule, until after the visit has begun where it is five hours.
    await world.pass((72 - 24 - hours - 3) * hour)
    world.wipeQueue()
    await world.pass((1 + hours) * hour)
    await world.pass(minute)
    const isOver = hours === 5
    expect(world.carrier.ledger).toHaveLength(isOver ? 1 : 2)
    expect(statuses(world)[1]).toEqual(isOver ? ['2h', 'revoked', 'expired'] : ['2h', 'completed', undefined])
  })
})

/** What staff wrote, useful for a day. */
async function written(world: FakeWorld, differs: Partial<MessageRequest> = {}): Promise<string> {
  const { reference: _, visit: __, visitStart: ___, ruleId: ____, ...plain } = request()
  const message: MessageRequest = {
    ...plain,
    ...{ key: 'm1', category: 'conversation', plan: ['sms'], replyOptions: [] },
    content: { kind: 'text', text: 'Please call us.' },
    dueAt: world.now(),
    window: { from: world.now(), until: after(world.now(), day) },
    ...differs,
  }
  const { resource } = await world.emr.create(toCommunicationRequest(message))
  return `CommunicationRequest/${resource.id}`
}

describe('what staff wrote', () => {
  it.each([
    ['a tick', (world: FakeWorld) => world.pass(0)],
    [
      'a nudge',
      async (world: FakeWorld) => {
        const [{ id = '' } = {}] = world.emr.all('CommunicationRequest')
        await world.jobs.add({ kind: 'dispatch', request: `CommunicationRequest/${id}` })
        await world.settle()
      },
    ],
  ])('is not sent when it is stale, and says why, found by %s', async (_how, found) => {
    const world = await clinic('sms')
    await written(world, {
      dueAt: after(world.now(), -2 * day),
      window: { from: after(world.now(), -2 * day), until: after(world.now(), -day) },
    })
    await found(world)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'expired' }])
    expect(statuses(world)).toEqual([[undefined, 'revoked', 'expired']])
  })

  it('and waits for its sender until it is of no use ends with what held it back', async () => {
    const world = await clinic('sms')
    for (let time = 0; time < 200; time += 1)
      world.carrier.next({ kind: 'unreachable', code: 'ECONNREFUSED' })
    await written(world, { window: { from: world.now(), until: after(world.now(), 20 * minute) } })
    for (let minutes = 0; minutes < 40; minutes += 1) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(statuses(world)).toEqual([[undefined, 'revoked', 'sender-resting']])
  })
})

describe('a visit that changes between queue and send', () => {
  const changes: [what: string, change: (world: FakeWorld) => Partial<Appointment>, reason: string][] = [
    ['is cancelled', () => ({ status: 'cancelled' }), 'visit-cancelled'],
    ['is moved', ({ now }) => ({ start: toIso(after(now(), 96 * hour)) }), 'visit-moved'],
    ['has begun', () => ({ status: 'arrived' }), 'visit-over'],
  ]

  it.each(changes)('and %s is not reminded', async (_what, change, reason) => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    const { add } = world.jobs
    world.jobs.add = async (job, options) => {
      const [stored] = world.emr.all('Appointment')
      if (job.kind === 'send' && stored) world.emr.put({ ...stored, ...change(world) })
      await add(job, options)
    }
    await world.pass(24 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason }])
  })
})
