/** From what an EMR's script wrote to the patients it means. An address must stand in exactly one chart. */
import type { Channel } from '../domain/channel.ts'
import type { Reference } from '../domain/message-request.ts'
import { choosePatient, type Recipient, readRecipient } from '../domain/recipients.ts'
import type { ClinicSettings } from '../domain/settings.ts'
import { fromPatient } from '../fhir/patient.ts'
import { findByTelecom } from './beside-host.ts'
import type { World } from './ports.ts'
import { sideBySide } from './side-by-side.ts'

export interface Entry {
  /** `Patient/…`, or an address as it was written. */
  to: string
  /** Values of the template, for this one. */
  parameters: Record<string, string>
}

export type Found =
  /** `channels` are those of the address that was named; absent where a patient was. */
  | { kind: 'patient'; patient: Reference; channels?: Channel[]; entry: Entry; place: number }
  | (Extract<Recipient, { kind: 'refused' }> & { entry: Entry; place: number })

const atOnce = 8

/** In the order of the entries; `place` counts from 1. */
export async function findRecipients(
  world: World,
  entries: Entry[],
  settings: Pick<ClinicSettings, 'country'>,
): Promise<Found[]> {
  const numbered = entries.map((entry, index) => ({ entry, place: index + 1 }))
  return sideBySide(numbered, atOnce, async (one) => ({
    ...one,
    ...(await find(world, one.entry.to, settings)),
  }))
}

type Meant = Extract<Recipient, { kind: 'patient' | 'refused' }> & { channels?: Channel[] }

async function find(world: World, to: string, { country }: Pick<ClinicSettings, 'country'>): Promise<Meant> {
  const wanted = readRecipient(to, country)
  if (wanted.kind !== 'address') return wanted
  const { address, channels } = wanted
  const found = await findByTelecom(world, address)
  const people = found.map((patient) => fromPatient(patient, country))
  const chosen = choosePatient(address, people)
  if (chosen.kind === 'address') throw new TypeError('an address was not resolved')
  return chosen.kind === 'patient' ? { ...chosen, channels } : chosen
}
