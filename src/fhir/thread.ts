/** The thread header: one Communication per organisation and patient, under which SMS, WhatsApp and e-mail stand together. */
import type { Communication } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { naming, profile, system } from './codes.ts'
import { concept, hasCode } from './concept.ts'
import { idOf, toReference } from './reference.ts'

export function threadIdentifier(
  organization: Reference,
  patient: Reference,
): { system: string; value: string } {
  return { system: naming.thread, value: `${idOf(organization)}_${idOf(patient)}` }
}

export function toThread(organization: Reference, patient: Reference): Communication {
  return {
    resourceType: 'Communication',
    meta: { profile: [profile.thread] },
    identifier: [threadIdentifier(organization, patient)],
    status: 'in-progress',
    category: [concept(system.thread, 'header', 'Conversation')],
    subject: toReference(patient),
    recipient: [toReference(patient), toReference(organization)],
  }
}

export function isThread(communication: Communication): boolean {
  return hasCode(communication.category, system.thread, 'header')
}
