/** What of the store's due requests is taken into Redis by a tick: what is urgent, and of the rest what the senders can carry soon. */
import type { CommunicationRequest } from 'fhir/r4'
import { dispatchWindow, isLookDue, takenFrom } from '../domain/dispatch-window.ts'
import { after, minute, toIso } from '../domain/time.ts'
import { naming, system } from '../fhir/codes.ts'
import { EmrError, type SearchParameters, type Stored, type World } from './ports.ts'

type Due = Stored<CommunicationRequest>

/** Urgent messages, answers and reminders, which are soon of no use, are looked for apart, however much was due before them. */
const overtaking: SearchParameters[] = [
  { priority: 'urgent,asap,stat' },
  { category: `${system.messageCategory}|reminder` },
  {
    category: [`${system.messageCategory}|auto-reply`, `${system.messageCategory}|consent-confirmation`].join(
      ',',
    ),
  },
]
const mostOvertaking = 500

/** In the order in which they are to go; none of them is on its way yet, as far as `isHeld` knows. */
export async function findDue(world: World, isHeld: (requests: Due[]) => Promise<boolean[]>): Promise<Due[]> {
  const untaken = async (due: Due[]) => takenFrom(due, await isHeld(due))
  const found = new Map<string, Due>()
  const take = (due: Due[]) => {
    for (const one of due) if (!found.has(one.id)) found.set(one.id, one)
  }
  for (const which of overtaking) take(await untaken(await search(world, which, mostOvertaking)))
  const window = dispatchWindow(world.senders.map(({ perSecond = 1 }) => perSecond))
  const waiting = await world.jobs.depth(world.senders.map(({ id }) => id))
  if (isLookDue({ window, waiting })) take(await untaken(await search(world, {}, window)))
  return [...found.values()]
}

/** The first of what is due within the next minute. A server that cannot sort is asked for all, and it is sorted here. */
async function search({ store, now }: World, which: SearchParameters, limit: number): Promise<Due[]> {
  const due: SearchParameters = {
    status: 'active',
    occurrence: `le${toIso(after(now(), minute))}`,
    // The EMR has requests of its own, to staff or by other means: they are none of our business.
    identifier: `${naming.requestKey}|`,
    ...which,
  }
  try {
    const sorted = { ...due, _sort: 'occurrence' }
    return ours(await store.search('CommunicationRequest', sorted, { limit }))
  } catch (error) {
    if (!refuses(error)) throw error
    const all = await store.search('CommunicationRequest', due)
    return ours(all)
      .toSorted((a, b) => timeOf(a) - timeOf(b))
      .slice(0, limit)
  }
}

function ours(due: Due[]): Due[] {
  return due.filter(({ doNotPerform }) => !doNotPerform)
}

function refuses(error: unknown): boolean {
  const status = error instanceof EmrError ? error.status : undefined
  return status === 400 || status === 404 || status === 422 || status === 501
}

function timeOf({ occurrenceDateTime = '' }: Due): number {
  return Date.parse(occurrenceDateTime) || 0
}
