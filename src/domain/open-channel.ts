/**
 * Is one channel open to this person for this kind of message, and at which address? The worker asks before every call;
 * the composer asks the same function, so that what it shows before Send is what will happen.
 */
import type { Address } from './address.ts'
import type { Channel } from './channel.ts'
import { type ConsentRecord, decideConsent } from './consent.ts'
import type { Inbound } from './inbound.ts'
import type { MessageCategory, RequestContent } from './message-request.ts'
import type { AddressOnFile, Person } from './person.ts'
import type { Reason } from './reason.ts'
import { chooseSender, type SenderChoice, type SenderFacts } from './sender-choice.ts'
import { day, type Instant, minute } from './time.ts'

export interface ChannelFacts {
  person: Person
  /** Of the patient, and those that name one of the patient's addresses. */
  consents: ConsentRecord[]
  /** Channels on which the EMR itself forbids contact. */
  hostOptOuts: Channel[]
  senders: SenderFacts[]
  category: MessageCategory
  /** A template may be sent by WhatsApp at any time, free text only while its window is open. */
  content: RequestContent['kind']
  /** When the patient last wrote to us by WhatsApp. */
  lastWhatsAppAt?: Instant
  /** The patient's message that is answered. */
  answered?: Inbound
  noConsent: 'block' | 'allow-care'
  /** Of several equal senders the same one is chosen for the same seed. */
  seed?: string
  now: Instant
}

export type ChannelState =
  /** `because` says why this sender of several. */
  | { kind: 'open'; to: Address; sender: string; because: Chosen['because'] }
  | { kind: 'closed'; reason: Reason }
type Chosen = Extract<SenderChoice<SenderFacts>, { kind: 'chosen' }>

/** WhatsApp takes free text only this long after the patient's last message there. */
export const freeTextWithin = day

/** The confirmation of a STOP is welcome this long. */
const confirmedWithin = 15 * minute

export function openChannel(facts: ChannelFacts, channel: Channel): ChannelState {
  const against = reasonAgainstPerson(facts.person)
  if (against) return closed(against)
  if (facts.hostOptOuts.includes(channel)) return closed('host-opt-out')
  const judged = addressesFor(facts, channel).map((onFile) => judgeAddress(facts, channel, onFile))
  const open = judged.find((one) => one.kind === 'open')
  if (!open) {
    const reasons = judged.flatMap((one) => (one.kind === 'closed' ? [one.reason] : []))
    return closed(reasons.length > 0 ? tellingReason(reasons) : 'no-address')
  }
  const windowShut = channel === 'whatsapp' && !isWindowOpen(facts)
  if (windowShut && facts.content !== 'template') return closed('outside-window')
  const { senders, content, answered, seed } = facts
  const ask = { channel, to: open.to, content, windowShut, seed, writtenTo: answered?.to }
  const choice = chooseSender(senders, ask)
  if (choice.kind === 'none') return closed(choice.reason)
  return { kind: 'open', to: open.to, sender: choice.sender.id, because: choice.because }
}

export function reasonAgainstPerson(person: Person | undefined): Reason | undefined {
  if (!person) return 'patient-missing'
  if (person.deceased) return 'patient-deceased'
  if (!person.active) return 'patient-inactive'
  return person.restricted ? 'patient-restricted' : undefined
}

function closed(reason: Reason): { kind: 'closed'; reason: Reason } {
  return { kind: 'closed', reason }
}

/** An automatic answer goes to the address that asked, and nowhere else; staff answer there first. */
function addressesFor({ person, answered, category }: ChannelFacts, channel: Channel): AddressOnFile[] {
  const onFile = person.addresses.filter((one) => one.channel === channel)
  if (!answered) return onFile
  const asked = (one: AddressOnFile) => one.parsed.kind === 'address' && one.parsed.address === answered.from
  return category === 'conversation'
    ? onFile.toSorted((one, other) => Number(asked(other)) - Number(asked(one)))
    : onFile.filter(asked)
}

function judgeAddress(
  facts: ChannelFacts,
  channel: Channel,
  onFile: AddressOnFile,
): { kind: 'open'; to: Address } | { kind: 'closed'; reason: Reason } {
  if (onFile.parsed.kind === 'refused') return closed(onFile.parsed.reason)
  const to = onFile.parsed.address
  if (onFile.validUntil !== undefined && onFile.validUntil <= facts.now) return closed('no-address')
  if (onFile.noNotifications) return closed('host-opt-out')
  if (facts.senders.some((sender) => sender.address === to)) return closed('own-address')
  if (confirmsConsentChange(facts, channel, to)) return { kind: 'open', to }
  const { consents: records, category, now, noConsent } = facts
  const patient = facts.person.reference
  const consent = decideConsent({ records, patient, channel, address: to, category, now, noConsent })
  return consent.kind === 'permitted' ? { kind: 'open', to } : closed(consent.reason)
}

/** The one message that may pass a STOP: our fixed confirmation, to the address that just wrote it. */
function confirmsConsentChange(facts: ChannelFacts, channel: Channel, to: Address): boolean {
  const { category, content, answered, now } = facts
  if (category !== 'consent-confirmation' || content !== 'template') return false
  if (answered?.intent !== 'stop' && answered?.intent !== 'start') return false
  return answered.channel === channel && answered.from === to && now < answered.receivedAt + confirmedWithin
}

/** WhatsApp's window for our own words. */
export function isWindowOpen({ lastWhatsAppAt, now }: Pick<ChannelFacts, 'lastWhatsAppAt' | 'now'>): boolean {
  return lastWhatsAppAt !== undefined && now - lastWhatsAppAt < freeTextWithin
}

/** Of several closed ways, the reason that tells staff most: what was tried, then what the patient wants, then what is on file. */
const telling: Reason[] = [
  'undelivered',
  'rejected',
  'recipient-unreachable',
  'invalid-recipient',
  'provider-unreachable',
  'provider-opt-out',
  'recipient-not-allowed',
  'content-refused',
  'file-refused',
  'template-refused',
  'policy-refused',
  'sender-misconfigured',
  'sender-resting',
  'address-suppressed',
  'opted-out',
  'host-opt-out',
  'category-excepted',
  'purpose-not-permitted',
  'consent-expired',
  'outside-window',
  'template-not-approved',
  'content-not-carried',
  'country-not-served',
  'no-consent',
  'not-a-mobile',
  'invalid-address',
  'own-address',
  'no-sender',
  'no-address',
]

export function tellingReason(found: Reason[]): Reason {
  return telling.find((reason) => found.includes(reason)) ?? found[0] ?? 'no-address'
}
