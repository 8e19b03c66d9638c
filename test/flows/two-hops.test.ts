import { describe, expect, it } from 'vitest'
import { pause } from '../../src/domain/sender-health.ts'
import { hour, minute, second } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic } from './chart.ts'

describe('two workers of which one has older facts', () => {
  it('never send one message on two channels', async () => {
    const world = await clinic('whatsapp', 'sms')
    const { create } = world.emr
    let isFirst = true
    world.emr.create = async (resource, identifier) => {
      if (resource.resourceType === 'Communication' && identifier?.system.endsWith('/claim') && isFirst) {
        isFirst = false
        // While this worker still wrote, the sender was paused, and another worker has taken the next channel.
        await world.world.board.change('whatsapp', (record) => pause(record, 'unauthorized', world.now()))
        await world.world.jobs.add({ kind: 'dispatch', request: `CommunicationRequest/${requestId(world)}` })
        await world.settle()
      }
      return create(resource, identifier)
    }
    await book(world, 24 * hour)
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['sms'])
  })

  it('do not call for a hop that was given up', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next({ kind: 'unreachable', code: 'ECONNREFUSED' })
    await book(world, 24 * hour)
    await world.world.board.change('whatsapp', (record) => pause(record, 'unauthorized', world.now()))
    await world.pass(10 * second)
    expect(attempts(world).map(({ channel, state }) => [channel, state])).toEqual([
      ['whatsapp', 'failed'],
      ['sms', 'queued'],
    ])
    await world.pass(hour)
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

function requestId({ emr }: FakeWorld): string {
  return emr.all('CommunicationRequest').find(({ status }) => status === 'active')?.id ?? ''
}

describe('a callback that says "failed" before the send has returned', () => {
  it('lets the next channel carry the message', async () => {
    const world = await clinic('whatsapp', 'sms')
    const [whatsapp] = world.world.senders
    const send = whatsapp?.send
    if (!whatsapp || !send) throw new Error('no sender')
    whatsapp.send = async (message) => {
      const outcome = await send(message)
      const { attemptId } = message
      await recordDelivery(world.world, 'whatsapp', {
        ...{ kind: 'delivery', attemptId, providerId: 'SB1', state: 'failed', at: world.now() },
      })
      return outcome
    }
    await book(world, 24 * hour)
    await world.pass(minute)
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms'])
    expect(world.emr.all('CommunicationRequest').map(({ status }) => status)).toContain('completed')
  })
})

describe('a paused sender', () => {
  it('costs no message when the alert cannot be written', async () => {
    const world = await clinic('whatsapp', 'sms')
    world.carrier.next({ kind: 'misconfigured', code: 'unauthorized' })
    const { create } = world.emr
    let isAway = true
    world.emr.create = async (resource, identifier) => {
      if (resource.resourceType === 'Task' && isAway) throw new EmrError('the store went away')
      return create(resource, identifier)
    }
    await expect(book(world, 24 * hour)).rejects.toThrow('the store went away')
    isAway = false
    for (let passed = 0; passed < 4; passed += 1) await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world).map(({ state }) => state)).not.toContain('unknown')
  })
})
