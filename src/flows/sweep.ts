/**
 * sweep: the truth, whatever notifications were missed.
 * in: the host's appointments in date windows, the requests planned for then · decides: `sweepWindows`; each visit is planned as if it had been notified · out: plan jobs; of many visits the rest is planned at once
 */
import type { Appointment } from 'fhir/r4'
import { isPolling, visitFeed } from '../domain/change-feed.ts'
import type { Reference } from '../domain/message-request.ts'
import { type Reach, type SweepWindow, sweepWindows } from '../domain/sweep-windows.ts'
import { before, day, toIso } from '../domain/time.ts'
import { system } from '../fhir/codes.ts'
import { fromReference, referenceTo } from '../fhir/reference.ts'
import { findVisits, joinWindows } from './find-visits.ts'
import { noteLook } from './note-look.ts'
import { planAll } from './plan-all.ts'
import type { Stored, World } from './ports.ts'

export async function sweep(world: World, reach: Reach = 'ahead'): Promise<void> {
  if (reach === 'near' && (await isReadAnyway(world))) return
  const settings = await world.clinic.settings()
  const windows = await joinWindows(world, sweepWindows(reach, settings, world.now()))
  let found = 0
  for (const [index, window] of windows.entries()) {
    const visits = await findVisits(world, window)
    // Reminders are due before their visit; those of visits beyond the last window too.
    const dueFrom = index === 0 ? before(world.now(), day) : window.from
    const wanted = await withPlanned(world, visits, { dueFrom, until: window.until })
    await planAll(world, wanted)
    if (reach === 'near') await noteLook(world, visits, window)
    found += wanted.length
  }
  world.log.info('swept the schedule', { count: found, code: reach })
}

/** Where the whole schedule ahead is read every few minutes, there is nothing to add by day. */
async function isReadAnyway({ feed, now }: World): Promise<boolean> {
  const { inForce, partition, polledAt } = await feed.memory.read(visitFeed)
  return inForce?.rung === 'window' && isPolling({ rung: 'window', partition, polledAt }, now())
}

/** A visit that vanished from the window, or moved out of it, is only believed gone when a direct read says so: it is planned too. */
async function withPlanned(
  { store }: World,
  visits: Stored<Appointment>[],
  { dueFrom, until }: { dueFrom: SweepWindow['from']; until: SweepWindow['until'] },
): Promise<Reference[]> {
  const planned = await store.search('CommunicationRequest', {
    status: 'active',
    // A campaign is nobody's visit, and may be long.
    category: `${system.messageCategory}|reminder`,
    occurrence: [`ge${toIso(dueFrom)}`, `lt${toIso(until)}`],
  })
  const remembered = planned.flatMap((request) => fromReference(request.basedOn?.[0]) ?? [])
  const references = new Set<Reference>([...visits.map(referenceTo), ...remembered])
  return [...references].filter((reference) => reference.startsWith('Appointment/'))
}
