import { describe, expect, it } from 'vitest'
import { choosePatient, readRecipient } from '../../src/domain/recipients.ts'
import { address, numbers, omar, person, phone, sara } from '../people.ts'

describe('what a script calls a recipient', () => {
  it.each([
    ['Patient/sara', { kind: 'patient', patient: sara }],
    ['  Patient/sara ', { kind: 'patient', patient: sara }],
    ['+971 50 123 4567', { kind: 'address', address: '+971501234567', channels: ['sms', 'whatsapp'] }],
    ['Sara@Example.test', { kind: 'address', address: 'sara@example.test', channels: ['email'] }],
  ])('%j is understood', (text, expected) => {
    expect(readRecipient(text, 'AE')).toEqual(expected)
  })

  it.each([
    ['0501234567', 'AE', /without its country: write it as \+971…\.$/],
    ['(020) 7946-0018', 'GB', /write it as \+44…/],
    ['00971501234567', 'AE', /: write 00 as \+\.$/],
    ['00 44 20 7946 0018', 'AE', /: write 00 as \+\.$/],
    ['+97143334444', 'AE', /landline/],
    ['+97150', 'AE', /not a number that can be reached/],
    ['sara@nowhere', 'AE', /not a mailbox/],
    ['Practitioner/sara', 'AE', /neither a patient/],
    ['Patient/../sara', 'AE', /neither a patient/],
    ['Patient/sara nasser', 'AE', /neither a patient/],
    ['Sara', 'AE', /neither a patient/],
  ])('%j is refused in one sentence that does not repeat it', (text, country, says) => {
    const read = readRecipient(text, country)
    expect(read).toMatchObject({ kind: 'refused', error: expect.stringMatching(says) })
    expect(JSON.stringify(read)).not.toContain(text)
  })
})

describe('the patient behind an address', () => {
  const wanted = address(numbers.sara)

  it('is the only one whose chart holds it', () => {
    const other = person({ reference: omar, addresses: phone(numbers.omar) })
    expect(choosePatient(wanted, [other, person()])).toEqual({ kind: 'patient', patient: sara })
  })

  it.each([
    ['nobody', [], /no patient’s chart/],
    ['someone the EMR only thinks alike', [person({ addresses: phone(numbers.omar) })], /no patient’s chart/],
    ['someone who is no patient any more', [person({ active: false })], /no patient’s chart/],
    ['several', [person(), person({ reference: omar })], /several charts/],
  ])('is refused when it leads to %s', (_what, found, says) => {
    expect(choosePatient(wanted, found)).toMatchObject({
      kind: 'refused',
      error: expect.stringMatching(says),
    })
  })

  it('is the living one of two', () => {
    const late = person({ reference: omar, deceased: true })
    expect(choosePatient(wanted, [late, person()])).toEqual({ kind: 'patient', patient: sara })
  })
})
