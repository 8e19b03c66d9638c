import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Address,
  isUserId,
  maskAddress,
  parseAddress,
  parseInboundAddress,
  spellings,
} from '../../src/domain/address.ts'

const mobiles: [text: string, country: string | undefined, address: string][] = [
  ...['9876543210', '09876543210', '919876543210'].map(indian),
  ...['0501234567', '501234567', '966501234567', '00966501234567', '+9660501234567', '٠٥٠١٢٣٤٥٦٧'].map(saudi),
  ...['+966 50 123 4567', '+966-50-123-4567', ' (050) 123-4567 '].map(saudi),
  ['011 15 5555-1234', 'AR', '+5491155551234'],
  ['+5491155551234', undefined, '+5491155551234'],
  ['+971501234567', 'SA', '+971501234567'],
]

const refusals: [text: string, country: string | undefined, reason: string][] = [
  // possible, but not a number of that country
  ['9876543210', 'SA', 'invalid-address'],
  // no country to read it by, or none that exists
  ['9876543210', undefined, 'invalid-address'],
  ['9876543210', 'XX', 'invalid-address'],
  // Mexico's old mobile prefix, Brazil's old length
  ['+5215512345678', undefined, 'invalid-address'],
  ['+551191234567', undefined, 'invalid-address'],
  // landlines
  ['0111234567', 'SA', 'not-a-mobile'],
  ['1234567890', 'IN', 'not-a-mobile'],
  ['+541155551234', undefined, 'not-a-mobile'],
  // no number at all
  ['', 'SA', 'invalid-address'],
  ['none', 'SA', 'invalid-address'],
  ['call 0501234567 after six', 'SA', 'invalid-address'],
  ['sara@clinic.example', 'SA', 'invalid-address'],
]

const notMailboxes = [
  '',
  'sara',
  'sara@',
  '@clinic.example',
  'sara@clinic',
  'sara@clinic..example',
  'sara@@clinic.example',
  'sara khan@clinic.example',
  'Sara <sara@clinic.example>',
  'omar,sara@clinic.example',
  'omar;sara@clinic.example',
  'mailto:sara@clinic.example',
  'sara@clinic.example\r\nbcc:omar@clinic.example',
  'sa\u200bra@clinic.example',
  `${'s'.repeat(250)}@clinic.example`,
]

describe('a phone number', () => {
  it.each(mobiles)('is read from %j with %s as %s', (text, country, address) => {
    for (const channel of ['sms', 'whatsapp'] as const) {
      expect(parseAddress(channel, text, country)).toEqual({ kind: 'address', address })
    }
  })

  it.each(refusals)('is refused from %j with %s: %s', (text, country, reason) => {
    expect(parseAddress('sms', text, country)).toEqual({ kind: 'refused', reason })
  })

  it('of the carriers’ tests is let through', () => {
    expect(parseAddress('sms', '+15005550006')).toEqual({ kind: 'address', address: '+15005550006' })
  })

  it('stays the same when it is read again', () => {
    for (const [, , address] of mobiles) {
      expect(parseAddress('sms', address)).toEqual({ kind: 'address', address })
    }
  })

  it('is found again from each of its spellings in its own country', () => {
    const address = phone('+966501234567')
    expect(spellings(address)).toEqual(
      expect.arrayContaining([
        '+966501234567',
        '966501234567',
        '00966501234567',
        '0501234567',
        '+966 50 123 4567',
        '501234567',
      ]),
    )
    for (const spelling of spellings(address)) {
      expect(parseAddress('sms', spelling, 'SA'), spelling).toEqual({ kind: 'address', address })
    }
  })

  it('is never thrown at the caller, whatever the chart holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('sms', 'email'), (text, channel) => {
        expect(['address', 'refused']).toContain(parseAddress(channel, text, 'AE').kind)
      }),
    )
  })
})

describe('a mailbox', () => {
  it.each([
    ['sara@clinic.example', 'sara@clinic.example'],
    [' Sara.Khan+visits@Clinic.Example ', 'sara.khan+visits@clinic.example'],
    ['sara@mail.clinic.example', 'sara@mail.clinic.example'],
    ['سارة@عيادة.example', 'سارة@عيادة.example'],
  ])('is read from %j', (text, address) => {
    expect(parseAddress('email', text)).toEqual({ kind: 'address', address })
  })

  it.each(notMailboxes)('is refused from %j', (text) => {
    expect(parseAddress('email', text)).toEqual({ kind: 'refused', reason: 'invalid-address' })
  })

  it('has one spelling', () => {
    expect(spellings(mailbox('sara@clinic.example'))).toEqual(['sara@clinic.example'])
  })
})

describe('a user id of WhatsApp’s', () => {
  const userId = 'SA.10000000000000000001'

  it.each([userId, 'AE.ENT.5aQ', `US.${'a'.repeat(128)}`])('%s is an address to write back to', (text) => {
    expect(isUserId(text)).toBe(true)
    expect(parseInboundAddress('whatsapp', text)).toBe(text)
    expect(spellings(text as Address)).toEqual([text])
  })

  it.each([
    ...['sa.1', 'SAU.1', 'SA.', 'SA-1', 'SA.1 2', 'SA.1/2', 'SA.é', `US.${'a'.repeat(129)}`],
  ])('%s is none', (text) => {
    expect(isUserId(text)).toBe(false)
    expect(parseInboundAddress('whatsapp', text)).toBeUndefined()
  })

  it('is nothing to other channels, and nothing that staff may enter', () => {
    expect(parseInboundAddress('sms', userId)).toBeUndefined()
    expect(parseInboundAddress('email', userId)).toBeUndefined()
    expect(parseAddress('whatsapp', userId)).toEqual({ kind: 'refused', reason: 'invalid-address' })
  })
})

describe('a masked address', () => {
  it('keeps the country and the last three digits', () => {
    expect(maskAddress(phone('+966501234567'))).toBe('+9665•••••567')
  })

  it('keeps the first letter and the domain', () => {
    expect(maskAddress(mailbox('sara@clinic.example'))).toBe('s•••@clinic.example')
  })
})

function indian(text: string): [string, string, string] {
  return [text, 'IN', '+919876543210']
}

function saudi(text: string): [string, string, string] {
  return [text, 'SA', '+966501234567']
}

function phone(text: string): Address {
  return read('sms', text)
}

function mailbox(text: string): Address {
  return read('email', text)
}

function read(channel: 'sms' | 'email', text: string): Address {
  const parsed = parseAddress(channel, text)
  if (parsed.kind === 'refused') throw new Error('The test needs an address')
  return parsed.address
}
