/** Notifications that never came, and hours in which nobody worked. */
import { describe, expect, it } from 'vitest'
import { after, day, hour, minute } from '../../src/domain/time.ts'
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { sweep } from '../../src/flows/sweep.ts'
import type { FakeWorld } from '../fakes/world.ts'
import { book, clinic, visit } from './chart.ts'

function requests({ emr }: FakeWorld) {
  return emr.all('CommunicationRequest').flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' ? [read.request] : []
  })
}

const told = (world: FakeWorld) => requests(world).map(({ status, reason }) => reason ?? status)

async function swept(world: FakeWorld, reach: 'near' | 'ahead' | 'full'): Promise<void> {
  await sweep(world.world, reach)
  await world.settle()
}

describe.each([
  'near',
  'ahead',
  'full',
] as const)('a notification that never came is made up for by the sweep (%s):', (reach) => {
  it('a booking', async () => {
    const world = await clinic('sms')
    world.emr.put(visit(after(world.now(), 60 * hour)))
    await swept(world, reach)
    expect(told(world)).toEqual(['active', 'active'])
  })

  it('a move', async () => {
    const world = await clinic('sms')
    await book(world, 60 * hour)
    world.emr.put(visit(after(world.now(), 65 * hour)))
    await swept(world, reach)
    expect(told(world)).toEqual(['visit-moved', 'visit-moved', 'active', 'active'])
  })

  it('a move to a time that lies beyond what is swept', async () => {
    const world = await clinic('sms')
    await book(world, 60 * hour)
    world.emr.put(visit(after(world.now(), 800 * day)))
    await swept(world, reach)
    expect(told(world).filter((state) => state === 'visit-moved')).toHaveLength(2)
  })

  it('a cancellation', async () => {
    const world = await clinic('sms')
    await book(world, 60 * hour)
    world.emr.put(visit(after(world.now(), 60 * hour), { status: 'cancelled' }))
    await swept(world, reach)
    expect(told(world)).toEqual(['visit-cancelled', 'visit-cancelled'])
  })

  it('a visit that is gone, once a direct read says so', async () => {
    const world = await clinic('sms')
    await book(world, 60 * hour)
    world.emr.remove('Appointment/visit')
    await swept(world, reach)
    expect(told(world)).toEqual(['visit-missing', 'visit-missing'])
  })
})

describe('the sweep', () => {
  it('takes a visit that only its search left out for what it is: still there', async () => {
    const world = await clinic('sms')
    await book(world, 60 * hour)
    const { search } = world.emr
    world.world.host = {
      ...world.emr,
      search: (type, parameters, options) =>
        type === 'Appointment' ? Promise.resolve([]) : search(type, parameters, options),
    }
    await swept(world, 'full')
    expect(told(world)).toEqual(['active', 'active'])
  })

  it('finds by night what was booked for next year, and by day only what may soon be due', async () => {
    const world = await clinic('sms')
    world.emr.put(visit(after(world.now(), 300 * day)))
    await swept(world, 'near')
    await swept(world, 'ahead')
    expect(told(world)).toEqual([])
    await swept(world, 'full')
    expect(told(world)).toEqual(['active', 'active'])
  })

  it('of a schedule where nothing changed writes nothing', async () => {
    const world = await clinic('sms')
    await book(world, 60 * hour)
    const { writes } = world.emr
    for (const reach of ['near', 'ahead', 'full'] as const) await swept(world, reach)
    expect(world.emr.writes).toBe(writes)
  })
})

describe('after a standstill', () => {
  /** A visit whose last reminder was due when everything stopped; Redis is empty when it starts again. */
  async function standstill(hours: number): Promise<FakeWorld> {
    const world = await clinic('sms')
    await book(world, 4 * hour)
    world.carrier.ledger.length = 0
    await world.pass(2 * hour - minute)
    world.wipeQueue()
    world.carrier.ledger.length = 0
    await world.pass(minute + hours * hour)
    for (let tick = 0; tick < 5; tick += 1) await world.pass(10_000)
    await swept(world, 'ahead')
    return world
  }

  it('of one hour a reminder that was due meanwhile goes once, because it is still useful', async () => {
    const world = await standstill(1)
    expect(world.carrier.ledger).toHaveLength(1)
    expect(told(world)).toContain('completed')
  })

  it('of five hours a reminder that came too late is revoked as expired, and nobody is written to', async () => {
    const world = await standstill(5)
    expect(world.carrier.ledger).toEqual([])
    expect(told(world)).toContain('expired')
    expect(world.counted['not_sent expired']).toBe(1)
  })

  it('of five hours a reminder that is still useful goes once', async () => {
    const world = await clinic('sms')
    await book(world, 72 * hour)
    await world.pass(24 * hour - minute)
    world.wipeQueue()
    await world.pass(minute + 5 * hour)
    for (let tick = 0; tick < 5; tick += 1) await world.pass(10_000)
    await swept(world, 'ahead')
    expect(world.carrier.ledger).toHaveLength(1)
  })
})

it('of more visits than Redis should hold plans all of them, most without a job', async () => {
  const world = await clinic('sms')
  for (let index = 0; index < 520; index += 1)
    world.emr.put({ ...visit(after(world.now(), 60 * hour)), id: `visit-${index}` })
  await sweep(world.world, 'near')
  expect(world.jobs.pending().filter(({ job }) => job.kind === 'plan')).toHaveLength(500)
  expect(requests(world)).toHaveLength(40)
})
