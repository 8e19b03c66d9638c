/** Hosts that tell nothing: every booking, move and cancellation is found by asking, and nothing is planned twice for it. */
import { describe, expect, it } from 'vitest'
import type { FeedOffers, Rung } from '../../src/domain/change-feed.ts'
import { after, hour, instant, minute, toIso } from '../../src/domain/time.ts'
import type { FeedWish } from '../../src/flows/feed-ports.ts'
import { pollChanges } from '../../src/flows/poll-changes.ts'
import { EmrError, type SearchParameters } from '../../src/flows/ports.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { allOffers } from '../fakes/feed.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { clinic, patient, permit, visit } from './chart.ts'

const hook = { endpoint: 'https://qasid.example/notify/clinic/x', headers: [], reason: 'test' }
const visits: FeedWish = {
  ...{ key: 'appointments', resource: 'Appointment', criteria: 'Appointment?', topics: [] },
  ...{ below: 'window', hook },
}
const consents: FeedWish = {
  ...{ key: 'consents', resource: 'Consent', topics: [], below: 'poll', hook },
  criteria: 'Consent?category=https://qasid.dev/fhir/CodeSystem/consent-category|messaging',
}

async function standing(rung: Rung, offered: Partial<FeedOffers> = {}) {
  const world = await clinic('sms')
  world.feed.offered = { ...allOffers, ...offered }
  for (const { key } of [visits, consents])
    await world.feed.memory.write(key, { inForce: { rung, because: [] } })
  return world
}

/** Asks when the next question is due, and tells which visits it had planned. */
async function poll(world: FakeWorld, wait = 15 * minute, wishes = [visits]): Promise<string[]> {
  await world.pass(wait)
  await pollChanges(world.world, wishes)
  const found = world.jobs.pending().flatMap(({ job }) => (job.kind === 'plan' ? [job.visit] : []))
  await world.settle()
  return found
}

const at = (world: FakeWorld, ahead: number) => visit(after(world.now(), ahead))
const booked = ['Appointment/visit']

describe.each<[Rung]>([['poll'], ['window']])('a host on the rung %s', (rung) => {
  it('is asked for what is there at first, and then only for what changed', async () => {
    const world = await standing(rung)
    world.emr.put(at(world, 60 * hour))
    expect(await poll(world)).toEqual(booked)
    await poll(world)
    for (let time = 0; time < 3; time += 1) expect(await poll(world)).toEqual([])
  })

  it('leads to the same reminders as one that tells: booked, moved, cancelled', async () => {
    const world = await standing(rung)
    await poll(world)
    const first = at(world, 60 * hour)
    world.emr.put(first)
    expect(await poll(world)).toEqual(booked)
    const states = () => world.emr.all('CommunicationRequest').map(({ status }) => status)
    expect(states()).toEqual(['active', 'active'])
    world.emr.put({ ...first, start: toIso(after(world.now(), 80 * hour)) })
    expect(await poll(world)).toEqual(booked)
    expect(states()).toEqual(['revoked', 'revoked', 'active', 'active'])
    world.emr.put({ ...first, status: 'cancelled' })
    expect(await poll(world)).toEqual(booked)
    expect(states()).toEqual(['revoked', 'revoked', 'revoked', 'revoked'])
  })

  it('is not asked before it is time', async () => {
    const world = await standing(rung)
    await poll(world)
    world.emr.put(at(world, 60 * hour))
    expect(await poll(world, minute / 2)).toEqual([])
    expect(await poll(world, 5 * minute)).toEqual(booked)
  })

  it('has its schedule swept once after a wipe of Redis, and writes nothing for it', async () => {
    const world = await standing(rung)
    world.emr.put(at(world, 60 * hour))
    await poll(world)
    const { writes } = world.emr
    world.wipeQueue()
    await world.feed.memory.write('appointments', { inForce: { rung, because: [] } })
    expect(await poll(world)).toEqual(booked)
    await poll(world)
    expect(await poll(world)).toEqual([])
    expect(world.emr.writes).toBe(writes)
  })

  it('that is away is asked again, and nothing is lost', async () => {
    const world = await standing(rung)
    await poll(world)
    world.emr.put(at(world, 60 * hour))
    world.emr.failNext(new EmrError('away', { status: 503 }), { call: 'search', type: 'Appointment' })
    await expect(poll(world)).rejects.toThrow('away')
    expect(await poll(world)).toEqual(booked)
  })
})

