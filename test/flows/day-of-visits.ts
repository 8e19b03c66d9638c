/** A clinic with one rule, of 48 hours, and visits of one patient on a Monday: what the stories of same-day visits begin with. */
import type { Appointment } from 'fhir/r4'
import { after, hour, type Instant, minute, toIso } from '../../src/domain/time.ts'
import { fromCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { clinicSettings, createWorld, type FakeWorld, startOfDay } from '../fakes/world.ts'
import { notify, patient, permit, visit } from './chart.ts'

const [rule] = clinicSettings.rules.filter(({ id }) => id === '48h')
/** One rule only, of 48 hours. */
export const once = { rules: rule ? [rule] : [] }

export async function clinicWith(settings: Parameters<typeof createWorld>[0] = once): Promise<FakeWorld> {
  const world = await createWorld(settings)
  world.emr.put(patient({ communication: [] }))
  world.emr.put(permit('sms'))
  return world
}

/** Monday morning in Dubai: the rule's time is Saturday. */
export const monday = after(startOfDay, 72 * hour)
export const at = (hours: number): Instant => after(monday, hours * hour)

/** The EMR has them before anyone is told of any. */
export async function booked(world: FakeWorld, starts: Record<string, Instant>, order = Object.keys(starts)) {
  for (const [id, start] of Object.entries(starts)) world.emr.put(visit(start, { id }))
  for (const id of order) await notify(world, id)
}

export function change(world: FakeWorld, id: string, differs: Partial<Appointment>): Promise<void> {
  const stored = world.emr.all('Appointment').find((one) => one.id === id)
  if (!stored) throw new Error(`no visit ${id}`)
  world.emr.put({ ...stored, ...differs })
  return notify(world, id)
}

export function requestsOf({ emr }: FakeWorld) {
  const all = emr.all('CommunicationRequest').flatMap((resource) => {
    const read = fromCommunicationRequest(resource)
    return read.kind === 'request' ? [read.request] : []
  })
  return Object.fromEntries(
    all.map((one) => [
      `${one.visit?.slice(12)} ${toIso(one.visitStart ?? one.dueAt)}`,
      [one.status, one.reason],
    ]),
  )
}

export const said = ({ carrier }: FakeWorld) => carrier.ledger.map(({ text }) => text)

/** Until well after both would be due. */
export async function passRule(world: FakeWorld): Promise<void> {
  await world.pass(24 * hour)
  for (let quarters = 0; quarters < 20; quarters += 1) await world.pass(15 * minute)
}
