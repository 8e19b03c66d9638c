/** AuditEvent: that something was transmitted, received, blocked, permitted, removed or opened; references and codes only. */
import type { AuditEvent } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { type Reason, reasons } from '../domain/reason.ts'
import { type Instant, toIso } from '../domain/time.ts'
import { profile, system } from './codes.ts'
import { concept } from './concept.ts'
import { toReference } from './reference.ts'

export type Audited = 'transmit' | 'receive' | 'block' | 'consent-change' | 'redact' | 'open'

const action: Record<Audited, AuditEvent['action']> = {
  transmit: 'E',
  receive: 'C',
  block: 'E',
  'consent-change': 'U',
  redact: 'D',
  open: 'R',
}

export function toAuditEvent(event: {
  what: Audited
  patient?: Reference
  entities: Reference[]
  /** Sender id or install id. */
  source: string
  reason?: Reason
  /** See `maskAddress`. */
  maskedAddress?: string
  failed?: boolean
  /** The host's subject for who asked for it. */
  user?: string
  now: Instant
}): AuditEvent {
  const blocked = event.what === 'block'
  return {
    resourceType: 'AuditEvent',
    meta: { profile: [profile.audit] },
    type: { system: system.auditEventType, code: 'rest', display: 'RESTful Operation' },
    subtype: [
      { system: system.qasid, code: event.what },
      ...(event.what === 'redact' ? [{ system: system.lifecycle, code: 'destroy' }] : []),
    ],
    action: action[event.what],
    recorded: toIso(event.now),
    outcome: event.failed || blocked ? '4' : '0',
    ...(event.reason && { outcomeDesc: reasons[event.reason] }),
    agent: [
      ...(event.user === undefined ? [] : [{ requestor: true, altId: event.user }]),
      {
        requestor: false,
        name: 'Qasid',
        ...(event.maskedAddress && { network: { address: event.maskedAddress } }),
        ...(event.reason && { purposeOfUse: [concept(system.notSentReason, event.reason)] }),
      },
    ],
    source: { observer: { display: event.source } },
    entity: [...(event.patient ? [event.patient] : []), ...event.entities].map((reference) => ({
      what: toReference(reference),
    })),
  }
}