describe('the incremental poll', () => {
  it('asks from five minutes before the latest change it saw, by the host’s clock', async () => {
    const world = await standing('poll')
    await poll(world)
    const { search } = world.emr
    const asked: SearchParameters[] = []
    const hostTime = '2026-11-20T01:00:00.000Z'
    world.world.host = {
      ...world.emr,
      search: async (type, parameters, options) => {
        if (type === 'Appointment') asked.push(parameters)
        const found = await search(type, type === 'Appointment' ? {} : parameters, options)
        return found.map((one) => ({ ...one, meta: { ...one.meta, lastUpdated: hostTime } }))
      },
    }
    await world.feed.memory.write('appointments', { cursor: instant(Date.parse('2026-11-19T00:00:00Z')) })
    world.emr.put(at(world, 60 * hour))
    await poll(world)
    await poll(world)
    expect(asked.map(({ _lastUpdated }) => _lastUpdated)).toEqual([
      'gt2026-11-18T23:55:00.000Z',
      'gt2026-11-20T00:55:00.000Z',
    ])
  })

  it('asks by nothing that the host does not know', async () => {
    const world = await standing('poll', { searchParams: ['_lastUpdated', 'date'] })
    const wish = { ...visits, criteria: 'Appointment?status=booked' }
    await poll(world, minute, [wish])
    const { search } = world.emr
    const asked: string[][] = []
    world.world.host = {
      ...world.emr,
      search: (type, parameters, options) => {
        if (type === 'Appointment') asked.push(Object.keys(parameters))
        return search(type, parameters, options)
      },
    }
    world.emr.put(at(world, 60 * hour))
    expect(await poll(world, 2 * minute, [wish])).toEqual(booked)
    expect(asked).toEqual([['_lastUpdated']])
  })

  it('that the host refuses gives way to the next rung', async () => {
    const world = await standing('poll')
    await poll(world)
    world.emr.failNext(new EmrError('bad parameter', { status: 400 }), {
      call: 'search',
      type: 'Appointment',
    })
    await poll(world)
    const { failures } = await world.feed.memory.read('appointments')
    expect(failures?.poll?.why).toBe('refused')
  })

  it('of consents tells open screens, and no visit is planned for it', async () => {
    const world = await standing('poll')
    await poll(world, minute, [consents])
    world.emr.put(permit('email'))
    expect(await poll(world, 2 * minute, [consents])).toEqual([])
    expect(world.live.published.map(({ patient: whose }) => whose)).toContain('Patient/sara')
  })
})

describe('the look through the schedule', () => {
  it('plans a visit that is gone by a direct read, and one that passed not again', async () => {
    const world = await standing('window')
    world.emr.put(at(world, 60 * hour))
    world.emr.put({ ...at(world, 10 * minute), id: 'soon' })
    await poll(world, minute)
    await world.emr.remove('Appointment/visit')
    expect(await poll(world, 2 * hour)).toEqual(booked)
    expect(world.emr.all('CommunicationRequest').filter(({ status }) => status === 'active')).toEqual([])
  })

  /** The host answers only where it is asked for one of these. */
  function demands(world: FakeWorld, ...names: string[]) {
    const { search } = world.emr
    const asked: string[] = []
    world.world.host = {
      ...world.emr,
      search: async (type, parameters, options) => {
        if (type !== 'Appointment') return search(type, parameters, options)
        asked.push(Object.keys(parameters).sort().join('+'))
        if (!names.some((name) => name in parameters)) throw new EmrError('too much', { status: 400 })
        return search(type, parameters, options)
      },
    }
    return asked
  }

  it('goes place by place where the host demands it, and remembers that', async () => {
    const world = await standing('window')
    world.emr.put({ resourceType: 'Location', id: 'l1' })
    world.emr.put({ resourceType: 'Location', id: 'l2' })
    const here = { actor: { reference: 'Location/l2' }, status: 'accepted' as const }
    const booking = at(world, 60 * hour)
    world.emr.put({ ...booking, participant: [...booking.participant, here] })
    const asked = demands(world, 'location', 'practitioner', 'patient')
    expect(await poll(world)).toEqual(booked)
    expect(asked).toEqual(['date', 'date+location', 'date+location'])
    asked.length = 0
    expect(await poll(world)).toEqual([])
    expect(asked).toEqual(['date+location', 'date+location'])
  })

  it('goes patient by patient where there is nothing else: those who may be written to', async () => {
    const world = await standing('window', { searchParams: ['patient', '_id'] })
    world.emr.put(patient({ id: 'stranger' }))
    world.emr.put(at(world, 60 * hour))
    world.emr.put({ ...at(world, 600 * 24 * hour), id: 'far' })
    world.emr.put({
      ...{ ...at(world, 60 * hour), id: 'unasked' },
      participant: [{ actor: { reference: 'Patient/stranger' }, status: 'accepted' }],
    })
    const asked = demands(world, 'patient')
    expect(await poll(world)).toEqual(booked)
    expect(asked).toEqual(['patient'])
    await sweep(world.world, 'full')
    expect(asked).toEqual(['patient', 'patient'])
  })

  it('is not repeated by the sweep of every quarter of an hour while it goes well', async () => {
    const world = await standing('window')
    await poll(world)
    const asked = demands(world, 'date')
    await sweep(world.world, 'near')
    expect(asked).toEqual([])
    await world.pass(hour)
    await sweep(world.world, 'near')
    expect(asked).toEqual(['date'])
  })
})
