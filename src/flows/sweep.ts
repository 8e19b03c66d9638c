/**
 * sweep: the truth, whatever notifications were missed.
 * in: the host's appointments in a date window · decides: nothing, each visit is planned as if it had been notified · out: plan jobs
 */
import type { Reference } from '../domain/message-request.ts'
import { after, before, day, hour, toIso } from '../domain/time.ts'
import { fromReference, referenceTo } from '../fhir/reference.ts'
import type { World } from './ports.ts'

const sweepsAhead = 30 * day

export async function sweep(world: World): Promise<void> {
  const window = [`ge${toIso(before(world.now(), hour))}`, `lt${toIso(after(world.now(), sweepsAhead))}`]
  const [visits, planned] = await Promise.all([
    world.host.search('Appointment', { date: window }),
    world.store.search('CommunicationRequest', {
      status: 'active',
      occurrence: `ge${toIso(before(world.now(), day))}`,
    }),
  ])
  // A visit that vanished from the window is only cancelled when a direct read says so: it is planned too.
  const remembered = planned.flatMap((request) => fromReference(request.basedOn?.[0]) ?? [])
  const references = new Set<Reference>([...visits.map(referenceTo), ...remembered])
  const wanted = [...references].filter((reference) => reference.startsWith('Appointment/'))
  await world.jobs.addAll(wanted.map((visit) => ({ job: { kind: 'plan', visit } })))
  world.log.info('swept the schedule', { count: wanted.length })
}
