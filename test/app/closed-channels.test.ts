import { describe, expect, it } from 'vitest'
import {
  type ComposerFacts,
  channelStates,
  nextStep,
  openChannels,
  preferred,
} from '../../smart-app/src/conversation/closed-channels.ts'
import type { Address } from '../../src/domain/address.ts'
import { channels } from '../../src/domain/channel.ts'
import type { Person } from '../../src/domain/person.ts'
import { day, hour } from '../../src/domain/time.ts'
import { aConsent, ago, anInbound, aPerson, mobile, now } from './chart-sample.ts'

const consents = [aConsent(), aConsent({ reference: 'Consent/2', channel: 'whatsapp' })]
const recent = [anInbound({ at: ago(hour) })]

function states(differs: Partial<ComposerFacts>) {
  return channelStates({
    person: aPerson(),
    consents,
    messages: recent,
    hostOptOuts: [],
    now,
    noConsent: 'block',
    content: 'text',
    senders: channels.map((channel) => ({ id: channel, channel, address: 'ours' as Address })),
    ...differs,
  })
}

function reasons(differs: Partial<ComposerFacts>) {
  return Object.values(states(differs)).map((state) => (state.kind === 'closed' ? state.reason : 'open'))
}

function withAddress(differs: Partial<Person['addresses'][number]>): Person {
  return aPerson({
    addresses: [
      {
        channel: 'sms',
        parsed: { kind: 'address', address: mobile },
        noNotifications: false,
        rank: 1,
        ...differs,
      },
    ],
  })
}

describe('channels of a patient', () => {
  it.each([
    ['permitted and addressed', {}, ['open', 'open', 'no-address']],
    ['nothing on file', { consents: [] }, ['no-consent', 'no-consent', 'no-address']],
    ['SMS only', { consents: [aConsent()] }, ['open', 'no-consent', 'no-address']],
    [
      'opted out of all',
      { consents: [aConsent({ type: 'deny', channel: undefined })] },
      ['opted-out', 'opted-out', 'no-address'],
    ],
    [
      'deceased',
      { person: aPerson({ deceased: true }) },
      ['patient-deceased', 'patient-deceased', 'patient-deceased'],
    ],
    [
      'merged away',
      { person: aPerson({ active: false }) },
      ['patient-inactive', 'patient-inactive', 'patient-inactive'],
    ],
    ['forbidden by the EMR', { hostOptOuts: ['sms'] }, ['host-opt-out', 'open', 'no-address']],
    [
      'confidential',
      { person: aPerson({ restricted: true }) },
      ['patient-restricted', 'patient-restricted', 'patient-restricted'],
    ],
    [
      'a landline',
      { person: withAddress({ parsed: { kind: 'refused', reason: 'not-a-mobile' } }) },
      ['not-a-mobile', 'no-address', 'no-address'],
    ],
    [
      'an address that has ended',
      { person: withAddress({ validUntil: ago(day) }) },
      ['no-address', 'no-address', 'no-address'],
    ],
    [
      'an address not for notifications',
      { person: withAddress({ noNotifications: true }) },
      ['host-opt-out', 'no-address', 'no-address'],
    ],
  ] as [string, Partial<ComposerFacts>, string[]][])('%s', (_, differs, expected) => {
    expect(reasons(differs)).toEqual(expected)
  })

  it('close WhatsApp a day after the patient’s last message there', () => {
    expect(states({ messages: [anInbound({ at: ago(day) })] }).whatsapp).toEqual({
      kind: 'closed',
      reason: 'outside-window',
    })
    expect(states({ messages: [anInbound({ at: ago(day - 1) })] }).whatsapp.kind).toBe('open')
  })

  it('do not open WhatsApp by a message on another channel', () => {
    expect(states({ messages: [anInbound({ channel: 'sms' })] }).whatsapp.kind).toBe('closed')
  })
})

describe('the next step, when all channels are closed', () => {
  it.each([
    ['consent', { consents: [] }],
    ['optedOut', { consents: [aConsent({ type: 'deny', channel: undefined })] }],
    ['address', { person: aPerson({ addresses: [] }) }],
    ['window', { consents: [aConsent({ channel: 'whatsapp' })], messages: [] }],
    [undefined, { person: aPerson({ deceased: true }) }],
  ] as [string | undefined, Partial<ComposerFacts>][])('is %s', (step, differs) => {
    expect(openChannels(states(differs))).toEqual([])
    expect(nextStep(states(differs))).toBe(step)
  })
})

describe('the automatic plan', () => {
  it('holds only open channels', () => {
    expect(openChannels(states({ consents: [aConsent()] }))).toEqual(['sms'])
  })

  it('begins where the patient last wrote', () => {
    expect(preferred(['sms', 'whatsapp'], [anInbound({ channel: 'sms' })])).toEqual(['sms', 'whatsapp'])
    expect(preferred(['sms', 'whatsapp'], [])).toEqual(['whatsapp', 'sms'])
  })
})
