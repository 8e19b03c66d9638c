/** What stands between a claim and its call: the sender's pace, and its company's caps. */
import { describe, expect, it } from 'vitest'
import { countSegments } from '../../src/domain/segments.ts'
import type { SenderLimits } from '../../src/domain/sender-limits.ts'
import { day, hour, minute, second } from '../../src/domain/time.ts'
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { missReceipts } from '../../src/flows/miss-receipts.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic, patient, permit } from './chart.ts'

const other = '+971509876543'

/** A second patient, so that two messages go to two people. */
async function twoPatients(...channels: ('sms' | 'whatsapp')[]): Promise<FakeWorld> {
  const world = await clinic(...channels)
  world.emr.put(patient({ id: 'omar', telecom: [{ system: 'phone', use: 'mobile', value: other }] }))
  for (const channel of channels) world.emr.put(permit(channel, { patient: 'omar', address: other }))
  return world
}

const bookOther = (world: FakeWorld, ahead: number) =>
  book(world, ahead, {
    id: 'visit-of-omar',
    participant: [{ actor: { reference: 'Patient/omar' }, status: 'needs-action' }],
  })

function limit({ world, caps }: FakeWorld, id: string, limits: SenderLimits): void {
  caps.limits[id] = limits
  for (const sender of world.senders) if (sender.id === id) sender.limits = limits
}

const open = (world: FakeWorld) =>
  world.emr.all('CommunicationRequest').flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' && read.request.status === 'active' ? [read.request] : []
  })

describe('the turn of a message', () => {
  it('costs as many segments as its SMS has', async () => {
    const world = await clinic('sms')
    await book(world, 24 * hour)
    const { segments } = countSegments(world.carrier.ledger[0]?.text ?? '')
    expect(segments).toBeGreaterThan(1)
    expect(world.pace.given).toMatchObject([{ sender: 'sms', lane: 'bulk', cost: segments }])
  })

  it('is not there while Redis is away: the claim is free again, nothing is unknown, and it goes once', async () => {
    const world = await clinic('sms')
    world.pace.away = 'at the turn'
    await expect(book(world, 24 * hour)).rejects.toThrow('Redis is away')
    expect(attempts(world)).toMatchObject([{ state: 'claimed', calls: 0, nextAttemptAt: expect.any(Number) }])
    world.pace.away = false
    for (let passed = 0; passed < 5; passed += 1) await world.pass(minute)
    await missReceipts(world.world)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'queued', calls: 1 }])
    expect(world.emr.all('Task')).toEqual([])
  })

  it('is waited for in the queue where it is far off, before any fact is read or claim written', async () => {
    const world = await twoPatients('sms')
    world.pace.perSecond.sms = 0.1
    await book(world, 24 * hour)
    await bookOther(world, 24 * hour)
    expect(attempts(world)).toHaveLength(1)
    await world.pass(5 * minute)
    await world.pass(5 * minute)
    expect(attempts(world).map(({ calls }) => calls)).toEqual([1, 1])
    expect(world.carrier.ledger).toHaveLength(2)
  })

  it('that turns out to be far off burns no attempt and leaves the claim free', async () => {
    const world = await twoPatients('sms')
    world.pace.perSecond.sms = 0.1
    world.world.pace = { ...world.pace, expect: async () => ({ wait: 0, isTooLong: false }) }
    await book(world, 24 * hour)
    await bookOther(world, 24 * hour)
    expect(attempts(world)[1]).toMatchObject({
      state: 'claimed',
      calls: 0,
      nextAttemptAt: expect.any(Number),
    })
    await world.pass(5 * minute)
    expect(world.carrier.ledger).toHaveLength(2)
    expect(attempts(world).map(({ calls }) => calls)).toEqual([1, 1])
  })

  it('comes to nobody of the sender, in either lane, while its company says too fast', async () => {
    const world = await twoPatients('sms')
    world.carrier.next({ kind: 'throttled', waitFor: 20 * second })
    await book(world, 24 * hour)
    for (const lane of ['fast', 'bulk'] as const)
      expect(await world.pace.expect({ sender: 'sms', lane })).toEqual({ wait: 20 * second, isTooLong: true })
    expect(await world.pace.expect({ sender: 'whatsapp', lane: 'bulk' })).toEqual({
      wait: 0,
      isTooLong: false,
    })
    await bookOther(world, 24 * hour)
    expect(attempts(world)).toMatchObject([{ state: 'claimed', calls: 0 }])
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(2)
  })
})

describe('a sender at its cap', () => {
  it('holds its message back until one more may go, and loses none', async () => {
    const world = await twoPatients('sms')
    limit(world, 'sms', { perDay: 1 })
    await book(world, 47 * hour)
    await bookOther(world, 47 * hour)
    expect(world.carrier.ledger).toHaveLength(1)
    const waiting = open(world).filter(({ patient }) => patient === 'Patient/omar')
    const soonest = Math.min(...waiting.map(({ dueAt }) => dueAt))
    expect(soonest).toBeGreaterThan(world.now() + day)
    expect(soonest).toBeLessThan(world.now() + day + 30 * minute)
    expect(attempts(world)).toHaveLength(1)
    for (let passed = 0; passed < 26; passed += 1) await world.pass(hour)
    expect(world.carrier.ledger.map(({ to }) => to)).toContain(other)
  })

  it('still is after everything in Redis was wiped', async () => {
    const world = await twoPatients('sms')
    limit(world, 'sms', { perDay: 1, peoplePerDay: 1 })
    await book(world, 47 * hour)
    world.caps.forget()
    world.wipeQueue()
    await bookOther(world, 47 * hour)
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('leaves the message to the next channel of the plan', async () => {
    const world = await twoPatients('whatsapp', 'sms')
    limit(world, 'whatsapp', { peoplePerDay: 1 })
    await book(world, 24 * hour)
    await bookOther(world, 24 * hour)
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms'])
  })

  it('ends what is of no use any more by then with that reason', async () => {
    const world = await twoPatients('sms')
    limit(world, 'sms', { perDay: 1 })
    await book(world, 10 * hour)
    await bookOther(world, 10 * hour)
    const ended = world.emr.all('Communication').filter(({ status }) => status === 'not-done')
    expect(ended[0]?.statusReason?.coding).toContainEqual(expect.objectContaining({ code: 'sender-resting' }))
  })

  it('does not count what its company refused', async () => {
    const world = await twoPatients('sms')
    limit(world, 'sms', { perDay: 1 })
    world.carrier.next({ kind: 'rejected', reason: 'invalid-recipient', code: '21211' })
    await book(world, 24 * hour)
    await bookOther(world, 24 * hour)
    expect(world.carrier.ledger.map(({ to }) => to)).toEqual([other])
  })

  it('lets a second message to the same person wait for seconds', async () => {
    const world = await clinic('sms')
    limit(world, 'sms', { samePersonEvery: 6 })
    await book(world, 24 * hour)
    await book(world, 30 * hour, { id: 'another' })
    expect(attempts(world)).toHaveLength(1)
    await world.pass(7 * second)
    expect(world.carrier.ledger).toHaveLength(2)
  })
})
