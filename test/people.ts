/**
 * Invented people, their visits and what was written to them. Each builder makes a whole, ordinary thing; a case states
 * only what differs. Numbers are the carriers' test numbers (+1 500 555 00xx), which nobody has.
 */
import { type Address, parseAddress } from '../src/domain/address.ts'
import type { AnswerFacts } from '../src/domain/answer.ts'
import type { Attempt } from '../src/domain/attempt.ts'
import type { Channel } from '../src/domain/channel.ts'
import type { ConsentRecord } from '../src/domain/consent.ts'
import type { DispatchFacts } from '../src/domain/dispatch.ts'
import type { Inbound } from '../src/domain/inbound.ts'
import type { MessageRequest } from '../src/domain/message-request.ts'
import type { DeliveryEvent } from '../src/domain/outcome.ts'
import type { AddressOnFile, Person } from '../src/domain/person.ts'
import type { SenderFacts } from '../src/domain/sender-choice.ts'
import type { ClinicSettings, ReminderRule } from '../src/domain/settings.ts'
import { type Instant, parseInstant, toBasicIso, toIso } from '../src/domain/time.ts'
import type { Visit } from '../src/domain/visit.ts'

export const sara = 'Patient/sara'
export const omar = 'Patient/omar'

/** The clinic's own numbers; the others are of patients and their families. */
export const numbers = {
  clinic: '+15005550001',
  sara: '+15005550011',
  sarasOther: '+15005550012',
  omar: '+15005550021',
  stranger: '+15005550099',
} as const

export function at(text: string): Instant {
  const parsed = parseInstant(text)
  if (parsed === undefined) throw new Error(`${text} is not an instant`)
  return parsed
}

/** A Friday morning in Dubai (09:00). */
export const now = at('2026-11-20T05:00:00Z')
/** The visit of every case that does not say otherwise: two days later, 13:00 in Dubai. */
export const visitStart = at('2026-11-22T09:00:00Z')

export function address(text: string, channel: Channel = text.includes('@') ? 'email' : 'sms'): Address {
  const parsed = parseAddress(channel, text)
  if (parsed.kind === 'refused') throw new Error(`${text} is not an address: ${parsed.reason}`)
  return parsed.address
}

export function onFile(
  channel: Channel,
  text: string,
  differs: Partial<AddressOnFile> & { country?: string } = {},
): AddressOnFile {
  const { country, ...rest } = differs
  return { channel, parsed: parseAddress(channel, text, country), noNotifications: false, rank: 99, ...rest }
}

/** A number in the chart is reached by SMS and by WhatsApp. */
export function phone(text: string): AddressOnFile[] {
  return [onFile('sms', text), onFile('whatsapp', text)]
}

export function person(differs: Partial<Person> = {}): Person {
  return {
    reference: sara,
    name: { full: 'Sara Example', given: 'Sara' },
    preferredLanguages: ['en'],
    active: true,
    deceased: false,
    restricted: false,
    addresses: phone(numbers.sara),
    ...differs,
  }
}

export function visit(differs: Partial<Visit> = {}): Visit {
  return {
    reference: 'Appointment/v1',
    status: 'booked',
    start: visitStart,
    zone: 'Asia/Dubai',
    patients: [{ reference: sara, confirmed: false }],
    place: 'Palm Street',
    changedAt: now,
    ...differs,
  }
}

export function rule(differs: Partial<ReminderRule> = {}): ReminderRule {
  return {
    id: '2h',
    before: 'PT2H',
    plan: ['whatsapp', 'sms'],
    template: 'visit-reminder',
    bookedLate: 'send-now',
    ...differs,
  }
}

export function settings(differs: Partial<ClinicSettings> = {}): ClinicSettings {
  return {
    clinic: 'Palm Clinic',
    organization: 'Organization/clinic',
    zone: 'Asia/Dubai',
    zones: {},
    country: 'AE',
    language: 'en',
    remindOn: ['pending', 'booked'],
    rules: [rule({ id: '48h', before: 'PT48H' }), rule()],
    remindChangesSince: '2026-01-01T00:00:00Z',
    noConsent: 'block',
    unknown: {},
    replies: { cancel: 'task', cancelWord: 'stop', mostEqual: 3 },
    retention: { contentFor: 90 },
    ...differs,
  }
}

