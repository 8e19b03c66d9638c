import { describe, expect, it } from 'vitest'
import { hour, minute } from '../../src/domain/time.ts'
import { followHint, lookUpSilent } from '../../src/flows/look-up.ts'
import { Died } from '../fakes/carrier.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic } from './chart.ts'

function open({ emr }: FakeWorld) {
  return emr.all('Task').filter(({ status }) => status === 'requested')
}

async function tick(world: FakeWorld, times: number): Promise<void> {
  for (let passed = 0; passed < times; passed += 1) {
    await world.pass(5 * minute)
    await lookUpSilent(world.world, 5 * minute)
    await world.settle()
  }
}

describe('a message whose answer was never seen', () => {
  it('is found at the company: nothing is sent again, and nobody has to look any more', async () => {
    const world = await clinic('sms')
    world.carrier.next('dies')
    await book(world, 24 * hour)
    await tick(world, 1)
    expect(open(world)).toHaveLength(1)
    await tick(world, 1)
    expect(attempts(world)).toMatchObject([{ state: 'sent', providerId: { value: 'SB1' } }])
    expect(world.carrier.ledger).toHaveLength(1)
    expect(open(world)).toEqual([])
    expect(world.emr.all('CommunicationRequest')[0]?.status).toBe('completed')
  })

  it('is sent when the company surely never had it', async () => {
    const world = await clinic('sms')
    const [, sms] = world.world.senders
    const send = sms?.send
    if (!sms || !send) throw new Error('no sender')
    // Killed between the claim and the call.
    sms.send = () => Promise.reject(new Died('the worker was killed'))
    await book(world, 24 * hour)
    sms.send = send
    await tick(world, 3)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'sent', calls: 2 }])
    expect(open(world)).toEqual([])
  })

  it('is not sent again while the company cannot say', async () => {
    const world = await clinic('sms')
    world.carrier.tells = false
    world.carrier.next('dies')
    await book(world, 24 * hour)
    await tick(world, 20)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(attempts(world)).toMatchObject([{ state: 'unknown' }])
    expect(open(world)).toHaveLength(1)
  })
})

describe('two messages of the same words, of which one was never sent', () => {
  it('are not taken for one another', async () => {
    const world = await clinic('sms')
    const [, sms] = world.world.senders
    const send = sms?.send
    if (!sms || !send) throw new Error('no sender')
    await book(world, 24 * hour)
    sms.send = () => Promise.reject(new Died('the worker was killed'))
    await book(world, 25 * hour, { id: 'another' })
    sms.send = send
    // The company knows them by their words only, and finds the first for both.
    sms.lookUp = async ({ attemptId, askedAt: at }) => ({
      ...{ kind: 'found', event: { kind: 'delivery', attemptId, providerId: 'SB1', state: 'delivered', at } },
    })
    await tick(world, 3)
    expect(attempts(world).map(({ state }) => state)).toEqual(['delivered', 'unknown'])
  })
})

describe('a message of which nothing was heard since', () => {
  it('is asked for, less and less often', async () => {
    const world = await clinic('sms')
    await book(world, 100 * hour)
    await world.pass(53 * hour)
    let asked = 0
    const [, sms] = world.world.senders
    if (!sms) throw new Error('no sender')
    sms.lookUp = async () => {
      asked += 1
      return { kind: 'cannot-say', because: 'it keeps silent' }
    }
    await tick(world, (24 * 60) / 5)
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(12)
  })
})

describe('a hint', () => {
  it('is only believed when the company confirms it', async () => {
    const world = await clinic('sms')
    await book(world, 24 * hour)
    const [{ attemptId = '' } = {}] = world.carrier.ledger
    world.carrier.tells = false
    const hint = { kind: 'hint', attemptId, providerId: 'SB1' } as const
    await expect(followHint(world.world, 'sms', hint)).rejects.toThrow('could not be asked')
    expect(attempts(world)).toMatchObject([{ state: 'queued' }])
    world.carrier.tells = true
    await followHint(world.world, 'sms', hint)
    expect(attempts(world)).toMatchObject([{ state: 'sent' }])
  })

  it('that comes before its attempt can be found is tried again', async () => {
    const world = await clinic('sms')
    await expect(
      followHint(world.world, 'sms', { kind: 'hint', attemptId: 'a_0', providerId: 'SB9' }),
    ).rejects.toThrow('on file yet')
  })
})
