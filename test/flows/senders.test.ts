import { describe, expect, it } from 'vitest'
import { hour, minute, second } from '../../src/domain/time.ts'
import { checkSender, checkSenders } from '../../src/flows/check-senders.ts'
import type { Sender } from '../../src/flows/ports.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic } from './chart.ts'

function alerts({ emr }: FakeWorld) {
  const tasks = emr.all('Task').filter((task) => task.code?.coding?.[0]?.code === 'fix-sender')
  return tasks.map(({ status, description }) => ({ status, description }))
}

const senderOf = ({ world }: FakeWorld, id: string) => world.senders.find((one) => one.id === id) as Sender
const wrongToken = { kind: 'misconfigured', code: 'unauthorized' } as const

describe('a sender that is set up wrongly', () => {
  it('is paused with one alert, and its message takes the next channel at once', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next(wrongToken)
    await book(world, 24 * hour)
    await world.pass(2 * second)
    expect(world.carrier.ledger).toMatchObject([{ channel: 'sms' }])
    expect(await world.world.board.read()).toMatchObject({ whatsapp: { paused: { code: 'unauthorized' } } })
    expect(alerts(world)).toEqual([
      { status: 'requested', description: 'Sender whatsapp (sandbox) is paused: unauthorized' },
    ])
  })

  it('leaves no attempt behind that could go out once more', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next(wrongToken)
    await book(world, 24 * hour)
    for (let passed = 0; passed < 5; passed += 1) await world.pass(minute)
    await checkSenders(world.world)
    for (let passed = 0; passed < 5; passed += 1) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toContainEqual(
      expect.objectContaining({ channel: 'whatsapp', state: 'failed', reason: 'sender-misconfigured' }),
    )
  })

  it('holds its messages back where there is no other way, and sends them once its test succeeds', async () => {
    const world = await clinic('sms')
    world.carrier.fares('sms', wrongToken)
    world.carrier.next(wrongToken)
    await book(world, 24 * hour)
    for (let passed = 0; passed < 5; passed += 1) await world.pass(3 * minute)
    await checkSenders(world.world)
    expect(world.carrier.ledger).toEqual([])
    expect(world.emr.all('CommunicationRequest').map(({ status }) => status)).toContain('active')
    world.carrier.fares('sms', { kind: 'healthy' })
    expect(await checkSender(world.world, senderOf(world, 'sms'))).toEqual({ kind: 'healthy' })
    await world.pass(3 * minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(alerts(world)).toMatchObject([{ status: 'cancelled' }])
  })

  it('ends its messages with that reason when they are no longer of use', async () => {
    const world = await clinic('sms')
    world.carrier.next(wrongToken)
    await book(world, 10 * minute)
    for (let passed = 0; passed < 10; passed += 1) await world.pass(2 * minute)
    expect(world.carrier.ledger).toEqual([])
    const ended = world.emr.all('CommunicationRequest').filter(({ status }) => status === 'revoked')
    expect(ended.length).toBeGreaterThan(0)
  })

  it('lets a message that it refuses again and again take another way, though its test says that all is well', async () => {
    const world = await clinic('whatsapp', 'sms')
    const [whatsapp] = world.world.senders
    if (!whatsapp) throw new Error('no sender')
    whatsapp.send = async () => wrongToken
    world.world.senders.splice(1, 1)
    await book(world, 24 * hour)
    for (let tested = 0; tested < 4; tested += 1) {
      await checkSenders(world.world)
      await world.pass(15 * minute)
    }
    expect(attempts(world)).toMatchObject([{ state: 'claimed', refusals: expect.any(Number) }])
    world.carrier.add({ id: 'sms-again', channel: 'sms', address: '+15550100002' })
    await checkSenders(world.world)
    for (let passed = 0; passed < 3; passed += 1) await world.pass(15 * minute)
    expect(world.carrier.ledger).toMatchObject([{ channel: 'sms' }])
    expect(attempts(world)).toContainEqual(
      expect.objectContaining({ channel: 'whatsapp', state: 'failed', reason: 'sender-misconfigured' }),
    )
  })

  it('keeps a message for which there is no other way, however often it is refused', async () => {
    const world = await clinic('sms')
    world.carrier.next(...Array.from({ length: 6 }, () => wrongToken))
    await book(world, 24 * hour)
    for (let tested = 0; tested < 8; tested += 1) {
      await checkSenders(world.world)
      await world.pass(15 * minute)
    }
    expect(world.carrier.ledger).toHaveLength(1)
    expect(alerts(world)).toHaveLength(1)
  })

  it('is alerted of once, also when Redis forgets the pause', async () => {
    const world = await clinic('sms')
    const sms = senderOf(world, 'sms')
    world.carrier.fares('sms', wrongToken)
    await checkSender(world.world, sms)
    await world.world.board.change('sms', () => ({ trouble: 0, at: world.now() }))
    await checkSender(world.world, sms)
    expect(alerts(world)).toHaveLength(1)
  })
})

describe('a sender at a cap of its company’s', () => {
  const capped = { kind: 'throttled', waitFor: hour } as const

  it('lets its message take the next channel', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next(capped)
    await book(world, 24 * hour)
    await world.pass(2 * second)
    expect(world.carrier.ledger).toMatchObject([{ channel: 'sms' }])
  })

  it('holds its message until the cap is over where there is no other way', async () => {
    const world = await clinic('sms')
    world.carrier.next(capped)
    await book(world, 24 * hour)
    for (let passed = 0; passed < 50; passed += 1) await world.pass(minute)
    expect(world.carrier.ledger).toEqual([])
    for (let passed = 0; passed < 15; passed += 1) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(alerts(world)).toEqual([])
  })
})

describe('two senders of one channel', () => {
  async function withTwo(): Promise<FakeWorld> {
    const world = await clinic('sms')
    world.carrier.add({ id: 'sms-two', channel: 'sms', address: '+15550100003' })
    return world
  }

  it('stand in for one another: the paused one’s message goes out by the other', async () => {
    const world = await withTwo()
    world.carrier.next(wrongToken)
    await book(world, 24 * hour)
    await world.pass(2 * second)
    const [paused] = Object.entries(await world.world.board.read()).filter(([, { paused }]) => paused)
    expect(attempts(world)).toMatchObject([{ state: 'queued', calls: 1, refusals: 1 }])
    expect(attempts(world)[0]?.sender).not.toBe(paused?.[0])
  })

  it('stand in for one another: after two failures the other one carries', async () => {
    const world = await withTwo()
    world.carrier.next(
      { kind: 'unreachable', code: 'ECONNREFUSED' },
      { kind: 'unreachable', code: 'ECONNREFUSED' },
    )
    await book(world, 24 * hour)
    const [first] = attempts(world).map(({ sender }) => sender)
    await world.pass(10 * second)
    await world.pass(minute)
    expect(attempts(world)).toMatchObject([{ state: 'queued', calls: 3 }])
    expect(attempts(world)[0]?.sender).not.toBe(first)
  })

  it('never after a call whose answer is unknown', async () => {
    const world = await withTwo()
    world.carrier.tells = false
    world.carrier.next({ kind: 'unknown', because: 'ETIMEDOUT' })
    await book(world, 24 * hour)
    for (let passed = 0; passed < 20; passed += 1) await world.pass(5 * minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'unknown' }])
  })

  it('the country decides', async () => {
    const world = await clinic('sms')
    senderOf(world, 'sms').countries = ['SA']
    world.carrier.add({ id: 'emirates', channel: 'sms', address: '+15550100003', countries: ['AE'] })
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([{ sender: 'emirates', state: 'queued' }])
  })
})
