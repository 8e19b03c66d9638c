/** Invented people and messages for the app's tests; each test states only what differs. */
import type { Address } from '../../src/domain/address.ts'
import type { ConsentRecord } from '../../src/domain/consent.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import type { Person } from '../../src/domain/person.ts'
import { day, hour, type Instant, instant } from '../../src/domain/time.ts'
import type { ThreadMessage } from '../../src/fhir/communication.ts'

export const patient = 'Patient/layla'
export const now = instant(Date.parse('2026-11-20T12:00:00Z'))
export const mobile = '+971501234567' as Address
export const mailbox = 'layla@mail.example' as Address

export function ago(howLong: number): Instant {
  return instant(now - howLong)
}

export function aPerson(differs: Partial<Person> = {}): Person {
  const addresses: Person['addresses'] = [
    { channel: 'sms', parsed: { kind: 'address', address: mobile }, noNotifications: false, rank: 1 },
    { channel: 'whatsapp', parsed: { kind: 'address', address: mobile }, noNotifications: false, rank: 1 },
  ]
  return {
    reference: patient,
    name: { full: 'Layla Sample', given: 'Layla' },
    preferredLanguages: ['ar'],
    active: true,
    deceased: false,
    restricted: false,
    addresses,
    ...differs,
  }
}

export function aConsent(differs: Partial<ConsentRecord> = {}): ConsentRecord {
  return {
    reference: 'Consent/1',
    patient,
    active: true,
    type: 'permit',
    channel: 'sms',
    address: mobile,
    purposes: [],
    exceptions: [],
    period: {},
    decidedAt: ago(30 * day),
    byStop: false,
    ...differs,
  }
}

export function anOutbound(differs: Partial<ThreadMessage> = {}): ThreadMessage {
  return {
    reference: 'Communication/out',
    direction: 'out',
    category: 'conversation',
    channel: 'sms',
    text: 'See you on Sunday.',
    at: ago(hour),
    state: 'sent',
    request: 'CommunicationRequest/1',
    ...differs,
  }
}

export function anInbound(differs: Partial<ThreadMessage> = {}): ThreadMessage {
  return {
    reference: 'Communication/in',
    direction: 'in',
    category: 'patient-message',
    channel: 'whatsapp',
    text: 'Thank you',
    at: ago(hour),
    state: 'received',
    ...differs,
  }
}

export function aRequest(differs: Partial<MessageRequest> = {}): MessageRequest {
  return {
    reference: 'CommunicationRequest/1',
    key: 'manual_1',
    status: 'active',
    category: 'conversation',
    priority: 'routine',
    patient,
    recipient: patient,
    plan: ['whatsapp', 'sms'],
    dueAt: ago(hour),
    window: { from: ago(hour), until: instant(now + day) },
    content: { kind: 'text', text: 'See you on Sunday.' },
    replyOptions: [],
    forbidden: false,
    ...differs,
  }
}
