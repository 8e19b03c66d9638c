/**
 * note-look: a sweep by day saw the schedule; did anybody tell us of what changed in it?
 * in: the visits found, their prints at the last look, when we were last told · decides: `diffSchedule`, `judgeLook` · out: the prints and the count of missed changes, which the watch over the Subscription reads
 */
import type { Appointment } from 'fhir/r4'
import { visitFeed } from '../domain/change-feed.ts'
import { judgeLook, type Looks } from '../domain/feed-watch.ts'
import type { Reference } from '../domain/message-request.ts'
import { diffSchedule } from '../domain/schedule-diff.ts'
import type { SweepWindow } from '../domain/sweep-windows.ts'
import { parseInstant } from '../domain/time.ts'
import { referenceTo } from '../fhir/reference.ts'
import { printsOf } from '../fhir/resource-print.ts'
import type { Stored, World } from './ports.ts'

export async function noteLook(
  { feed: { memory }, now }: World,
  visits: Stored<Appointment>[],
  { from }: SweepWindow,
): Promise<void> {
  const [{ inForce, looks, toldAt }, before] = await Promise.all([
    memory.read(visitFeed),
    memory.prints(visitFeed),
  ])
  if (inForce?.rung !== 'topic' && inForce?.rung !== 'criteria') return
  const found = printsOf(visits)

  const diff = diffSchedule(before, found, from)
  const changes = diff.changed.length + diff.added.filter(isNew(visits, looks)).length
  const judged = judgeLook(looks, { changes, toldAt }, now())

  const differing = [...diff.added, ...diff.changed].map((one) => [one, found[one] ?? ''])
  await memory.changePrints(visitFeed, {
    set: Object.fromEntries(differing),
    remove: [...diff.gone, ...diff.passed],
  })
  await memory.write(visitFeed, { looks: judged })
}

/** The window moves on, so that a visit may come into sight that nobody touched. */
function isNew(visits: Stored<Appointment>[], looks: Looks | undefined) {
  const writtenAt = new Map(visits.map((one) => [referenceTo(one), parseInstant(one.meta?.lastUpdated)]))
  return (reference: Reference) => looks !== undefined && (writtenAt.get(reference) ?? 0) > looks.at
}
