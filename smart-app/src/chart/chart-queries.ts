/** The chart's parts as queries: each read once, kept, and read again when the live feed names it. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { MessageRequest, Reference } from '../../../src/domain/message-request.ts'
import { minute } from '../../../src/domain/time.ts'
import type { ThreadMessage } from '../../../src/fhir/communication.ts'
import { typeOf } from '../../../src/fhir/reference.ts'
import type { Clock } from '../launch/launched.ts'
import type { ChartReader } from './chart-reader.ts'

/** The first part of a key is the FHIR type, so that a reference finds what it touches; opt-outs are the one exception. */
export const chartQueries = (reader: ChartReader, now: Clock) => ({
  person: queryOptions({ queryKey: ['Patient'], queryFn: () => reader.person() }),
  messages: queryOptions({ queryKey: ['Communication'], queryFn: () => reader.messages() }),
  requests: queryOptions({ queryKey: ['CommunicationRequest'], queryFn: () => reader.requests() }),
  consents: queryOptions({ queryKey: ['Consent'], queryFn: () => reader.consents() }),
  hostOptOuts: queryOptions({ queryKey: ['HostOptOut'], queryFn: () => reader.hostOptOuts() }),
  visits: queryOptions({ queryKey: ['Appointment'], queryFn: () => reader.comingVisits(now()) }),
  documents: queryOptions({ queryKey: ['DocumentReference'], queryFn: () => reader.documents() }),
  /** A file that was read stays what it was; what is no longer shown is forgotten after a while. */
  file: (reference: Reference) =>
    queryOptions({
      queryKey: ['File', reference],
      queryFn: async () => (await reader.file(reference)) ?? null,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 5 * minute,
    }),
})

/** Reads what the reference names; a thread of ten thousand messages is not read again for one tick. */
export async function applyChange(
  queries: QueryClient,
  reader: ChartReader,
  reference: Reference,
): Promise<void> {
  const type = typeOf(reference)
  // A search under way may have begun before the change: its answer would undo ours.
  const searching = queries.isFetching({ queryKey: [type] }) > 0
  if (type === 'Communication' && !searching) {
    const message = await reader.message(reference)
    return place<ThreadMessage>(queries, 'Communication', reference, message)
  }
  if (type === 'CommunicationRequest' && !searching) {
    const request = await reader.request(reference)
    // None of ours: it may be the EMR's "do not contact".
    if (!request) await queries.invalidateQueries({ queryKey: ['HostOptOut'] })
    return place<MessageRequest>(queries, 'CommunicationRequest', reference, request)
  }
  // An answer to a visit shows on the visit.
  await queries.invalidateQueries({ queryKey: [type === 'AppointmentResponse' ? 'Appointment' : type] })
}

export function place<T extends { reference?: Reference }>(
  queries: QueryClient,
  type: string,
  reference: Reference,
  item: T | undefined,
): void {
  queries.setQueryData<T[]>([type], (items) => items && placed(items, reference, item))
}

/** In its old place, or at the end; without an item it is taken out. */
export function placed<T extends { reference?: Reference }>(items: T[], reference: Reference, item?: T): T[] {
  if (!item) return items.filter((one) => one.reference !== reference)
  const known = items.some((one) => one.reference === reference)
  return known ? items.map((one) => (one.reference === reference ? item : one)) : [...items, item]
}