/** A reminder that is due now. */
export function request(differs: Partial<MessageRequest> = {}): MessageRequest {
  return {
    reference: 'CommunicationRequest/r1',
    key: `v1_${toBasicIso(visitStart)}_2h_sara`,
    status: 'active',
    category: 'reminder',
    priority: 'routine',
    patient: sara,
    recipient: sara,
    visit: 'Appointment/v1',
    visitStart,
    ruleId: '2h',
    plan: ['whatsapp', 'sms'],
    dueAt: now,
    window: { from: now, until: visitStart },
    content: {
      kind: 'template',
      template: 'https://qasid.dev/fhir/ActivityDefinition/visit-reminder|1',
      parameters: { start: toIso(visitStart), zone: 'Asia/Dubai' },
    },
    replyOptions: ['confirm', 'cancel'],
    forbidden: false,
    ...differs,
  }
}

/** Handed to the provider ten minutes ago; asks to confirm or cancel. */
export function attempt(differs: Partial<Attempt> = {}): Attempt {
  const sentAt = at('2026-11-20T04:50:00Z')
  return {
    reference: 'Communication/a1',
    attemptId: 'r1_0',
    request: 'CommunicationRequest/r1',
    patient: sara,
    recipient: sara,
    visit: 'Appointment/v1',
    category: 'reminder',
    channel: 'sms',
    from: address(numbers.clinic),
    to: address(numbers.sara),
    sender: 'clinic-sms',
    provider: 'sandbox',
    providerId: { system: 'https://qasid.dev/fhir/NamingSystem/sandbox-message-id', value: 'SB1' },
    text: 'Do you come?',
    language: 'en',
    replyOptions: ['confirm', 'cancel'],
    state: 'sent',
    at: sentAt,
    sentAt,
    calls: 1,
    ...differs,
  }
}

export function delivery(differs: Partial<DeliveryEvent> = {}): DeliveryEvent {
  return { kind: 'delivery', providerId: 'SB1', state: 'delivered', at: now, ...differs }
}

/** Written on Sara's phone just now. */
export function inbound(differs: Partial<Inbound> = {}): Inbound {
  return {
    reference: 'Communication/i1',
    providerId: { system: 'https://qasid.dev/fhir/NamingSystem/sandbox-message-id', value: 'SB9' },
    channel: 'sms',
    from: address(numbers.sara),
    to: address(numbers.clinic),
    text: '1',
    sentAt: now,
    receivedAt: now,
    handled: false,
    ...differs,
  }
}

/** A permit for everything, on every channel, at every address, given long ago. */
export function consent(differs: Partial<ConsentRecord> = {}): ConsentRecord {
  return {
    reference: 'Consent/c1',
    patient: sara,
    active: true,
    type: 'permit',
    purposes: [],
    exceptions: [],
    period: {},
    decidedAt: at('2026-01-01T08:00:00Z'),
    byStop: false,
    ...differs,
  }
}

/** A STOP written on Sara's phone in November. */
export function stop(differs: Partial<ConsentRecord> = {}): ConsentRecord {
  return consent({
    reference: 'Consent/stop',
    type: 'deny',
    channel: 'sms',
    address: address(numbers.sara),
    decidedAt: at('2026-11-10T08:00:00Z'),
    byStop: true,
    ...differs,
  })
}

export const senders: SenderFacts[] = [
  { id: 'clinic-sms', channel: 'sms', address: address(numbers.clinic) },
  { id: 'clinic-whatsapp', channel: 'whatsapp', address: address(numbers.clinic) },
  { id: 'clinic-mail', channel: 'email', address: address('visits@clinic.example') },
]

/** A due reminder that may go. */
export function dispatchFacts(differs: Partial<DispatchFacts> = {}): DispatchFacts {
  return {
    request: request(),
    person: person(),
    visit: visit(),
    consents: [consent()],
    hostOptOuts: [],
    attempts: [],
    senders,
    settings: settings(),
    now,
    ...differs,
  }
}

/** Sara answers to the question about her visit. */
export function answerFacts(differs: Partial<AnswerFacts> = {}): AnswerFacts {
  return {
    inbound: inbound(),
    match: { kind: 'one', person: person(), question: question() },
    intent: 'confirm',
    visit: visit(),
    consents: [],
    recentReplies: [],
    hostCanCancel: true,
    settings: settings(),
    now,
    ...differs,
  }
}

export function question() {
  return {
    attempt: 'Communication/a1',
    patient: sara,
    visit: 'Appointment/v1',
    options: ['confirm' as const, 'cancel' as const],
    askedAt: at('2026-11-20T04:50:00Z'),
  }
}
