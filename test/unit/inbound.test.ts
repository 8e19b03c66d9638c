import { describe, expect, it } from 'vitest'
import { parseInboundAddress } from '../../src/domain/address.ts'
import { type Inbound, matchPatient } from '../../src/domain/inbound.ts'
import { before, day, instant, minute } from '../../src/domain/time.ts'
import { address, attempt, inbound, now, numbers, omar, onFile, person, phone, sara } from '../people.ts'

const one = person()
const sibling = person({ reference: omar })
const toSara = attempt()
const toOmar = attempt({
  reference: 'Communication/a2',
  attemptId: 'r2_0',
  patient: omar,
  visit: 'Appointment/v2',
  providerId: { system: 'https://qasid.dev/fhir/NamingSystem/sandbox-message-id', value: 'SB2' },
})
const wrote = (differs: Partial<Inbound> = {}) => inbound(differs)

describe('whoever wrote', () => {
  it('is nobody where the address is on no one’s file', () => {
    expect(matchPatient(wrote(), [], [])).toEqual({ kind: 'none' })
    expect(matchPatient(wrote({ from: address(numbers.stranger) }), [one], [toSara])).toEqual({
      kind: 'none',
    })
  })

  it('is nobody where the address is on file for another channel', () => {
    const mailOnly = person({ addresses: [onFile('email', 'sara@mail.example')] })
    expect(matchPatient(wrote(), [mailOnly], [])).toEqual({ kind: 'none' })
  })

  it('is the one who has the address, asked or not', () => {
    expect(matchPatient(wrote(), [one], [])).toEqual({ kind: 'one', person: one, question: undefined })
  })

  it.each([
    ['+1 500 555 0011', 'AE'],
    ['+1 (500) 555-0011', 'AE'],
    ['001 500 555 0011', 'AE'],
    ['500.555.0011', 'US'],
    ['1-500-555-0011', 'US'],
  ])('is found where the chart says %s', (text, country) => {
    const written = person({ addresses: [onFile('sms', text, { country })] })
    expect(matchPatient(wrote(), [written], []).kind).toBe('one')
  })

  it.each([
    '+15005550011',
    '+1 500 555 0011',
    '+1 (500) 555-0011',
    '+1.500.555.0011',
  ])('is found where the provider says %s', (text) => {
    const from = parseInboundAddress('sms', text)
    expect(matchPatient(wrote({ from }), [one], []).kind).toBe('one')
  })
})

describe('a family’s phone', () => {
  const family = [one, sibling]

  it('is answered by the one with the open question', () => {
    expect(matchPatient(wrote(), family, [toOmar])).toMatchObject({
      kind: 'one',
      person: { reference: omar },
      question: { visit: 'Appointment/v2', patient: omar },
    })
  })

  it('with two open questions is nobody’s in particular, nor with none', () => {
    expect(matchPatient(wrote(), family, [toSara, toOmar])).toEqual({ kind: 'several', people: family })
    expect(matchPatient(wrote(), family, [])).toEqual({ kind: 'several', people: family })
  })

  it('with two open questions is answered by the one whose message is quoted', () => {
    expect(matchPatient(wrote({ quotes: 'SB1' }), family, [toSara, toOmar])).toMatchObject({
      kind: 'one',
      person: { reference: sara },
      question: { visit: 'Appointment/v1' },
    })
  })

  it('that quotes what we never sent is nobody’s in particular', () => {
    expect(matchPatient(wrote({ quotes: 'SB77' }), family, [toSara, toOmar]).kind).toBe('several')
  })

  it('that quotes a message without a question names the person, but answers nothing', () => {
    const note = attempt({ ...toOmar, replyOptions: [] })
    expect(matchPatient(wrote({ quotes: 'SB2' }), family, [toSara, note])).toEqual({
      kind: 'one',
      person: sibling,
      question: undefined,
    })
  })

  it('is not answered for whoever lives elsewhere now', () => {
    const moved = person({ reference: omar, addresses: phone(numbers.omar) })
    expect(matchPatient(wrote(), [one, moved], [toOmar])).toMatchObject({
      kind: 'one',
      person: { reference: sara },
    })
  })
})

describe('the question that is answered', () => {
  const earlier = attempt({
    reference: 'Communication/a0',
    visit: 'Appointment/v0',
    sentAt: before(now, day),
  })
  const question = (asked: (typeof earlier)[], differs: Partial<Inbound> = {}) => {
    const match = matchPatient(wrote(differs), [one], asked)
    return match.kind === 'one' ? match.question?.visit : match.kind
  }

  it('is the newest', () => {
    expect(question([earlier, toSara])).toBe('Appointment/v1')
    expect(question([toSara, earlier])).toBe('Appointment/v1')
  })

  it('is the quoted one, though another is newer', () => {
    const quoted = { ...earlier, providerId: { system: 's', value: 'SB0' } }
    expect(question([quoted, toSara], { quotes: 'SB0' })).toBe('Appointment/v0')
  })

  it.each<[string, Partial<typeof earlier>]>([
    ['asked nothing', { replyOptions: [] }],
    ['was about no visit', { visit: undefined }],
    ['was never handed over', { sentAt: undefined }],
    ['went to another number', { to: address(numbers.sarasOther) }],
    ['is a week old', { sentAt: before(now, 7 * day) }],
    ['is not in the store', { reference: undefined }],
  ])('is none where the message %s', (_what, differs) => {
    expect(question([attempt(differs)])).toBeUndefined()
  })

  it('is still open just short of a week', () => {
    expect(question([attempt({ sentAt: instant(now - 7 * day + minute) })])).toBe('Appointment/v1')
  })
})
