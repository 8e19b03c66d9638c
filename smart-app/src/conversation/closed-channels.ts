/**
 * Which channels are open for a clinician's message, and why the others are not. What is shown here before Send is
 * decided again before the call; the worker's answer is the one that counts.
 */
import type { Address } from '../../../src/domain/address.ts'
import { type Channel, channels } from '../../../src/domain/channel.ts'
import { type ConsentRecord, decideConsent } from '../../../src/domain/consent.ts'
import type { AddressOnFile, Person } from '../../../src/domain/person.ts'
import type { Reason } from '../../../src/domain/reason.ts'
import { day, type Instant } from '../../../src/domain/time.ts'
import type { ThreadMessage } from '../../../src/fhir/communication.ts'

export type ChannelState = { kind: 'open'; address: Address } | { kind: 'closed'; reason: Reason }

export interface ChannelFacts {
  person: Person
  consents: ConsentRecord[]
  /** Channels on which the EMR itself forbids contact. */
  hostOptOuts: Channel[]
  messages: ThreadMessage[]
  now: Instant
  noConsent: 'block' | 'allow-care'
}

/** WhatsApp takes free text only this long after the patient's last message there. */
export const freeTextWithin = day

export function channelStates(facts: ChannelFacts): Record<Channel, ChannelState> {
  return { sms: stateOf('sms', facts), whatsapp: stateOf('whatsapp', facts), email: stateOf('email', facts) }
}

export function openChannels(states: Record<Channel, ChannelState>): Channel[] {
  return channels.filter((channel) => states[channel].kind === 'open')
}

export type NextStep = 'window' | 'consent' | 'optedOut' | 'address'

const steps: [NextStep, Reason[]][] = [
  ['window', ['outside-window']],
  ['consent', ['no-consent', 'consent-expired', 'purpose-not-permitted', 'category-excepted']],
  ['optedOut', ['opted-out', 'address-suppressed', 'provider-opt-out']],
  ['address', ['no-address', 'invalid-address', 'not-a-mobile']],
]

/** When all are closed: the easiest thing that would open one. Against a death or the EMR's own word there is none. */
export function nextStep(states: Record<Channel, ChannelState>): NextStep | undefined {
  const reasons = Object.values(states).flatMap((state) => (state.kind === 'closed' ? [state.reason] : []))
  return steps.find(([, opened]) => opened.some((reason) => reasons.includes(reason)))?.[0]
}

/** The patient's latest channel first: that is where they look. */
export function preferred(open: Channel[], messages: ThreadMessage[]): Channel[] {
  const latest = messages
    .filter((message) => message.direction === 'in')
    .toSorted((a, b) => b.at - a.at)[0]?.channel
  const order: Channel[] = ['whatsapp', 'sms', 'email']
  return order
    .filter((one) => open.includes(one))
    .toSorted((a, b) => Number(b === latest) - Number(a === latest))
}

function stateOf(channel: Channel, facts: ChannelFacts): ChannelState {
  const blocked = reasonAgainst(facts.person)
  if (blocked) return { kind: 'closed', reason: blocked }
  if (facts.hostOptOuts.includes(channel)) return { kind: 'closed', reason: 'host-opt-out' }
  const onFile = facts.person.addresses.filter((one) => one.channel === channel)
  const states = onFile.map((one) => stateOfAddress(one, facts))
  const best = states.find((state) => state.kind === 'open') ?? states[0]
  if (best?.kind === 'open' && channel === 'whatsapp' && !isWindowOpen(facts))
    return { kind: 'closed', reason: 'outside-window' }
  return best ?? { kind: 'closed', reason: 'no-address' }
}

function reasonAgainst(person: Person): Reason | undefined {
  if (person.deceased) return 'patient-deceased'
  if (!person.active) return 'patient-inactive'
  return person.restricted ? 'patient-restricted' : undefined
}

function stateOfAddress(
  onFile: AddressOnFile,
  { person, consents, now, noConsent }: ChannelFacts,
): ChannelState {
  if (onFile.parsed.kind === 'refused') return { kind: 'closed', reason: onFile.parsed.reason }
  if (onFile.validUntil !== undefined && onFile.validUntil <= now)
    return { kind: 'closed', reason: 'no-address' }
  if (onFile.noNotifications) return { kind: 'closed', reason: 'host-opt-out' }
  const { address } = onFile.parsed
  const { channel } = onFile
  const patient = person.reference
  const decision = decideConsent({
    ...{ records: consents, patient, channel, address, category: 'conversation', now, noConsent },
  })
  return decision.kind === 'permitted'
    ? { kind: 'open', address }
    : { kind: 'closed', reason: decision.reason }
}

function isWindowOpen({ messages, now }: ChannelFacts): boolean {
  return messages.some(
    (message) =>
      message.direction === 'in' && message.channel === 'whatsapp' && now - message.at < freeTextWithin,
  )
}
