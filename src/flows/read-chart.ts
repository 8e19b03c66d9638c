/**
 * read-chart: what is ours of one patient's chart, for a clinician whose right to it was proved. The store knows no
 * clinicians: that nothing of another patient is answered is decided here, before the search and after it.
 * in: a type and a patient · decides: whose each is · out: FHIR, and nothing written
 */
import type { Bundle } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { type Owned, ownerOf } from '../fhir/owner.ts'
import type { Emr, SearchParameters, Stored, World } from './ports.ts'

export type OwnType = Owned['resourceType']

export interface ChartWish {
  status?: string
  /** Most of one page. */
  count: number
  /** `meta.lastUpdated` of the last one on the page before. */
  after?: string
}

/**
 * By what each is found. Where there is another, not by `patient`: that asks a server to resolve the reference, and some can
 * only resolve their own, while the patient stands on the host.
 */
const ownerParameter: Record<OwnType, string> = {
  AppointmentResponse: 'actor',
  Communication: 'subject',
  CommunicationRequest: 'subject',
  Consent: 'patient',
  Task: 'subject',
}

/** A page of a searchset; `next` is relative to where our types are served. */
export async function searchChart(
  { store }: Pick<World, 'store'>,
  type: OwnType,
  patient: Reference,
  wish: ChartWish,
): Promise<Bundle> {
  const { resources, next } = await readPage(store, type, patient, wish)
  const own = resources.filter((one) => ownerOf(one) === patient)
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(next !== undefined && { link: [{ relation: 'next', url: toLink(type, wish, next) }] }),
    entry: own.map((resource) => ({ resource, search: { mode: 'match' } })),
  }
}

/** `undefined` when there is none, and just so when it is another patient's. */
export async function readFromChart(
  { store }: Pick<World, 'store'>,
  type: OwnType,
  id: string,
  patient: Reference,
): Promise<Stored<Owned> | undefined> {
  const resource: Stored<Owned> | undefined = await store.read(type, id)
  return resource && ownerOf(resource) === patient ? resource : undefined
}

/**
 * By when they were changed: what changes while somebody turns the pages moves to a later one, so it may be seen twice and
 * is never missed. Those of one moment stand on one page, because the next one begins after that moment.
 */
async function readPage(
  store: Emr,
  type: OwnType,
  patient: Reference,
  { status, count, after }: ChartWish,
): Promise<{ resources: Stored<Owned>[]; next?: string }> {
  const ours: SearchParameters = { [ownerParameter[type]]: patient, ...(status !== undefined && { status }) }
  const since = after !== undefined && { _lastUpdated: `gt${after}` }
  const wanted = { ...ours, ...since, _sort: '_lastUpdated', _count: String(count + 1) }
  const found = await search(store, type, wanted, count + 1)
  const last = found[count - 1]?.meta?.lastUpdated
  if (found.length <= count || last === undefined) return { resources: found }
  const page = found.slice(0, count)
  if (found[count]?.meta?.lastUpdated !== last) return { resources: page, next: last }
  const moment = await search(store, type, { ...ours, _lastUpdated: [`ge${last}`, `le${last}`] })
  const known = new Set(page.map(({ id }) => id))
  return { resources: [...page, ...moment.filter(({ id }) => !known.has(id))], next: last }
}

async function search(
  store: Emr,
  type: OwnType,
  parameters: SearchParameters,
  limit?: number,
): Promise<Stored<Owned>[]> {
  return store.search(type, parameters, limit === undefined ? {} : { limit })
}

function toLink(type: OwnType, { status, count }: ChartWish, page: string): string {
  const parameters = { ...(status !== undefined && { status }), _count: String(count), page }
  return `${type}?${new URLSearchParams(parameters)}`
}
