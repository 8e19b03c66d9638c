/** Hosts that refuse, give up, fall silent and come back: each feed stands on the best rung there is. */
import type { Subscription } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { preparation } from '../../src/compose/preparation.ts'
import { minute } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { allOffers } from '../fakes/feed.ts'
import { clinicSettings, type FakeWorld } from '../fakes/world.ts'
import { clinic, visit } from './chart.ts'

const config = { baseUrl: 'https://qasid.example', key: Buffer.alloc(32, 1) }
const endpoint = 'https://qasid.example/notify/clinic/appointments'

/** A worker whose clock looks after the feeds once a minute. */
async function start() {
  const world = await clinic('sms')
  const file = { id: 'clinic', settings: clinicSettings }
  let isReady = false
  const prepare = preparation(config, { file, world: world.world }, () => {
    isReady = true
  })
  const ours = () => world.emr.all('Subscription').find(({ channel }) => channel.endpoint === endpoint)
  return {
    ...{ world, prepare, ours, isReady: () => isReady },
    hostSays(status: Subscription['status']) {
      for (const one of world.emr.all('Subscription')) world.emr.put({ ...one, status })
    },
    async minutes(count: number, each: () => void = () => {}) {
      for (let done = 0; done < count; done += 1) {
        await world.pass(minute)
        each()
        await prepare()
      }
    },
    refuse: () =>
      world.emr.failNext(new EmrError('Creating Subscription', { status: 422 }), {
        ...{ call: 'create', type: 'Subscription' },
      }),
    rung: async () => (await world.feed.memory.read('appointments')).inForce?.rung,
    told: (world: FakeWorld) =>
      world.logged.flatMap((one) => {
        const { what, code } = one as { what: string; code?: string }
        return what === 'how changes are learned' && code?.startsWith('appointments') ? [code] : []
      }),
  }
}

describe('a host that makes our Subscription active', () => {
  it('tells us, and nobody asks', async () => {
    const { prepare, hostSays, rung, isReady, world, told } = await start()
    expect(await prepare()).toBe(false)
    hostSays('active')
    expect(await prepare()).toBe(true)
    expect([await rung(), isReady()]).toEqual(['criteria', true])
    expect(told(world)).toEqual(['appointments criteria no-topic'])
  })

  it('is subscribed to for visits, for what is urgent and for consents', async () => {
    const { prepare, world } = await start()
    await prepare()
    expect(world.emr.all('Subscription').map(({ criteria }) => criteria.split('?')[0])).toEqual([
      ...['Appointment', 'CommunicationRequest', 'Consent'],
    ])
  })

  it('is subscribed to by the topics that fit, where it lists them', async () => {
    const { world, prepare } = await start()
    world.feed.offered = { ...allOffers, topics: ['https://emr.example/topics/other'] }
    await prepare()
    expect(world.emr.all('Subscription')[0]?.criteria).toMatch(/^Appointment\?/)
  })

  it('has one Subscription for each topic, and none is in force before all are active', async () => {
    const { world, prepare, hostSays, rung } = await start()
    const topics = ['schedule', 'update', 'cancel'].map((event) => `https://emr.example/Appointment.${event}`)
    world.feed.offered = { ...allOffers, topics }
    await prepare()
    const all = () => world.emr.all('Subscription').filter(({ channel }) => channel.endpoint === endpoint)
    expect(all().map(({ criteria }) => criteria)).toEqual(topics)
    hostSays('active')
    const [first] = all()
    if (first) world.emr.put({ ...first, status: 'requested' })
    expect([await prepare(), await rung()]).toEqual([false, undefined])
    hostSays('active')
    expect([await prepare(), await rung()]).toEqual([true, 'topic'])
  })

  it('is taken for dead when its promised heartbeats stay away, and made anew', async () => {
    const { world, prepare, hostSays, ours, minutes } = await start()
    world.feed.offered = { ...allOffers, topics: ['https://emr.example/Appointment'] }
    await prepare()
    hostSays('active')
    await prepare()
    const first = ours()?.id
    await minutes(14)
    await world.feed.memory.hear('appointments', [])
    await minutes(15)
    expect(ours()?.id).toBe(first)
    await minutes(1)
    expect(ours()?.id).not.toBe(first)
  })

  it('is asked again when it gave up, and what was missed is swept once it is active', async () => {
    const { prepare, hostSays, world, ours } = await start()
    await prepare()
    hostSays('active')
    await prepare()
    world.jobs.clear()
    hostSays('error')
    world.emr.put(visit(world.now()))
    expect(await prepare()).toBe(false)
    expect(ours()?.status).toBe('requested')
    expect(world.jobs.pending()).toEqual([])
    hostSays('active')
    expect(await prepare()).toBe(true)
    expect(world.jobs.pending().map(({ job }) => job)).toEqual([{ kind: 'plan', visit: 'Appointment/visit' }])
  })

  it('is subscribed to again when somebody deleted the Subscription', async () => {
    const { prepare, hostSays, world, ours } = await start()
    await prepare()
    hostSays('active')
    await prepare()
    await world.emr.remove(`Subscription/${ours()?.id}`)
    expect(await prepare()).toBe(false)
    expect(ours()?.status).toBe('requested')
  })
})

