/** A host that only shows its chart, and a store of ours beside it: the same stories, and nothing written where it cannot stand. */
import { describe, expect, it } from 'vitest'
import { hour, minute } from '../../src/domain/time.ts'
import type { HostCan } from '../fakes/limited-emr.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { attempts, book, patient, permit, write } from './chart.ts'

/** As Epic, Oracle Health or OpenEMR: the chart can be read, and the visits; nothing else is there. */
const chartOnly: HostCan = (interaction, type) =>
  ['Patient', 'Appointment', 'Practitioner', 'Location'].includes(type) &&
  ['read', 'search-type'].includes(interaction)
const withConsents: HostCan = (interaction, type) =>
  chartOnly(interaction, type) || (type === 'Consent' && ['read', 'search-type'].includes(interaction))

async function sidecar(hostCan: HostCan = chartOnly): Promise<FakeWorld> {
  const world = await createWorld({}, { hostCan })
  world.host.put(patient())
  return world
}

describe('with a store beside the host', () => {
  it('a visit is reminded, and everything written stands in the store', async () => {
    const world = await sidecar()
    world.emr.put(permit())
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([{ state: 'queued' }])
    expect(world.host.writes).toBe(0)
  })

  it('an answer is kept in the store, and is heeded there', async () => {
    const world = await sidecar()
    world.emr.put(permit())
    await book(world, 24 * hour)
    await write(world, 'X')
    expect(world.emr.all('AppointmentResponse')).toMatchObject([{ participantStatus: 'declined' }])
    expect(world.emr.all('Task').map(({ code }) => code?.coding?.[0]?.code)).toContain('update-schedule')
    expect(world.host.writes).toBe(0)
  })

  it('a STOP holds, though the host’s own consent permits', async () => {
    const world = await sidecar(withConsents)
    world.host.put(permit())
    await book(world, 24 * hour)
    expect(attempts(world)).toHaveLength(1)
    await world.pass(minute)
    await write(world, 'STOP')
    await book(world, 26 * hour, { id: 'second' })
    const [denied] = world.emr.all('Consent')
    expect(denied).toMatchObject({ status: 'active', provision: { type: 'deny' } })
    expect(world.host.all('Consent')).toMatchObject([{ status: 'active', provision: { type: 'permit' } }])
    expect(
      world.carrier.ledger.filter(({ text }) => text.includes('Sara') || text.includes('سارة')),
    ).toHaveLength(1)
  })

  it('a denial in the host’s own consents is obeyed', async () => {
    const world = await sidecar(withConsents)
    world.emr.put(permit())
    const { id: _id, ...own } = permit()
    const policyRule = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPTOUT' }],
    }
    const dateTime = '2026-11-01T00:00:00Z'
    world.host.put({
      ...own,
      id: 'denied',
      dateTime,
      policyRule,
      provision: { ...own.provision, type: 'deny' },
    })
    await book(world, 24 * hour)
    expect(attempts(world)).toMatchObject([{ reason: 'opted-out' }])
    expect(world.carrier.ledger).toEqual([])
  })

  it('START gives back what only the host’s consent permitted', async () => {
    const world = await sidecar(withConsents)
    world.host.put(permit())
    await book(world, 24 * hour)
    await write(world, 'STOP')
    await world.pass(minute)
    await write(world, 'START')
    const bySms = world.emr
      .all('Consent')
      .filter(({ identifier }) => identifier?.[0]?.value?.startsWith('sms:'))
    expect(bySms).toMatchObject([
      { status: 'inactive', provision: { type: 'deny' } },
      { status: 'active', provision: { type: 'permit' } },
    ])
  })
})
