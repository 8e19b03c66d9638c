import { describe, expect, it } from 'vitest'
import { after, before, hour, minute, second } from '../../src/domain/time.ts'
import { amendAttempt } from '../../src/flows/amend-message.ts'
import { dispatchRequest } from '../../src/flows/dispatch-due.ts'
import { EmrError, type World } from '../../src/flows/ports.ts'
import { recordDelivery } from '../../src/flows/record-delivery.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { attempts, book, clinic, patient, permit } from './chart.ts'

/** The next claim takes so long to be written. */
function slow({ world }: FakeWorld, duration: number): void {
  const { now, store } = world
  let lost = 0
  world.now = () => after(now(), lost)
  world.store = {
    ...store,
    create(resource, ...rest) {
      if (resource.resourceType === 'Communication') lost = duration
      return store.create(resource, ...rest)
    },
  }
}

describe('a store that keeps a send waiting', () => {
  it('does not have it go out on facts of minutes ago: all is asked again', async () => {
    const world = await clinic('sms')
    let consents = 0
    slow(world, 4 * minute)
    const { search } = world.world.store
    world.world.store.search = ((one, ...rest) => {
      if (one === 'Consent') consents += 1
      return search(one, ...rest)
    }) as World['store']['search']
    const sentAfter: number[] = []
    for (const sender of world.world.senders) {
      const { send } = sender
      sender.send = (message) => {
        sentAfter.push(consents)
        return send(message)
      }
    }
    world.world.host = world.world.store
    await book(world, 24 * hour)
    const asked = consents
    expect(world.carrier.ledger).toEqual([])
    await world.pass(minute)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(sentAfter[0]).toBeGreaterThan(asked)
  })

  it('leaves a claim that waited for its turn free, not unknown', async () => {
    const world = await clinic('sms')
    slow(world, 4 * minute)
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([{ state: 'claimed', calls: 0, nextAttemptAt: expect.any(Number) }])
    expect(world.emr.all('Task')).toEqual([])
  })
})

describe('a request that was called complete by one who died', () => {
  it('is opened again for the next way, when its message turns out to have failed', async () => {
    const world = await clinic('whatsapp', 'sms')
    await book(world, 24 * hour)
    const [attempt] = attempts(world)
    // Whoever heard of the failure died between its two writes.
    await amendAttempt(world.emr, attempt?.reference ?? '', (now) => ({
      ...now,
      state: 'failed',
      reason: 'rejected',
    }))
    await dispatchRequest(world.world, { request: attempt?.request ?? '' })
    await world.settle()
    expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms'])
  })

  it('stays complete while anything of it may have arrived', async () => {
    const world = await clinic('whatsapp', 'sms')
    await book(world, 24 * hour)
    const [attempt] = attempts(world)
    await dispatchRequest(world.world, { request: attempt?.request ?? '' })
    await world.settle()
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

describe('an alert that cannot be written', () => {
  it('loses nothing of what is known of the message', async () => {
    const world = await clinic('sms')
    const [sender] = world.world.senders.filter(({ channel }) => channel === 'sms')
    // Cut off a while ago; this is the call that shows that all is well again.
    for (let failures = 0; failures < 5; failures++)
      await world.world.board.change(
        sender?.id ?? '',
        (record) =>
          ({
            ...{ trouble: 1, at: before(world.now(), hour) },
            ...record,
            circuit: { failures: 5, openUntil: before(world.now(), second) },
          }) as never,
      )
    world.emr.failNext(new EmrError('refused', { status: 403 }), { type: 'Task' })
    await book(world, 24 * hour).catch(() => undefined)
    expect(attempts(world)).toMatchObject([{ state: 'queued' }])
  })
})

it('a third way is open to what the second did not deliver, though the first lies unread', async () => {
  const world = await clinic('whatsapp', 'sms')
  const mail = { system: 'email', value: 'sara@example.org' } as const
  world.emr.put(patient({ telecom: [...(patient().telecom ?? []), mail] }))
  world.emr.put(permit('email', { address: 'sara@example.org' }))
  await planned(world)
  await recordDelivery(world.world, 'whatsapp', {
    ...{ kind: 'delivery', providerId: 'SB1', state: 'delivered', at: world.now() },
  })
  await world.settle()
  await world.pass(2 * hour)
  expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms'])
  await recordDelivery(world.world, 'sms', {
    ...{ kind: 'delivery', providerId: 'SB2', state: 'undelivered', at: world.now() },
  })
  await world.settle()
  expect(world.carrier.ledger.map(({ channel }) => channel)).toEqual(['whatsapp', 'sms', 'email'])
})

/** A visit whose reminder goes another way after two hours unread. */
async function planned(world: FakeWorld) {
  const { settings } = world.world.clinic
  world.world.clinic.settings = async () => {
    const now = await settings()
    return {
      ...now,
      rules: now.rules.slice(0, 1).map((rule) => ({ ...rule, fallbackAfter: { unread: 'PT2H' } })),
    }
  }
  await book(world, 24 * hour)
}
