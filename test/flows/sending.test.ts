import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import { hour, minute, second } from '../../src/domain/time.ts'
import { missReceipts } from '../../src/flows/miss-receipts.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic } from './chart.ts'

function statuses({ emr }: FakeWorld) {
  return emr.all('CommunicationRequest').map((request) => request.status)
}

async function tell(
  world: FakeWorld,
  state: 'sent' | 'delivered' | 'read' | 'undelivered',
  sender = 'whatsapp',
) {
  const carried = world.carrier.ledger.findLast((one) => one.channel === sender)
  if (!carried) throw new Error('nothing was carried')
  await recordDelivery(world.world, sender, {
    kind: 'delivery',
    attemptId: carried.attemptId,
    providerId: carried.providerId,
    state,
    at: world.now(),
  })
  await world.settle()
}

describe('claim before call', () => {
  it('a worker killed after the carrier took the message never sends it again; the attempt is unknown and a human is told', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next('dies')
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([{ state: 'claimed' }])
    for (let time = 0; time < 10; time++) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'unknown', reason: 'no-answer' }])
    expect(world.emr.all('Task')).toMatchObject([{ code: { coding: [{ code: 'unknown-outcome' }] } }])
    expect(statuses(world)[0]).toBe('on-hold')
  })

  it('a callback resolves what was unknown', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next('dies')
    await book(world, 24 * hour)
    await world.pass(2 * minute)
    await tell(world, 'delivered')
    expect(attempts(world)).toMatchObject([{ state: 'delivered', providerId: { value: 'SB1' } }])
    expect(world.emr.all('Task')).toMatchObject([{ status: 'cancelled' }])
    expect(statuses(world)[0]).toBe('completed')
  })

  it('a store that loses our record of the carrier’s yes leaves one message, resolved by its callback', async () => {
    const world = await clinic('whatsapp', 'sms')
    const { send } = world.world.senders[0] ?? {}
    const [sender] = world.world.senders
    if (!send || !sender) throw new Error('no sender')
    sender.send = async (message) => {
      const outcome = await send(message)
      world.emr.failNext(new EmrError('the store went away'), { call: 'save' })
      return outcome
    }
    await expect(book(world, 24 * hour)).rejects.toThrow('the store went away')
    sender.send = send
    await world.pass(2 * minute)
    await tell(world, 'sent')
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'sent' }])
    expect(statuses(world)[0]).toBe('completed')
  })

  it('Redis wiped at any moment neither loses nor doubles a message', async () => {
    const world = await clinic('whatsapp', 'sms')
    await book(world, 72 * hour)
    world.wipeQueue()
    await world.pass(24 * hour)
    world.wipeQueue()
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

describe('each outcome has one consequence', () => {
  it.each<[string, Outcome, object]>([
    ['throttled', { kind: 'throttled', waitFor: 3 * second }, { state: 'claimed', calls: 0 }],
    ['unreachable', { kind: 'unreachable', code: 'ECONNREFUSED' }, { state: 'claimed', calls: 1 }],
  ])('%s puts the message back, and the second try arrives', async (_kind, outcome, expected) => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next(outcome)
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([expected])
    await world.pass(2 * minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'queued' }])
  })

  it('the second try survives a wipe of Redis', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next({ kind: 'unreachable', code: 'ECONNREFUSED' })
    await book(world, 24 * hour)
    world.wipeQueue()
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('a call that waits for its repetition is given up when its request ended another way', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next({ kind: 'unreachable', code: 'ECONNREFUSED' })
    await book(world, 24 * hour)
    await book(world, 24 * hour, { status: 'cancelled' })
    for (let time = 0; time < 3; time++) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'failed', reason: 'visit-cancelled' }])
    expect(world.jobs.pending()).toEqual([])
  })

  it('a provider that no message gets through to ends the hop with its reason after five calls', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next(
      ...Array.from({ length: 5 }, () => ({ kind: 'unreachable', code: 'ECONNREFUSED' }) as const),
    )
    await book(world, 24 * hour)
    for (let time = 0; time < 30; time++) await world.pass(5 * second)
    expect(attempts(world)).toMatchObject([
      { channel: 'whatsapp', state: 'failed', reason: 'provider-unreachable' },
      { channel: 'sms', state: 'queued' },
    ])
  })

  it('a refusal ends the hop, and the next channel of the plan carries it', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next({ kind: 'rejected', reason: 'invalid-recipient', code: 'no-such-number' })
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([
      { channel: 'whatsapp', state: 'failed', reason: 'invalid-recipient', code: 'no-such-number' },
      { channel: 'sms', state: 'queued' },
    ])
    expect(statuses(world)[0]).toBe('completed')
  })

  it('a refusal that comes after the call was given up closes the task, and the next channel carries it', async () => {
    const world = await clinic('whatsapp', 'sms')
    const [sender] = world.world.senders
    if (!sender) throw new Error('no sender')
    sender.send = async () => {
      await world.pass(2 * minute)
      return { kind: 'rejected', reason: 'invalid-recipient', code: 'no-such-number' }
    }
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([
      { channel: 'whatsapp', state: 'failed', reason: 'invalid-recipient' },
      { channel: 'sms', state: 'queued' },
    ])
    expect(world.emr.all('Task')).toMatchObject([{ status: 'cancelled' }])
    expect(statuses(world)[0]).toBe('completed')
  })

  it('an opt-out at the provider becomes our own Consent, with evidence, and no other channel is tried', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next({ kind: 'opted-out', code: 'opted-out' })
    await book(world, 24 * hour)
    for (let time = 0; time < 3; time++) await world.pass(minute)
    expect(attempts(world)).toMatchObject([{ state: 'failed', reason: 'provider-opt-out' }])
    expect(world.carrier.ledger).toHaveLength(0)
    expect(statuses(world)[0]).toBe('revoked')
    const denied = world.emr.all('Consent').find((one) => one.provision?.type === 'deny')
    expect(denied).toMatchObject({ status: 'active', patient: { reference: 'Patient/sara' } })
    expect(world.emr.all('Provenance')).toHaveLength(1)
  })

  it('an unknown answer is never sent again', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next({ kind: 'unknown', because: 'ECONNRESET' })
    await book(world, 24 * hour)
    for (let time = 0; time < 5; time++) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'unknown' }])
  })
})

