/**
 * poll-changes: hosts that tell us nothing are asked.
 * in: what the host changed since the cursor, or its schedule ahead, and the prints of the last time · decides: `isPollDue`, `diffSchedule` · out: a job for each resource that changed; then the prints and the cursor, in this order, so that a crash costs a repetition and no change
 */
import { isPollDue, overlap, type Rung, visitFeed, workFor } from '../domain/change-feed.ts'
import type { Reference } from '../domain/message-request.ts'
import { diffSchedule } from '../domain/schedule-diff.ts'
import { sweepWindows } from '../domain/sweep-windows.ts'
import { before, type Instant, instant, parseInstant, toIso } from '../domain/time.ts'
import { printsOf } from '../fhir/resource-print.ts'
import type { FeedRecord, FeedWish } from './feed-ports.ts'
import { findVisits } from './find-visits.ts'
import { planAll } from './plan-all.ts'
import type { SearchParameters, World } from './ports.ts'
import { isRefusal } from './refusal.ts'
import { sweep } from './sweep.ts'

export async function pollChanges(world: World, wishes: FeedWish[]): Promise<void> {
  for (const wish of wishes) {
    const record = await world.feed.memory.read(wish.key)
    const rung = record.inForce?.rung
    if (rung && isPollDue({ ...record, rung }, world.now())) await pollOne(world, wish, rung, record)
  }
}

async function pollOne(world: World, wish: FeedWish, rung: Rung, record: FeedRecord): Promise<void> {
  const { memory } = world.feed
  const polledAt = world.now()
  try {
    if (rung === 'window') await readWindow(world, wish.key)
    else await readSince(world, wish, record.cursor)
    await memory.write(wish.key, { polledAt })
  } catch (error) {
    if (rung !== 'poll' || !isRefusal(error)) throw error
    // The watch steps down by itself, and tries again later.
    const { failures } = await memory.read(wish.key)
    await memory.write(wish.key, { failures: { ...failures, poll: { why: 'refused', at: polledAt } } })
  }
}

/** The first time, and after a wipe, nobody knows since when: the schedule ahead is swept once. */
async function readSince(world: World, wish: FeedWish, cursor: Instant | undefined): Promise<void> {
  const { memory } = world.feed
  if (cursor === undefined) {
    if (wish.key === visitFeed) await sweep(world, 'ahead')
    return memory.write(wish.key, { cursor: before(world.now(), overlap) })
  }
  const { searchParams } = await world.feed.offers(wish.resource)
  const found = await world.host.search(wish.resource, {
    ...parametersOf(wish, searchParams),
    _lastUpdated: `gt${toIso(before(cursor, overlap))}`,
  })
  const prints = printsOf(found)
  const known = await memory.prints(wish.key)
  const { added, changed, gone, passed } = diffSchedule(known, prints, cursor)
  await hand(world, wish, [...added, ...changed])
  // Only what the next poll may find again has to be remembered.
  await memory.changePrints(wish.key, { set: prints, remove: [...gone, ...passed] })
  const written = found.map(({ meta }) => parseInstant(meta?.lastUpdated) ?? cursor)
  // By the host's own clock, however wrong: it is compared with nothing else.
  const latest = written.reduce<number>((one, other) => Math.max(one, other), cursor)
  await memory.write(wish.key, { cursor: instant(latest) })
}

/** What the host cannot search by is left out: it then names more than is wanted, and what each is, is read before it counts. */
function parametersOf({ criteria }: FeedWish, known: string[]): SearchParameters {
  const query = new URLSearchParams(criteria.slice(criteria.indexOf('?') + 1))
  const names = [...query.keys()].filter((name) => known.includes(name))
  return Object.fromEntries(names.map((name) => [name, query.getAll(name)]))
}

async function readWindow(world: World, key: string): Promise<void> {
  const { memory } = world.feed
  const settings = await world.clinic.settings()
  const windows = sweepWindows('ahead', settings, world.now())
  const [from, until] = [windows[0]?.from ?? world.now(), windows.at(-1)?.until ?? world.now()]
  const prints = printsOf(await findVisits(world, { from, until }))
  const { added, changed, gone, passed } = diffSchedule(await memory.prints(key), prints, from)
  const differing = [...added, ...changed]
  // What is no longer found is only believed gone when a direct read says so.
  await planAll(world, [...differing, ...gone])
  await memory.changePrints(key, {
    set: Object.fromEntries(differing.map((one) => [one, prints[one] ?? ''])),
    remove: [...gone, ...passed],
  })
  world.log.info('read the schedule', { count: differing.length + gone.length })
}

async function hand(world: World, { key }: FeedWish, references: Reference[]): Promise<void> {
  if (key === visitFeed) return planAll(world, references)
  await world.jobs.addAll(
    references.flatMap((reference) => {
      const job = workFor(reference)
      return job ? [{ job }] : []
    }),
  )
}
