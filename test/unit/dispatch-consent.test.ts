import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channels } from '../../src/domain/channel.ts'
import { decideConsent } from '../../src/domain/consent.ts'
import { type DispatchFacts, decideDispatch } from '../../src/domain/dispatch.ts'
import type { Inbound } from '../../src/domain/inbound.ts'
import { type MessageRequest, messageCategories, type Purpose } from '../../src/domain/message-request.ts'
import { freeTextWithin } from '../../src/domain/open-channel.ts'
import { before, instant, minute } from '../../src/domain/time.ts'
import {
  address,
  at,
  consent,
  dispatchFacts,
  inbound,
  now,
  numbers,
  omar,
  onFile,
  person,
  phone,
  request,
  sara,
  senders,
  settings,
  stop,
} from '../people.ts'

const decide = (differs: Partial<DispatchFacts> = {}) => decideDispatch(dispatchFacts(differs))

/** Sara wrote STOP by SMS a moment ago, and her phone is denied on both channels. */
const confirmation = (differs: Partial<MessageRequest> = {}) =>
  request({
    category: 'consent-confirmation',
    visit: undefined,
    visitStart: undefined,
    answers: 'Communication/i1',
    plan: ['sms'],
    content: {
      kind: 'template',
      template: 'https://qasid.dev/fhir/ActivityDefinition/reply-stop|1',
      parameters: {},
    },
    replyOptions: [],
    ...differs,
  })
const wrote = (differs: Partial<Inbound> = {}) => inbound({ text: 'STOP', intent: 'stop', ...differs })
const stopped: Partial<DispatchFacts> = {
  request: confirmation(),
  visit: undefined,
  consents: [consent(), stop(), stop({ reference: 'Consent/stop2', channel: 'whatsapp' })],
  answered: wrote(),
}

describe('the confirmation of a STOP', () => {
  it('passes the STOP', () => {
    expect(decide(stopped)).toMatchObject({ kind: 'send', hop: { channel: 'sms', to: numbers.sara } })
  })

  it('passes by night', () => {
    const night = settings({ quietHours: { from: '00:00', to: '23:59' } })
    expect(decide({ ...stopped, settings: night }).kind).toBe('send')
  })

  it.each<[string, Partial<DispatchFacts>, string]>([
    ['without the message', { answered: undefined }, 'opted-out'],
    ['for a message that was no STOP', { answered: wrote({ intent: 'help' }) }, 'opted-out'],
    ['for a message not yet read', { answered: wrote({ intent: undefined }) }, 'opted-out'],
    [
      'a quarter of an hour later',
      { answered: wrote({ receivedAt: before(now, 15 * minute) }) },
      'opted-out',
    ],
    ['on the other channel of the number', { request: confirmation({ plan: ['whatsapp'] }) }, 'opted-out'],
    [
      'to another address than the one that wrote',
      { answered: wrote({ from: address(numbers.omar) }) },
      'no-address',
    ],
    ['in other words than ours', { request: confirmation({ content: request().content }) }, 'opted-out'],
    ['as free text', { request: confirmation({ content: { kind: 'text', text: 'Bye' } }) }, 'opted-out'],
    [
      'as an automatic answer of another kind',
      { request: confirmation({ category: 'auto-reply' }) },
      'opted-out',
    ],
    ['as a message of staff', { request: confirmation({ category: 'conversation' }) }, 'opted-out'],
    ['to somebody who has died', { person: person({ deceased: true }) }, 'patient-deceased'],
    ['where the EMR forbids the channel', { hostOptOuts: ['sms'] }, 'host-opt-out'],
    [
      'to one of our own numbers',
      { senders: [...senders, { id: 'x', channel: 'email', address: address(numbers.sara) }] },
      'own-address',
    ],
  ])('does not pass it %s', (_what, differs, reason) => {
    expect(decide({ ...stopped, ...differs })).toMatchObject({ kind: 'skip', reason })
  })
})

