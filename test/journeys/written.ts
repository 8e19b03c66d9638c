/** What we wrote into the EMR during a journey, held against the profiles: through the real client, batches and all. */
import type { FhirResource } from 'fhir/r4'
import { qasid } from '../../src/fhir/codes.ts'
import { createValidator, type Validator } from '../fhir-validator.ts'
import type { Stranger } from './stranger.ts'

const types = [
  ...(['CommunicationRequest', 'Communication', 'Consent', 'Task', 'Provenance', 'AuditEvent'] as const),
  ...(['AppointmentResponse', 'ActivityDefinition', 'Basic', 'Subscription'] as const),
]

/** Once for a test file: it holds all of R4. */
let made: Validator | undefined

/** What is ours says so; a Subscription is known by where it calls. */
function isOurs(resource: FhirResource): boolean {
  if (resource.resourceType === 'Subscription')
    return resource.channel.endpoint?.includes('/notify/') ?? false
  return resource.meta?.profile?.some((url) => url.startsWith(`${qasid}/`)) ?? false
}

/** The newest of each type: how many there are, and what is wrong with them. */
export async function readWritten(stranger: Stranger) {
  made ??= createValidator()
  const validate = made
  const counts: Partial<Record<(typeof types)[number], number>> = {}
  const faults: string[] = []
  await stranger.behave()
  for (const type of types) {
    const found: FhirResource[] = await stranger.search(type, { _sort: '-_lastUpdated' })
    const ours = found.filter(isOurs)
    counts[type] = ours.length
    for (const one of ours) faults.push(...validate(one).map((fault) => `${type}/${one.id} ${fault}`))
  }
  return { counts, faults }
}
