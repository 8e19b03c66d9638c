/** Provenance: who changed a consent, and by which message. */
import type { Provenance } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { type Instant, toIso } from '../domain/time.ts'
import { profile, system } from './codes.ts'
import { concept } from './concept.ts'
import { toReference } from './reference.ts'

/** `consent` as it was first written; the evidence is the patient's own message. */
export function toConsentProvenance(change: {
  consent: Reference
  version?: string
  message: Reference
  patient: Reference
  now: Instant
}): Provenance {
  return {
    resourceType: 'Provenance',
    meta: { profile: [profile.consentProvenance] },
    target: [toReference(change.version ? `${change.consent}/_history/${change.version}` : change.consent)],
    recorded: toIso(change.now),
    activity: concept(system.dataOperation, 'UPDATE', 'revise'),
    agent: [{ type: concept(system.participantType, 'author', 'Author'), who: toReference(change.patient) }],
    entity: [{ role: 'source', what: toReference(change.message) }],
  }
}
