import { describe, expect, it } from 'vitest'
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { hour, minute, type Weekday } from '../../src/domain/time.ts'
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, book, patient, permit } from './chart.ts'

function requests({ emr }: FakeWorld) {
  return emr.all('CommunicationRequest').flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' ? [read.request] : []
  })
}

/** Friday, half past nine in Dubai; the rule of 48 hours and that of 2. */
async function clinicWith(settings: Partial<ClinicSettings>): Promise<FakeWorld> {
  const world = await createWorld(settings)
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  return world
}

const night = { from: '21:00', to: '08:00' }

describe('the opening after quiet hours', () => {
  it('does not release in one second what piled up over the night', async () => {
    const world = await clinicWith({ quietHours: night })
    for (let one = 0; one < 10; one += 1) {
      const id = `many${one}`
      world.emr.put(patient({ id, telecom: [{ system: 'phone', value: `+9715012345${10 + one}` }] }))
      world.emr.put(permit('sms', { patient: id, address: `+9715012345${10 + one}` }))
      await book(world, 62 * hour, {
        id,
        participant: [{ actor: { reference: `Patient/${id}` }, status: 'needs-action' }],
      })
    }
    await world.pass(14 * hour)
    // 08:00 in Dubai
    await world.pass(8.5 * hour)
    const atOnce = world.carrier.ledger.length
    expect(atOnce).toBeLessThan(4)
    await world.pass(5 * minute)
    expect(world.carrier.ledger.length).toBeGreaterThan(atOnce)
    expect(world.carrier.ledger.length).toBeLessThan(10)
    await world.pass(10 * minute)
    expect(world.carrier.ledger).toHaveLength(10)
  })

  it('asks again whether a message still makes sense', async () => {
    const world = await clinicWith({ quietHours: night })
    await book(world, 62 * hour)
    await world.pass(14 * hour)
    const [stored] = world.emr.all('Appointment')
    // Nobody told us of it.
    if (stored) world.emr.put({ ...stored, status: 'cancelled' })
    await world.pass(9 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'visit-cancelled' }])
  })

  it('is on the patient’s clock where the chart tells it', async () => {
    const world = await clinicWith({ quietHours: { ...night, spreadFor: 'PT0M' } })
    const timezone = 'http://hl7.org/fhir/StructureDefinition/timezone'
    world.emr.put(
      patient({ address: [{ use: 'home', extension: [{ url: timezone, valueCode: 'America/New_York' }] }] }),
    )
    // It is half past midnight in New York.
    await book(world, 24 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    expect(requests(world)[0]).toMatchObject({
      status: 'active',
      dueAt: Date.parse('2026-11-20T08:00:00-05:00'),
    })
  })
})

describe('a weekend that is Friday and Saturday', () => {
  const weekend = {
    quietHours: { ...night, days: ['friday', 'saturday'] satisfies Weekday[], spreadFor: 'PT0M' },
  }

  it('holds what becomes due then until Sunday morning', async () => {
    const world = await clinicWith(weekend)
    await book(world, 80 * hour)
    await world.pass(46 * hour)
    expect(world.carrier.ledger).toHaveLength(0)
    await world.pass(30 * minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('drops nothing silently: what would be late by then says so', async () => {
    const world = await clinicWith(weekend)
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([{ state: 'not-sent', reason: 'quiet-hours' }])
  })
})
