/** A company that cannot be reached costs few calls, and no message its tries. */
import { describe, expect, it } from 'vitest'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, hour, minute } from '../../src/domain/time.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { checkSenders } from '../../src/flows/check-senders.ts'
import type { Sender } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic, patient, permit } from './chart.ts'

const senderOf = ({ world }: FakeWorld, id: string) => world.senders.find((one) => one.id === id) as Sender

/** Its company is away until it is called back. */
function cut(world: FakeWorld, id: string) {
  const sender = senderOf(world, id)
  const { send } = sender
  let calls = 0
  sender.send = async () => {
    calls += 1
    return { kind: 'unreachable', code: 'ECONNREFUSED' }
  }
  return {
    calls: () => calls,
    mend: () => {
      sender.send = send
    },
  }
}

const people = 5
const number = (index: number) => `+97150${String(1_000_000 + index)}`

/** So many messages to a few patients, all due now. */
async function busyClinic(count: number): Promise<FakeWorld> {
  const world = await createWorld()
  for (let index = 0; index < people; index += 1) {
    world.emr.put(patient({ id: `p${index}`, telecom: [{ system: 'phone', value: number(index) }] }))
    world.emr.put(permit('sms', { patient: `p${index}`, address: number(index) }))
  }
  for (let index = 0; index < count; index += 1) {
    const who = `Patient/p${index % people}`
    const request: MessageRequest = {
      ...{ key: `manual_${index}`, status: 'active', category: 'conversation', priority: 'routine' },
      ...{ patient: who, recipient: who, plan: ['sms'], dueAt: world.now() },
      window: { from: world.now(), until: after(world.now(), 24 * hour) },
      content: { kind: 'text', text: `Message ${index}` },
      ...{ replyOptions: [], forbidden: false },
    }
    world.emr.put({ id: `composed-${index}`, ...toCommunicationRequest(request) })
  }
  return world
}

function alerts({ emr }: FakeWorld) {
  return emr.all('Task').map(({ status, description }) => ({ status, description }))
}

describe('a company that cannot be reached', { timeout: 30_000 }, () => {
  it('costs few calls for fifty messages, and no message its tries; all arrive once it is back', {
    timeout: 60_000,
  }, async () => {
    const world = await busyClinic(50)
    const company = cut(world, 'sms')
    await world.pass(0)
    for (let passed = 0; passed < 4; passed += 1) await world.pass(minute)
    expect(company.calls()).toBeLessThan(12)
    expect(attempts(world).filter(({ state }) => state !== 'claimed')).toEqual([])
    expect(Math.max(...attempts(world).map(({ calls }) => calls))).toBeLessThanOrEqual(1)
    company.mend()
    for (let passed = 0; passed < 3; passed += 1) await world.pass(4 * minute)
    expect(new Set(world.carrier.ledger.map(({ text }) => text)).size).toBe(50)
    expect(world.carrier.ledger).toHaveLength(50)
  })

  it('is told to staff once, and the alert goes when it answers again', async () => {
    const world = await busyClinic(8)
    const company = cut(world, 'sms')
    await world.pass(0)
    for (let passed = 0; passed < 3; passed += 1) await world.pass(minute)
    await checkSenders(world.world)
    expect(alerts(world)).toEqual([
      {
        status: 'requested',
        description:
          'Sender sms (sandbox) cannot reach its provider and rests: ECONNREFUSED. It is tried again by itself.',
      },
    ])
    company.mend()
    for (let passed = 0; passed < 5; passed += 1) await world.pass(3 * minute)
    expect(alerts(world)).toMatchObject([{ status: 'cancelled' }])
    expect((await world.world.board.read()).sms?.circuit).toBeUndefined()
  })

  it('is called once at a time to see, however many wait', async () => {
    const world = await busyClinic(10)
    const company = cut(world, 'sms')
    await world.pass(0)
    const before = company.calls()
    await world.pass(2 * minute)
    expect(company.calls() - before).toBeLessThanOrEqual(1)
  })

  it('leaves its messages to another sender of the channel', async () => {
    const world = await busyClinic(10)
    world.carrier.add({ id: 'second', channel: 'sms', address: '+15550100009' })
    cut(world, 'sms')
    await world.pass(0)
    for (let passed = 0; passed < 5; passed += 1) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(10)
    expect(
      new Set(
        attempts(world)
          .filter(({ state }) => state === 'queued')
          .map(({ sender }) => sender),
      ),
    ).toEqual(new Set(['second']))
  })

  it('leaves its messages to the next channel of their plan', async () => {
    const world = await clinic('whatsapp', 'sms')
    cut(world, 'whatsapp')
    await book(world, 24 * hour)
    for (let passed = 0; passed < 10; passed += 1) await world.pass(minute)
    expect(world.carrier.ledger).toMatchObject([{ channel: 'sms' }])
  })
})

it('a message that meets a cap of the day leaves the queue, so that others find room in it', async () => {
  const world = await busyClinic(1)
  world.carrier.next({ kind: 'throttled', waitFor: hour })
  await world.pass(0)
  await world.pass(2 * minute)
  expect(world.carrier.ledger).toEqual([])
  expect(world.jobs.pending()).toEqual([])
  const [request] = world.emr.all('CommunicationRequest')
  expect(Date.parse(request?.occurrenceDateTime ?? '')).toBeGreaterThan(world.now() + minute)
})
