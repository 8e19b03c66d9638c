/**
 * The visits of a date window as the host holds them, asked for in whatever pieces the host allows. What it allows shows in
 * its refusals, and is remembered.
 */
import type { Appointment } from 'fhir/r4'
import { visitFeed } from '../domain/change-feed.ts'
import type { Reference } from '../domain/message-request.ts'
import { asksByDate, type Partition, partitionsToTry } from '../domain/partition.ts'
import type { SweepWindow } from '../domain/sweep-windows.ts'
import { parseInstant, toIso } from '../domain/time.ts'
import { system } from '../fhir/codes.ts'
import { fromReference, referenceTo } from '../fhir/reference.ts'
import type { SearchParameters, Stored, World } from './ports.ts'
import { isRefusal } from './refusal.ts'
import { sideBySide } from './side-by-side.ts'

/** Each visit once. Throws `EmrError` when the host answers to none of the ways. */
export async function findVisits(world: World, window: SweepWindow): Promise<Stored<Appointment>[]> {
  const { feed } = world
  const [offers, { partition }] = await Promise.all([feed.offers('Appointment'), feed.memory.read(visitFeed)])
  const ways = partitionsToTry(offers, partition)
  for (const [index, way] of ways.entries()) {
    try {
      // Never a whole schedule of all times.
      const isDated = way === 'whole' || asksByDate(offers)
      const found = await ask(world, way, isDated ? { date: datesOf(window) } : {})
      if (way !== partition) await feed.memory.write(visitFeed, { partition: way })
      return withoutRepetition(found).filter((visit) => isWithin(visit, window))
    } catch (error) {
      if (!isRefusal(error) || index === ways.length - 1) throw error
    }
  }
  return []
}

/** One window of a host that cannot be asked by date costs as much as all of them. */
export async function joinWindows(world: World, windows: SweepWindow[]): Promise<SweepWindow[]> {
  const [first, last] = [windows[0], windows.at(-1)]
  const isSplit = !first || !last || asksByDate(await world.feed.offers('Appointment'))
  return isSplit ? windows : [{ from: first.from, until: last.until }]
}

function datesOf({ from, until }: SweepWindow): string[] {
  return [`ge${toIso(from)}`, `lt${toIso(until)}`]
}

async function ask(world: World, way: Partition, dates: SearchParameters): Promise<Stored<Appointment>[]> {
  if (way === 'whole') return world.host.search('Appointment', dates)
  const parts = await partsOf(world, way)
  const found = await sideBySide(parts, atOnce, (part) =>
    world.host.search('Appointment', { ...dates, [way]: part }),
  )
  return found.flat()
}

const atOnce = 4
/** Of more than this a host of such a kind could not be asked every few minutes. */
const mostPlaces = 1_000
const mostPractitioners = 2_000
const mostPatients = 5_000

async function partsOf(world: World, way: Exclude<Partition, 'whole'>): Promise<Reference[]> {
  const { host, log } = world
  const [parts, most] =
    way === 'location'
      ? [(await host.search('Location', {}, { limit: mostPlaces })).map(referenceTo), mostPlaces]
      : way === 'practitioner'
        ? [
            (await host.search('Practitioner', {}, { limit: mostPractitioners })).map(referenceTo),
            mostPractitioners,
          ]
        : [await patientsOf(world), mostPatients]
  if (parts.length >= most)
    log.warn('the schedule is too large to be read in such pieces: some are left out', {
      ...{ code: way, count: parts.length },
    })
  return parts.slice(0, most)
}

/**
 * Whoever may be written to: who gave a messaging consent, or has a message waiting. Of a clinic that writes without consent
 * the others cannot be known here.
 */
async function patientsOf({ store }: World): Promise<Reference[]> {
  const limit = { limit: mostPatients }
  const [consents, requests] = await Promise.all([
    store.search('Consent', { category: `${system.consentCategory}|messaging`, status: 'active' }, limit),
    store.search('CommunicationRequest', { status: 'active' }, limit),
  ])
  const named = [...consents.map(({ patient }) => patient), ...requests.map(({ subject }) => subject)]
  const patients = named.flatMap((one) => fromReference(one) ?? [])
  return [...new Set(patients)].filter((one) => one.startsWith('Patient/'))
}

function withoutRepetition(visits: Stored<Appointment>[]): Stored<Appointment>[] {
  return [...new Map(visits.map((visit) => [visit.id, visit])).values()]
}

/** Hosts without a date in their search answer with all days, and some take `lt` for a whole day. */
function isWithin({ start }: Appointment, { from, until }: SweepWindow): boolean {
  const at = parseInstant(start)
  return at === undefined || (at >= from && at < until)
}
