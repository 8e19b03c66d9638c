/** Whose a record of ours is. */
import type { AppointmentResponse, Communication, CommunicationRequest, Consent, Task } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { fromReference } from './reference.ts'

export type Owned = AppointmentResponse | Communication | CommunicationRequest | Consent | Task

/** `undefined` where nobody is named: then it is nobody's, and shown to nobody. */
export function ownerOf(resource: Owned): Reference | undefined {
  switch (resource.resourceType) {
    case 'AppointmentResponse':
      return fromReference(resource.actor)
    case 'Communication':
    case 'CommunicationRequest':
      return fromReference(resource.subject)
    case 'Consent':
      return fromReference(resource.patient)
    case 'Task':
      return fromReference(resource.for)
  }
}
