/**
 * sweep: the truth, whatever notifications were missed.
 * in: the host's appointments in date windows, the requests planned for then · decides: `sweepWindows`; each visit is planned as if it had been notified · out: plan jobs; of many visits the rest is planned at once
 */
import type { Reference } from '../domain/message-request.ts'
import { type Reach, type SweepWindow, sweepWindows } from '../domain/sweep-windows.ts'
import { before, day, toIso } from '../domain/time.ts'
import { system } from '../fhir/codes.ts'
import { fromReference, referenceTo } from '../fhir/reference.ts'
import { planVisit } from './plan-reminders.ts'
import type { World } from './ports.ts'
import { sideBySide } from './side-by-side.ts'

export async function sweep(world: World, reach: Reach = 'ahead'): Promise<void> {
  const settings = await world.clinic.settings()
  const windows = sweepWindows(reach, settings, world.now())
  let found = 0
  for (const [index, window] of windows.entries()) {
    // Reminders are due before their visit; those of visits beyond the last window too.
    const wanted = await visitsIn(world, window, index === 0 ? before(world.now(), day) : window.from)
    await planAll(world, wanted)
    found += wanted.length
  }
  world.log.info('swept the schedule', { count: found, code: reach })
}

/** As many may be in Redis as are soon planned; the rest is planned here, a few at a time. One bad visit stops no other. */
async function planAll(world: World, visits: Reference[]): Promise<void> {
  const queued = visits.slice(0, mostQueued)
  await world.jobs.addAll(queued.map((visit) => ({ job: { kind: 'plan', visit } })))
  await sideBySide(visits.slice(mostQueued), atOnce, (visit) =>
    planVisit(world, visit).catch(() => world.jobs.add({ kind: 'plan', visit })),
  )
}

const mostQueued = 500
const atOnce = 16

async function visitsIn(
  { host, store }: World,
  { from, until }: SweepWindow,
  dueFrom: SweepWindow['from'],
): Promise<Reference[]> {
  const [visits, planned] = await Promise.all([
    host.search('Appointment', { date: [`ge${toIso(from)}`, `lt${toIso(until)}`] }),
    store.search('CommunicationRequest', {
      status: 'active',
      // A campaign is nobody's visit, and may be long.
      category: `${system.messageCategory}|reminder`,
      occurrence: [`ge${toIso(dueFrom)}`, `lt${toIso(until)}`],
    }),
  ])
  // A visit that vanished from the window, or moved out of it, is only believed gone when a direct read says so: it is planned too.
  const remembered = planned.flatMap((request) => fromReference(request.basedOn?.[0]) ?? [])
  const references = new Set<Reference>([...visits.map(referenceTo), ...remembered])
  return [...references].filter((reference) => reference.startsWith('Appointment/'))
}
