/**
 * Which channels are open for a clinician's message, and why the others are not. What is shown here before Send is
 * decided again before the call; the worker's answer is the one that counts.
 */
import { type Channel, channels } from '../../../src/domain/channel.ts'
import type { ConsentRecord } from '../../../src/domain/consent.ts'
import type { RequestContent } from '../../../src/domain/message-request.ts'
import { type ChannelState, openChannel } from '../../../src/domain/open-channel.ts'
import type { Person } from '../../../src/domain/person.ts'
import type { Reason } from '../../../src/domain/reason.ts'
import type { SenderFacts } from '../../../src/domain/sender-choice.ts'
import type { Instant } from '../../../src/domain/time.ts'
import type { ThreadMessage } from '../../../src/fhir/communication.ts'

export interface ComposerFacts {
  person: Person
  consents: ConsentRecord[]
  /** Channels on which the EMR itself forbids contact. */
  hostOptOuts: Channel[]
  messages: ThreadMessage[]
  senders: SenderFacts[]
  now: Instant
  noConsent: 'block' | 'allow-care'
  content: RequestContent['kind']
}

export type { ChannelState }

export function channelStates(facts: ComposerFacts): Record<Channel, ChannelState> {
  const asked = { ...facts, category: 'conversation' } as const
  const lastWhatsAppAt = lastOn('whatsapp', facts.messages)
  const stateOf = (channel: Channel) => openChannel({ ...asked, lastWhatsAppAt }, channel)
  return { sms: stateOf('sms'), whatsapp: stateOf('whatsapp'), email: stateOf('email') }
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

function lastOn(channel: Channel, messages: ThreadMessage[]): Instant | undefined {
  const heard = messages.filter((message) => message.direction === 'in' && message.channel === channel)
  return heard.map((message) => message.at).toSorted((a, b) => b - a)[0]
}
