/** WhatsApp's spelling of numbers, brought into the one that charts hold. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../src/domain/address.ts'
import { parseDisplayNumber, parseWhatsAppId } from '../../src/domain/whatsapp-id.ts'

describe('an id of WhatsApp’s', () => {
  it.each([
    ['966501234567', '+966501234567'],
    ['+966501234567', '+966501234567'],
    ['+966 50 123 4567', '+966501234567'],
    // Mexico: old and new
    ['5215512345678', '+525512345678'],
    ['525512345678', '+525512345678'],
    // Brazil: eight digits and nine; a landline keeps its eight
    ['555181234567', '+5551981234567'],
    ['5551981234567', '+5551981234567'],
    ['551132345678', '+551132345678'],
    // Argentina: with and without the 9
    ['5491155551234', '+5491155551234'],
    ['541155551234', '+5491155551234'],
    // nobody's plan, but WhatsApp's: test numbers of companies
    ['15550100002', '+15550100002'],
    ['+1 555-010-0002', '+15550100002'],
    ['15005550006', '+15005550006'],
    // no number at all
    ['SA.10000000000000000001', 'SA.10000000000000000001'],
    ['AE.ENT.5aQ', 'AE.ENT.5aQ'],
  ])('%s is %s', (id, address) => {
    expect(parseWhatsAppId(id)).toBe(address)
  })

  it.each(['', 'Ada', '1234', '+', '9665012345678901', 'ada@home.example', 'sa.1'])('%j is none', (id) => {
    expect(parseWhatsAppId(id)).toBeUndefined()
  })

  it('of a number that a chart may hold is that number', () => {
    for (const number of [
      '+966501234567',
      '+919876543210',
      '+971501234567',
      '+525512345678',
      '+5491155551234',
    ]) {
      const parsed = parseAddress('whatsapp', number)
      expect(parsed).toEqual({ kind: 'address', address: parseWhatsAppId(number.slice(1)) })
    }
  })

  it('stays the same when it is read again, and is never thrown at the caller', () => {
    const id = fc.oneof(fc.string(), fc.stringMatching(/^(52|55|54|966)?\d{4,12}$/))
    fc.assert(
      fc.property(id, (text) => {
        const address = parseWhatsAppId(text)
        if (address) expect(parseWhatsAppId(address)).toBe(address)
      }),
    )
  })
})

describe('the number that a business shows', () => {
  it.each([
    ['+1 555-010-0002', '+15550100002'],
    ['15550100002', '+15550100002'],
    ['+52 1 55 1234 5678', '+525512345678'],
    // a landline of Buenos Aires stays one
    ['+54 11 5555-1234', '+541155551234'],
    ['', undefined],
    ['Clinic', undefined],
  ])('%j is %s', (shown, address) => {
    expect(parseDisplayNumber(shown)).toBe(address)
  })
})
