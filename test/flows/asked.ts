/** The story of a patient who was just asked about a visit tomorrow, and what is looked at when it is over. */
import type { ClinicSettings } from '../../src/domain/settings.ts'
import { hour } from '../../src/domain/time.ts'
import { fromConsent } from '../../src/fhir/consent.ts'
import { fromInbound } from '../../src/fhir/inbound.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { book, patient, permit } from './chart.ts'

/** A patient who was just asked about a visit tomorrow. */
export async function asked(overrides: Partial<ClinicSettings> = {}): Promise<FakeWorld> {
  const world = await createWorld(overrides)
  world.emr.put(patient())
  world.emr.put(permit('sms'))
  await book(world, 24 * hour)
  return world
}

export function said({ carrier }: FakeWorld): string[] {
  return carrier.ledger.slice(1).map((one) => one.text)
}

export function inbound({ emr }: FakeWorld) {
  return emr.all('Communication').flatMap((resource) => fromInbound(resource) ?? [])
}

export function codes({ emr }: FakeWorld): (string | undefined)[] {
  return emr.all('Task').map((task) => task.code?.coding?.[0]?.code)
}

export function consents({ emr }: FakeWorld) {
  return emr.all('Consent').flatMap((resource) => fromConsent(resource) ?? [])
}

/** Channel and kind of the consents that count now. */
export function inForce(world: FakeWorld) {
  return consents(world)
    .filter((one) => one.active)
    .map((one) => [one.channel, one.type])
}
