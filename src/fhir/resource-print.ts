/** What of a resource matters to us, as a text that is equal when it is: a host may save it again and again unchanged. */
import type { Appointment, FhirResource } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { type Print, toPrint } from '../domain/schedule-diff.ts'
import { parseInstant } from '../domain/time.ts'
import { referenceTo } from './reference.ts'

/** Status, times and participants; the order in which a host lists those says nothing. */
export function printOf(resource: FhirResource): Print {
  if (resource.resourceType === 'Appointment') return toPrint(textOf(resource), parseInstant(resource.start))
  return toPrint(`${resource.meta?.versionId} ${resource.meta?.lastUpdated}`, undefined)
}

function textOf({ status, start, end, participant = [] }: Appointment): string {
  const who = participant.map((one) => `${one.actor?.reference} ${one.status}`).sort()
  return JSON.stringify([status, start, end, who])
}

export function printsOf(resources: FhirResource[]): Record<Reference, Print> {
  return Object.fromEntries(resources.map((one) => [referenceTo(one), printOf(one)]))
}