describe('a host that refuses our Subscription', () => {
  it('is asked instead, which is said once, and is tried again each hour', async () => {
    const { prepare, refuse, world, rung, told, isReady, minutes, ours } = await start()
    refuse()
    expect(await prepare()).toBe(true)
    expect([await rung(), isReady()]).toEqual(['poll', true])
    await minutes(59)
    expect(ours()).toBeUndefined()
    refuse()
    await minutes(2)
    expect(await rung()).toBe('poll')
    expect(told(world)).toEqual(['appointments poll refused'])
  })

  it('is polled until the better rung is in force, not only asked for', async () => {
    const { prepare, refuse, rung, minutes, hostSays, world } = await start()
    refuse()
    await prepare()
    await minutes(61)
    expect(await rung()).toBe('poll')
    world.emr.put(visit(world.now()))
    await minutes(1)
    expect(world.emr.all('Subscription').length).toBeGreaterThan(0)
    hostSays('active')
    await prepare()
    expect(await rung()).toBe('criteria')
  })

  it('and cannot be asked what changed either, has its schedule read', async () => {
    const { prepare, world, rung } = await start()
    world.feed.offered = { takesSubscriptions: false, topics: [], searchParams: ['date'] }
    expect(await prepare()).toBe(true)
    expect(await rung()).toBe('window')
    expect(world.emr.all('Subscription')).toEqual([])
    const { inForce } = await world.feed.memory.read('requests')
    expect(inForce?.rung).toBe('off')
  })

  it('because it is in trouble is no host that refuses', async () => {
    const { prepare, world, rung } = await start()
    world.emr.failNext(new EmrError('Creating Subscription', { status: 503 }), { call: 'create' })
    await expect(prepare()).rejects.toThrow('Creating Subscription')
    expect(await rung()).toBeUndefined()
  })
})

describe('a host whose Subscription is worth nothing', () => {
  it('is asked instead when it never makes it active', async () => {
    const { prepare, minutes, rung, isReady } = await start()
    await prepare()
    await minutes(5)
    expect([await rung(), isReady()]).toEqual([undefined, false])
    await minutes(1)
    expect([await rung(), isReady()]).toEqual(['poll', true])
  })

  it('is asked instead when it gives up again and again', async () => {
    const { prepare, minutes, hostSays, rung } = await start()
    await prepare()
    hostSays('active')
    await prepare()
    await minutes(7, () => hostSays('error'))
    expect(await rung()).toBe('poll')
  })

  /** Quarters of an hour, each with a sweep, and a change that nobody tells. */
  async function silence(world: FakeWorld, prepare: () => Promise<boolean>, quarters: number) {
    for (let quarter = 0; quarter < quarters; quarter += 1) {
      world.emr.put(visit(world.world.now(), { end: `2030-01-01T0${quarter}:00:00Z` }))
      await sweep(world.world, 'near')
      await world.pass(15 * minute)
      await prepare()
    }
  }

  it('makes it anew when changes were not told, though it says active', async () => {
    const { prepare, hostSays, world, ours } = await start()
    await prepare()
    hostSays('active')
    await prepare()
    const first = ours()?.id
    await silence(world, prepare, 4)
    expect(ours()?.id).not.toBe(first)
    expect(ours()?.status).toBe('requested')
  })

  it('leaves it alone as long as anything is told', async () => {
    const { prepare, hostSays, world, ours } = await start()
    await prepare()
    hostSays('active')
    await prepare()
    const first = ours()?.id
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await silence(world, prepare, 1)
      await world.feed.memory.hear('appointments', ['Appointment/visit'])
    }
    expect(ours()?.id).toBe(first)
  })

  it('is asked instead when it is silent again within the hour', async () => {
    const { prepare, hostSays, world, rung } = await start()
    await prepare()
    hostSays('active')
    await prepare()
    await world.feed.memory.write('appointments', { looks: { at: world.now(), suspects: 0, missed: 1 } })
    await prepare()
    hostSays('active')
    expect(await prepare()).toBe(true)
    await world.feed.memory.write('appointments', { looks: { at: world.now(), suspects: 0, missed: 1 } })
    expect(await prepare()).toBe(true)
    expect(await rung()).toBe('poll')
  })
})

it('A wipe of Redis costs one sweep and nothing else', async () => {
  const { prepare, hostSays, world, rung } = await start()
  await prepare()
  hostSays('active')
  await prepare()
  world.jobs.clear()
  const { writes } = world.emr
  const swept = () =>
    world.logged.filter((one) => (one as { what: string }).what === 'swept the schedule').length
  const before = swept()
  world.wipeQueue()
  for (let pass = 0; pass < 5; pass += 1) expect(await prepare()).toBe(true)
  expect([await rung(), swept() - before, world.emr.writes - writes]).toEqual(['criteria', 1, 0])
})
