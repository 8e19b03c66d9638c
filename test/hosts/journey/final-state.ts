/** What a journey left in a store, without what differs from run to run: ids, times, addresses of servers. */
import type { CodeableConcept, FhirResource } from 'fhir/r4'
import { type Of, readAll } from './records-at.ts'

export const writtenTypes = [
  ...(['CommunicationRequest', 'Communication', 'Consent', 'Task', 'Provenance', 'AuditEvent'] as const),
  ...(['AppointmentResponse', 'ActivityDefinition', 'Basic', 'Subscription', 'Binary', 'Flag'] as const),
]
type Written = Of<(typeof writtenTypes)[number]>

/** One line for each resource, in order. How changes are told is the one thing that may differ. */
export async function finalState(fhirBase: string): Promise<string[]> {
  const lines: string[] = []
  for (const type of writtenTypes)
    if (type !== 'Subscription') lines.push(...(await readAll(fhirBase, type)).map(lineOf))
  return lines.sort()
}

export function lineOf(resource: FhirResource): string {
  const one = resource as unknown as Record<string, unknown> & Pick<Written, 'resourceType'>
  return JSON.stringify({
    type: one.resourceType,
    status: one.status ?? one.participantStatus ?? one.outcome,
    reason: codes(one.statusReason),
    category: codes(one.category),
    code: codes(one.code ?? one.subtype ?? one.activity),
    medium: codes(one.medium),
    allows: (one.provision as { type?: string } | undefined)?.type,
    identifiers: systems(one.identifier),
    profiles: resource.meta?.profile,
    labels: resource.meta?.security?.map(({ code }) => code),
  })
}

function codes(concepts: unknown): string[] | undefined {
  if (concepts === undefined) return undefined
  const all = [concepts].flat() as (CodeableConcept & { code?: string })[]
  return all.flatMap(({ coding, code }) => coding?.map((one) => one.code ?? '') ?? code ?? []).sort()
}

function systems(identifiers: unknown): string[] | undefined {
  if (identifiers === undefined) return undefined
  return ([identifiers].flat() as { system?: string }[]).map(({ system }) => system ?? '').sort()
}
