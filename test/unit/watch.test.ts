import type { Subscription } from 'fhir/r4'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createWatch } from '../../src/compose/watch.ts'
import { type Instant, instant, second } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { connectToAdd, QueueUnavailable } from '../../src/queue/connection.ts'
import { createMemoryEmr } from '../fakes/emr.ts'
import { createFakeFeed } from '../fakes/feed.ts'
import { createFakeBoard } from '../fakes/sender-board.ts'
import { clinicSettings } from '../fakes/world.ts'

const silent = { info() {}, warn() {}, error() {} }
const endpoint = 'https://qasid.example/notify/clinic/appointments'
const subscriptions = [
  {
    ...{ key: 'appointments', resource: 'Appointment', criteria: 'Appointment?', notifyPath: '/notify' },
    ifMissing: 'poll',
  },
]
const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

/** Nobody listens at its Redis. */
function start() {
  let time: Instant = instant(1_790_000_000_000)
  const host = createMemoryEmr()
  const search = vi.spyOn(host, 'search')
  const redis = connectToAdd({ url: 'redis://127.0.0.1:1', log: silent })
  const store = { away: false }
  const clinic = {
    settings: async () => {
      if (store.away) throw new EmrError('the store answers 503', { status: 503 })
      return clinicSettings
    },
    forgetTemplates: () => undefined,
    templateByName: async () => undefined,
    templateByCanonical: async () => undefined,
  }
  const now = () => time
  const feed = createFakeFeed({ host, now })
  const watch = createWatch(
    {
      config: { baseUrl: 'https://qasid.example', redisPrefix: 'qasid' },
      installs: [
        {
          file: { id: 'clinic', senders: [{ id: 'sms' }] },
          world: { host, clinic, feed, board: createFakeBoard(), now },
        },
      ],
      now,
    },
    subscriptions,
    redis,
  )
  closings.push(watch.close, () => redis.disconnect())
  return {
    ...{ watch, host, search, store, feed, now },
    pass: (duration: number) => {
      time = instant(time + duration)
    },
  }
}

function subscription(changes: Partial<Subscription> = {}, place = endpoint): Subscription {
  return {
    ...{ resourceType: 'Subscription', status: 'active', reason: 'Visits', criteria: 'Appointment?' },
    channel: { type: 'rest-hook', endpoint: place },
    ...changes,
  }
}

async function isSubscribed(...given: Subscription[]) {
  const { watch, host } = start()
  for (const one of given) host.put(one)
  return (await watch.readiness()).find(({ name }) => name === 'subscription clinic')?.ok
}

describe('whether we are ready', () => {
  it('depends on a Subscription that calls this very place', async () => {
    expect(await isSubscribed(subscription())).toBe(true)
    expect(await isSubscribed()).toBe(false)
    expect(await isSubscribed(subscription({ status: 'requested' }))).toBe(false)
  })

  it.each([
    'https://staging.example/notify/clinic/appointments',
    `${endpoint}-old`,
    'https://qasid.example/notify/clinic/patients',
  ])('is not told by a Subscription that calls %s', async (place) => {
    expect(await isSubscribed(subscription({}, place))).toBe(false)
  })

  it.each(['poll', 'window'] as const)('depends on the last %s where the host is asked', async (rung) => {
    const { watch, feed, now, pass } = start()
    const isHeard = async () =>
      (await watch.readiness()).find(({ name }) => name === 'subscription clinic')?.ok
    await feed.memory.write('appointments', { inForce: { rung, because: ['no-subscriptions'] } })
    expect(await isHeard()).toBe(false)
    await feed.memory.write('appointments', { polledAt: now() })
    pass(2 * second)
    expect(await isHeard()).toBe(true)
    pass(3_600 * second)
    expect(await isHeard()).toBe(false)
  })

  it('is told by the host while nothing is remembered', async () => {
    const { watch, host, feed } = start()
    host.put(subscription())
    feed.memory.read = async () => {
      throw new QueueUnavailable('away')
    }
    expect((await watch.readiness()).find(({ name }) => name === 'subscription clinic')?.ok).toBe(true)
  })

  it('depends on the store, while it lasts', async () => {
    const { watch, store, pass } = start()
    const answers = async () => (await watch.readiness()).find(({ name }) => name === 'store clinic')?.ok
    expect(await answers()).toBe(true)
    store.away = true
    pass(2 * second)
    expect(await answers()).toBe(false)
    store.away = false
    pass(2 * second)
    expect(await answers()).toBe(true)
  })

  it('is asked of the host once for all who want to know within two seconds', async () => {
    const { watch, search, pass } = start()
    await Promise.all(Array.from({ length: 50 }, () => watch.readiness()))
    await watch.readiness()
    expect(search).toHaveBeenCalledTimes(1)
    pass(2 * second)
    await watch.readiness()
    expect(search).toHaveBeenCalledTimes(2)
  })
})

describe('the metrics', () => {
  it('say that the queue is away, instead of failing for an unknown reason', async () => {
    await expect(start().watch.metrics()).rejects.toBeInstanceOf(QueueUnavailable)
  })
})
