/** The change feed against the sandbox EMR over HTTP: it takes what we ask for, and answers what we poll for. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startEmr } from '../../sandbox/emr/start-emr.ts'
import { readFeedWishes } from '../../src/compose/feed-wishes.ts'
import { feedOffers } from '../../src/domain/expected-rung.ts'
import { after, hour, instant, toIso } from '../../src/domain/time.ts'
import { fixedToken } from '../../src/emr/backend-token.ts'
import { readCapabilities } from '../../src/emr/capabilities.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { ensureSubscription, unsubscribe } from '../../src/emr/subscriptions.ts'
import { pollChanges } from '../../src/flows/poll-changes.ts'
import { watchFeeds } from '../../src/flows/watch-subscription.ts'
import { allOffers } from '../fakes/feed.ts'
import { createWorld } from '../fakes/world.ts'
import { visit } from '../flows/chart.ts'

const token = fixedToken('sandbox-admin')
const config = { baseUrl: 'http://localhost:1', key: Buffer.alloc(32, 7) }

describe('the change feed on the sandbox EMR', () => {
  let sandbox: Awaited<ReturnType<typeof startEmr>>
  beforeAll(async () => {
    // Both keep their definitions of R4 in one place: the validator's, which are all of them, have to be there first.
    await createWorld()
    sandbox = await startEmr({ port: 0, qasidUrl: config.baseUrl, retryDelays: [] })
  }, 30_000)
  afterAll(() => sandbox.stop())

  async function start() {
    const fake = await createWorld()
    const host = createEmr({ baseUrl: sandbox.fhirUrl, token }, { now: fake.now })
    const { feed } = fake
    feed.subscribe = (wish, how) => ensureSubscription(host, wish, how)
    return { ...fake, host, feed, world: { ...fake.world, host, feed } }
  }

  it('stands on Subscriptions, all of them made active, and leaves none behind', async () => {
    const { world, host } = await start()
    const wishes = await readFeedWishes(config, 'clinic')
    await watchFeeds(world, wishes)
    await vi.waitFor(async () => {
      const rungs = (await watchFeeds(world, wishes)).map(({ inForce }) => inForce?.rung)
      expect(rungs).toEqual(['criteria', 'criteria', 'criteria'])
    })
    const endpoints = wishes.map(({ hook }) => hook.endpoint)
    expect(await unsubscribe({ host }, endpoints)).toEqual({ removed: 3, off: 0 })
    expect(await host.search('Subscription', {})).toEqual([])
  })

  it('offers what its CapabilityStatement says', async () => {
    const offers = feedOffers(await readCapabilities({ baseUrl: sandbox.fhirUrl }), 'Appointment')
    expect(offers).toMatchObject({ takesSubscriptions: true, topics: [] })
    expect(offers.searchParams).toEqual(
      expect.arrayContaining(['_lastUpdated', 'date', 'patient', 'location']),
    )
  })

  it.each(['poll', 'window'] as const)('finds by %s what was booked, once', async (rung) => {
    const { world, host, feed, jobs, pass } = await start()
    const wishes = (await readFeedWishes(config, 'clinic')).slice(0, 1)
    feed.offered = allOffers
    await feed.memory.write('appointments', { inForce: { rung, because: [] } })
    await pollChanges(world, wishes)
    jobs.clear()
    // The sandbox's clock is the real one.
    await feed.memory.write('appointments', { cursor: instant(Date.now() - hour) })
    await pass(5 * 60_000)
    await pollChanges(world, wishes)
    jobs.clear()
    const { id: _id, ...booking } = visit(after(world.now(), 48 * hour))
    const { resource } = await host.create({ ...booking, start: toIso(after(world.now(), 60 * hour)) })
    const planned = async () => {
      await pass(5 * 60_000)
      await pollChanges(world, wishes)
      return jobs.take().map((job) => (job.kind === 'plan' ? job.visit : job.kind))
    }
    expect(await planned()).toEqual([`Appointment/${resource.id}`])
    expect(await planned()).toEqual([])
  })
})
