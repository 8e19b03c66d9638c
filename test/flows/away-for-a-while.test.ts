/** The EMR says of what is there that it is not, as FHIR says it, and shows it again a little later: that costs time only. */
import { describe, expect, it } from 'vitest'
import { hour, minute } from '../../src/domain/time.ts'
import { clinicSettings, createWorld, type FakeWorld } from '../fakes/world.ts'
import { book, patient, permit } from './chart.ts'

const onceOnly = clinicSettings.rules.slice(0, 1)

/** Planned before its time; nobody changes the visit any more, and what is booked late is not reminded. */
async function planned(): Promise<FakeWorld> {
  const rules = onceOnly.map((rule) => ({ ...rule, bookedLate: 'skip' as const }))
  const world = await createWorld({ rules })
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  await book(world, 49 * hour)
  expect(states(world)).toEqual(['active'])
  return world
}

const states = ({ emr }: FakeWorld) => emr.all('CommunicationRequest').map(({ status }) => status)
const reasons = ({ emr }: FakeWorld) =>
  emr.all('CommunicationRequest').map(({ statusReason }) => statusReason?.coding?.[0]?.code)

describe('while a reminder is due, and for a minute only, the EMR does not show', () => {
  it.each([
    ['the visit', 'Appointment', 'visit-missing'],
    ['the patient', 'Patient', 'patient-missing'],
  ] as const)('%s: the reminder goes a few minutes late, and once', async (_what, type, reason) => {
    const world = await planned()
    const { read } = world.world.host
    let isShown = false
    world.world.host = {
      ...world.world.host,
      read: async (...asked) => (asked[0] === type && !isShown ? undefined : read(...asked)),
    }
    await world.pass(hour)
    expect([world.carrier.ledger, states(world), reasons(world)]).toEqual([[], ['revoked'], [reason]])
    await world.pass(minute)
    isShown = true
    await world.pass(minute)
    expect([world.carrier.ledger.length, states(world)]).toEqual([1, ['completed']])
    await world.pass(5 * minute)
    expect(world.carrier.ledger).toHaveLength(1)
  })

  it('a visit that is gone for good is looked for once more, and then left alone', async () => {
    const world = await planned()
    world.emr.remove('Appointment/visit')
    await world.pass(hour)
    expect(reasons(world)).toEqual(['visit-missing'])
    expect(world.jobs.pending().map(({ job }) => job.kind)).toEqual(['plan'])
    await world.pass(2 * minute)
    expect([world.jobs.pending(), states(world), world.carrier.ledger]).toEqual([[], ['revoked'], []])
  })
})

describe('a visit that staff take out of the EMR and put back as it was', () => {
  it('gets the reminder back that it had, though its time is past', async () => {
    const world = await planned()
    const [held] = world.emr.all('Appointment')
    if (!held) throw new Error('There is no visit.')
    world.emr.remove('Appointment/visit')
    await world.pass(hour)
    expect(reasons(world)).toEqual(['visit-missing'])
    world.emr.put(held)
    await world.pass(2 * minute)
    expect([world.carrier.ledger.length, states(world)]).toEqual([1, ['completed']])
  })
})
