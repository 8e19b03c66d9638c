/**
 * What was said before a certain moment, and is still to be read: day by day from the oldest on, so that no answer of the
 * store is larger than a day. What is emptied bears its label and is not found again.
 */
import type { Communication, CommunicationRequest } from 'fhir/r4'
import { isAttemptOver, requestEndedAt, saidAt } from '../domain/retention.ts'
import { after, day, type Instant, instant, parseInstant, toIso } from '../domain/time.ts'
import { fromAttempt } from '../fhir/attempt.ts'
import { naming, system } from '../fhir/codes.ts'
import { fromCommunicationRequest } from '../fhir/communication-request.ts'
import { fromInbound } from '../fhir/inbound.ts'
import { isRedacted, notRedacted } from '../fhir/redaction.ts'
import { referenceTo } from '../fhir/reference.ts'
import { type Emr, EmrError, type ResourceOf, type SearchParameters, type Stored } from './ports.ts'

export type Old =
  /** What a patient wrote, with so many files of ours. */
  | { kind: 'patient-message'; at: Instant; files: number; resource: Stored<Communication> }
  | { kind: 'attempt'; at: Instant; resource: Stored<Communication> }
  | { kind: 'request'; at: Instant; resource: Stored<CommunicationRequest> }

type OldRequest = Extract<Old, { kind: 'request' }>
type Searched = 'Communication' | 'CommunicationRequest'

/** How one kind is found: by which time of its own, and by what makes it ours. */
interface Sweep<T extends Searched> {
  type: T
  by: 'received' | 'sent' | 'occurrence'
  ours: SearchParameters
  timeOf(resource: ResourceOf<T>): string | undefined
  /** May name more than is due. */
  read(store: Emr, found: Stored<ResourceOf<T>>[], before: Instant): Promise<Old[]> | Old[]
}

const patientMessages: Sweep<'Communication'> = {
  ...{ type: 'Communication', by: 'received', timeOf: ({ received }) => received },
  ours: { category: `${system.messageCategory}|patient-message` },
  read: (_store, found) => found.flatMap(toPatientMessage),
}

const attempts: Sweep<'Communication'> = {
  ...{ type: 'Communication', by: 'sent', timeOf: ({ sent }) => sent },
  ours: { identifier: `${naming.attemptId}|` },
  read: (_store, found) => found.flatMap(toAttempt),
}

const requests: Sweep<'CommunicationRequest'> = {
  ...{ type: 'CommunicationRequest', by: 'occurrence', timeOf: (one) => one.occurrenceDateTime },
  ours: { identifier: `${naming.requestKey}|` },
  read: (store, found, before) =>
    withNeverSent(
      store,
      found.flatMap(toRequest).filter(({ at }) => at < before),
    ),
}

/** In batches, each of one kind and its own. */
export async function* findOld(store: Emr, before: Instant): AsyncGenerator<Old[]> {
  yield* sweepDays(store, patientMessages, before)
  yield* sweepDays(store, attempts, before)
  yield* sweepDays(store, requests, before)
}

const batchSize = 50

async function* sweepDays<T extends Searched>(
  store: Emr,
  sweep: Sweep<T>,
  before: Instant,
): AsyncGenerator<Old[]> {
  let from = await oldest(store, sweep, before)
  while (from !== undefined) {
    const until = instant(Math.min(after(from, day), before))
    const found = await search(store, sweep, [`ge${toIso(from)}`, `lt${toIso(until)}`])
    for (let start = 0; start < found.length; start += batchSize) {
      const old = await sweep.read(store, found.slice(start, start + batchSize), before)
      const due = old.filter(({ at }) => at < before)
      if (due.length > 0) yield due
    }
    from = await oldest(store, sweep, before, until)
  }
}

async function oldest<T extends Searched>(
  store: Emr,
  sweep: Sweep<T>,
  before: Instant,
  since?: Instant,
): Promise<Instant | undefined> {
  const bounds = [`lt${toIso(before)}`, ...(since === undefined ? [] : [`ge${toIso(since)}`])]
  const [first] = await search(store, sweep, bounds, { _sort: sweep.by })
  const time = first && sweep.timeOf(first)
  if (time === undefined) return undefined
  // By the EMR's own hand it may be a day without a time.
  return parseInstant(time) ?? parseInstant(`${time.slice(0, 10)}T00:00:00Z`)
}

/** With a sort order only the first is wanted. */
async function search<T extends Searched>(
  store: Emr,
  { type, by, ours }: Sweep<T>,
  bounds: string[],
  order?: { _sort: string },
): Promise<Stored<ResourceOf<T>>[]> {
  const wanted = { ...ours, [by]: bounds, ...order }
  const options = order ? { limit: 1 } : {}
  try {
    return await store.search(type, { ...wanted, ...notRedacted }, options)
  } catch (error) {
    if (!(error instanceof EmrError) || error.status !== 400) throw error
    return store.search(type, wanted, options)
  }
}

function toPatientMessage(resource: Stored<Communication>): Old[] {
  const inbound = fromInbound(resource)
  // What is not yet acted on is not over, however old it is.
  if (!inbound?.handled) return []
  const files = (inbound.files ?? []).filter(({ location }) => location?.startsWith('Binary/')).length
  return [{ kind: 'patient-message', at: inbound.receivedAt, files, resource }]
}

function toAttempt(resource: Stored<Communication>): Old[] {
  const attempt = fromAttempt(resource)
  if (!attempt || attempt.redacted || !isAttemptOver(attempt)) return []
  return [{ kind: 'attempt', at: saidAt(attempt), resource }]
}

function toRequest(resource: Stored<CommunicationRequest>): OldRequest[] {
  const read = fromCommunicationRequest(resource)
  if (read.kind === 'refused') {
    // Nothing can be sent of it, and what it says is as old as itself.
    const at = parseInstant(resource.occurrenceDateTime)
    return at === undefined || isRedacted(resource) ? [] : [{ kind: 'request', at, resource }]
  }
  if (read.request.redacted || read.request.forbidden) return []
  return [{ kind: 'request', at: requestEndedAt(read.request), resource }]
}

/**
 * Attempts that never left bear no time by which they could be found: they go with their request, and before it, so that
 * whoever dies in between comes back to both. One that is still in somebody's hands keeps its request.
 */
async function withNeverSent(store: Emr, wanted: OldRequest[]): Promise<Old[]> {
  if (wanted.length === 0) return []
  const byReference = new Map(wanted.map((one) => [referenceTo(one.resource), one]))
  const found = await store.search('Communication', { 'based-on': [...byReference.keys()].join(',') })
  const held = new Set<string>()
  const neverSent = found.flatMap((resource): Old[] => {
    const attempt = fromAttempt(resource)
    const request = attempt && byReference.get(attempt.request)
    if (!request || attempt.redacted) return []
    if (!isAttemptOver(attempt)) held.add(attempt.request)
    const isOurs = isAttemptOver(attempt) && attempt.sentAt === undefined
    return isOurs ? [{ kind: 'attempt', at: request.at, resource }] : []
  })
  return [...neverSent, ...wanted.filter(({ resource }) => !held.has(referenceTo(resource)))]
}