describe('delivery', () => {
  it('moves forward only, whatever comes late or twice', async () => {
    const world = await clinic('whatsapp', 'sms')
    await book(world, 24 * hour)
    for (const state of ['read', 'sent', 'delivered', 'read', 'undelivered'] as const)
      await tell(world, state)
    expect(attempts(world)).toMatchObject([{ state: 'read' }])
    expect(world.emr.all('Communication').map((one) => one.status)).toContain('completed')
  })

  it('that fails makes the next hop, and the whole failure is written down when no hop is left', async () => {
    const world = await clinic('whatsapp', 'sms')
    await book(world, 24 * hour)
    await tell(world, 'undelivered')
    expect(attempts(world)).toMatchObject([
      { channel: 'whatsapp', state: 'undelivered' },
      { channel: 'sms', state: 'queued' },
    ])
    await tell(world, 'undelivered', 'sms')
    expect(world.carrier.ledger).toHaveLength(2)
    expect(world.emr.all('CommunicationRequest')[0]).toMatchObject({
      status: 'revoked',
      statusReason: { coding: [{ code: 'undelivered' }] },
    })
  })

  it('of which nothing is heard for a day is said to be unknown, and a late receipt still counts', async () => {
    const world = await clinic('whatsapp', 'sms')
    await book(world, 72 * hour)
    await world.pass(24 * hour)
    await world.pass(25 * hour)
    await missReceipts(world.world)
    expect(attempts(world)).toMatchObject([{ state: 'unknown', reason: 'no-receipt' }])
    expect(world.carrier.ledger).toHaveLength(1)
    await tell(world, 'delivered')
    expect(attempts(world)).toMatchObject([{ state: 'delivered', reason: undefined }])
  })

  it('an event for an attempt that is not on file yet is tried again, not lost', async () => {
    const world = await clinic('whatsapp', 'sms')
    const event = {
      kind: 'delivery',
      attemptId: 'x_0',
      providerId: 'SB9',
      state: 'sent',
      at: world.now(),
    } as const
    await expect(recordDelivery(world.world, 'sms', event)).rejects.toThrow('no attempt is on file yet')
  })

  it('an event that names our attempt but another message of the provider changes nothing', async () => {
    const world = await clinic('whatsapp', 'sms')
    await book(world, 24 * hour)
    const [carried] = world.carrier.ledger
    const event = {
      kind: 'delivery',
      attemptId: carried?.attemptId,
      providerId: 'SB77',
      state: 'read',
      at: world.now(),
    } as const
    await expect(recordDelivery(world.world, 'whatsapp', event)).rejects.toThrow()
    expect(attempts(world)).toMatchObject([{ state: 'queued' }])
  })
})