describe('an answer', () => {
  const both = person({ addresses: [...phone(numbers.sarasOther), ...phone(numbers.sara)] })
  const mail = onFile('email', 'sara@mail.example')

  it('that is automatic goes to the number that wrote, and nowhere else', () => {
    const auto = confirmation({ category: 'auto-reply', plan: ['sms'] })
    const facts = { request: auto, visit: undefined, answered: inbound() }
    expect(decide({ ...facts, person: both })).toMatchObject({ hop: { to: numbers.sara } })
    const moved = person({ addresses: phone(numbers.sarasOther) })
    expect(decide({ ...facts, person: moved })).toMatchObject({ kind: 'skip', reason: 'no-address' })
  })

  it('of staff goes to the number that wrote, and to the other where that is closed', () => {
    const staff = confirmation({ category: 'conversation', content: { kind: 'text', text: 'Yes' } })
    const facts = { request: staff, visit: undefined, answered: inbound(), person: both }
    expect(decide(facts)).toMatchObject({ hop: { to: numbers.sara } })
    expect(decide({ ...facts, consents: [consent({ address: address(numbers.sarasOther) })] })).toMatchObject(
      {
        hop: { to: numbers.sarasOther },
      },
    )
  })

  it('goes out from the address that was written to', () => {
    const desk = { id: 'desk', channel: 'sms' as const, address: address(numbers.stranger) }
    const auto = confirmation({ category: 'auto-reply' })
    const facts = { request: auto, visit: undefined, senders: [...senders, desk] }
    expect(decide({ ...facts, answered: inbound({ to: desk.address }) })).toMatchObject({
      hop: { sender: 'desk' },
    })
  })

  it('by WhatsApp in free text goes within a day of the patient’s last message there', () => {
    const plan = ['whatsapp' as const, 'email' as const]
    const staff = confirmation({ category: 'conversation', plan, content: { kind: 'text', text: 'Yes' } })
    const who = person({ addresses: [...phone(numbers.sara), mail] })
    const wroteAt = (lastWhatsAppAt?: DispatchFacts['now']) =>
      decide({ request: staff, visit: undefined, person: who, lastWhatsAppAt })
    expect(wroteAt(instant(now - freeTextWithin + 1))).toMatchObject({ hop: { channel: 'whatsapp' } })
    expect(wroteAt(instant(now - freeTextWithin))).toMatchObject({ hop: { channel: 'email' } })
    expect(wroteAt(undefined)).toMatchObject({ hop: { channel: 'email' } })
  })
})

describe('a family’s phone', () => {
  it('is silent for all after the STOP of one, until their own later permit', () => {
    const consents = [consent(), stop({ patient: omar, channel: 'whatsapp' }), stop({ patient: omar })]
    expect(decide({ consents })).toMatchObject({ kind: 'skip', reason: 'address-suppressed' })
    const again = consent({ reference: 'Consent/new', decidedAt: at('2026-11-18T08:00:00Z') })
    expect(decide({ consents: [...consents, again] }).kind).toBe('send')
  })
})

const anyConsent = fc.record({
  patient: fc.constantFrom(sara, omar),
  active: fc.boolean(),
  type: fc.constantFrom('permit' as const, 'deny' as const),
  channel: fc.option(fc.constantFrom(...channels), { nil: undefined }),
  address: fc.option(fc.constantFrom(address(numbers.sara), address(numbers.sarasOther)), { nil: undefined }),
  purposes: fc.constantFrom<Purpose[]>([], ['PATADMIN'], ['HMARKT', 'PATRQT']),
  decidedAt: fc.constantFrom(at('2026-11-01T08:00:00Z'), at('2026-11-10T08:00:00Z')),
  byStop: fc.boolean(),
})
const anyFacts = fc.record({
  category: fc.constantFrom(...messageCategories),
  priority: fc.constantFrom('routine' as const, 'urgent' as const, 'stat' as const),
  plan: fc.subarray([...channels]),
  content: fc.constantFrom<MessageRequest['content']>(
    { kind: 'text', text: 'Hello' },
    { kind: 'template', template: 'https://qasid.dev/fhir/ActivityDefinition/reply-stop|1', parameters: {} },
  ),
  consents: fc.array(
    anyConsent.map((one) => consent(one)),
    { maxLength: 4 },
  ),
  intent: fc.constantFrom('stop' as const, 'start' as const, 'confirm' as const, undefined),
  minutesAgo: fc.integer({ min: 0, max: 30 }),
  from: fc.constantFrom(address(numbers.sara), address(numbers.sarasOther)),
  channel: fc.constantFrom(...channels),
  answers: fc.boolean(),
})

describe('whatever is asked', () => {
  it('nothing is sent that consent refuses, but the confirmation of a fresh STOP or START to where it came from', () => {
    fc.assert(
      fc.property(anyFacts, (any) => {
        const { category, priority, plan, content, consents, channel, from, intent, minutesAgo } = any
        const answered = inbound({ channel, from, intent, receivedAt: before(now, minutesAgo * minute) })
        const asked = confirmation({ category, priority, plan, content })
        const decision = decide({
          request: asked,
          visit: undefined,
          person: person({ addresses: [...phone(numbers.sara), ...phone(numbers.sarasOther)] }),
          consents,
          ...(any.answers && { answered }),
        })
        if (decision.kind !== 'send') return
        const { to, channel: by } = decision.hop
        const question = { records: consents, patient: sara, channel: by, address: to, now }
        // What only calls itself an automatic answer is judged as what staff write.
        const staff = category === 'reminder' || category === 'conversation'
        const judged = staff ? [category] : ([category, 'auto-reply', 'conversation'] as const)
        const isPermitted = judged.some(
          (one) => decideConsent({ ...question, category: one, noConsent: 'block' }).kind === 'permitted',
        )
        const isConfirmation =
          any.answers &&
          category === 'consent-confirmation' &&
          content.kind === 'template' &&
          (intent === 'stop' || intent === 'start') &&
          minutesAgo < 15 &&
          by === channel &&
          to === from
        expect(isConfirmation || isPermitted).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})
