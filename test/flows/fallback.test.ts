import { beforeEach, describe, expect, it } from 'vitest'
import type { DeliveryState } from '../../src/domain/outcome.ts'
import { hour, minute } from '../../src/domain/time.ts'
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { messageStatus } from '../../src/flows/message-status.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import { clinicSettings, createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, book, patient, permit } from './chart.ts'

const [rule] = clinicSettings.rules.filter(({ id }) => id === '48h')

let world: FakeWorld
beforeEach(async () => {
  world = await createWorld({ rules: rule ? [{ ...rule, fallbackAfter: { unread: 'PT2H' } }] : [] })
  world.emr.put(patient())
  for (const channel of ['whatsapp', 'sms'] as const) world.emr.put(permit(channel))
})

function request() {
  const [resource] = world.emr.all('CommunicationRequest')
  const read = resource && fromCommunicationRequest(resource)
  if (read?.kind !== 'request') throw new Error('there is no request')
  return read.request
}

async function tell(state: DeliveryState, providerId = 'SB1'): Promise<void> {
  const sender = providerId === 'SB1' ? 'whatsapp' : 'sms'
  await recordDelivery(world.world, sender, { kind: 'delivery', providerId, state, at: world.now() })
  await world.settle()
}

const ways = () => world.carrier.ledger.map(({ channel }) => channel)

describe('a WhatsApp message that nobody reads within its time', () => {
  it('goes by the next channel once, whatever is heard later', async () => {
    await book(world, 24 * hour)
    await tell('delivered')
    expect(request()).toMatchObject({ status: 'active', handedOverAt: world.now() })
    await world.pass(119 * minute)
    expect(ways()).toEqual(['whatsapp'])
    await world.pass(minute)
    expect(ways()).toEqual(['whatsapp', 'sms'])
    expect(request()).toMatchObject({ status: 'completed' })
    expect(request().handedOverAt).toBeUndefined()
    await tell('read')
    await tell('delivered', 'SB2')
    await world.pass(hour)
    await world.pass(12 * hour)
    expect(ways()).toEqual(['whatsapp', 'sms'])
    expect(request().status).toBe('completed')
  })

  it('goes no other way once it is read', async () => {
    await book(world, 24 * hour)
    await world.pass(hour)
    await tell('read')
    expect(request().status).toBe('completed')
    await world.pass(hour)
    await world.pass(hour)
    expect(ways()).toEqual(['whatsapp'])
  })

  it('goes no other way when it is read just before the next channel is called', async () => {
    await book(world, 24 * hour)
    await world.world.jobs.add({
      kind: 'send',
      request: request().reference ?? '',
      sender: 'sms',
      lane: 'bulk',
    })
    await tell('read')
    await world.pass(3 * hour)
    expect(ways()).toEqual(['whatsapp'])
  })

  it('survives the loss of all that waits in Redis', async () => {
    await book(world, 24 * hour)
    world.wipeQueue()
    await world.pass(2 * hour)
    expect(ways()).toEqual(['whatsapp', 'sms'])
  })

  it('stays as it is where no other way is open, and is not called unsent', async () => {
    world.emr.put({ ...permit('sms'), status: 'inactive' })
    await book(world, 24 * hour)
    await world.pass(2 * hour)
    expect(request().status).toBe('completed')
    expect(attempts(world).map(({ state }) => state)).toEqual(['queued'])
  })

  it('stays as it is where the visit was cancelled meanwhile', async () => {
    await book(world, 24 * hour)
    await book(world, 24 * hour, { status: 'cancelled' })
    await world.pass(2 * hour)
    expect(ways()).toEqual(['whatsapp'])
    expect(request().status).toBe('completed')
  })

  it('is never sent again where nobody heard the answer', async () => {
    world.carrier.next('dies')
    await book(world, 24 * hour)
    for (let hours = 0; hours < 6; hours += 1) await world.pass(hour)
    expect(ways()).toEqual(['whatsapp'])
    expect(request().status).toBe('on-hold')
  })

  it('goes at once by the next channel when it is found undelivered', async () => {
    await book(world, 24 * hour)
    await tell('undelivered')
    expect(ways()).toEqual(['whatsapp', 'sms'])
    expect(request().status).toBe('completed')
  })

  it('counts as told when its visit moves away and back: the patient hears of each', async () => {
    for (const ahead of [24, 30, 24]) {
      await book(world, ahead * hour)
      expect(attempts(world).at(-1)?.state).toBe('queued')
    }
    expect(ways()).toEqual(['whatsapp', 'whatsapp', 'whatsapp'])
  })

  it('is told of as what it is', async () => {
    await book(world, 24 * hour)
    const { sentence } = (await messageStatus(world.world, request().reference?.split('/')[1] ?? '')) ?? {}
    expect(sentence).toContain('unless that is enough by 2026-11-20T07:30')
  })
})
