/** Visits by the hundred: as many may be in Redis as are soon planned; the rest is planned here, a few at a time. */
import type { Reference } from '../domain/message-request.ts'
import { planVisit } from './plan-reminders.ts'
import type { World } from './ports.ts'
import { sideBySide } from './side-by-side.ts'

/** One bad visit stops no other. */
export async function planAll(world: World, visits: Reference[]): Promise<void> {
  const queued = visits.slice(0, mostQueued)
  await world.jobs.addAll(queued.map((visit) => ({ job: { kind: 'plan', visit } })))
  await sideBySide(visits.slice(mostQueued), atOnce, (visit) =>
    planVisit(world, visit).catch(() => world.jobs.add({ kind: 'plan', visit })),
  )
}

const mostQueued = 500
const atOnce = 16
