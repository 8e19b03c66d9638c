import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { channels } from '../../src/domain/channel.ts'
import { type ConsentQuestion, type ConsentRecord, decideConsent } from '../../src/domain/consent.ts'
import { messageCategories, purposes } from '../../src/domain/message-request.ts'
import { hour, instant } from '../../src/domain/time.ts'
import { address, at, consent, now, numbers, omar, sara, stop } from '../people.ts'

const asked = (differs: Partial<ConsentQuestion> = {}): ConsentQuestion => ({
  records: [consent()],
  patient: sara,
  channel: 'sms',
  address: address(numbers.sara),
  category: 'reminder',
  now,
  noConsent: 'block',
  ...differs,
})

const later = at('2026-11-15T08:00:00Z')
const soon = instant(now + hour)
const past = instant(now - hour)

/** In the order of the steps: each but the last is also the reason against all that follow. */
const refused: [what: string, question: Partial<ConsentQuestion>, reason: string][] = [
  [
    'somebody else’s STOP at the address',
    { records: [consent(), stop({ patient: omar })] },
    'address-suppressed',
  ],
  [
    'somebody else’s STOP, and nothing of the patient’s',
    { records: [stop({ patient: omar })] },
    'address-suppressed',
  ],
  [
    'somebody else’s STOP at the very instant of the patient’s permit',
    { records: [consent({ decidedAt: later }), stop({ patient: omar, decidedAt: later })] },
    'address-suppressed',
  ],
  [
    'somebody else’s STOP before the patient’s own denial',
    { records: [stop({ patient: omar }), stop({ decidedAt: later })] },
    'opted-out',
  ],
  ['the patient’s own STOP', { records: [consent(), stop()] }, 'opted-out'],
  [
    'a denial at the very instant of a permit',
    { records: [consent(), consent({ reference: 'Consent/d', type: 'deny' })] },
    'opted-out',
  ],
  [
    'the same the other way round',
    { records: [consent({ reference: 'Consent/d', type: 'deny' }), consent()] },
    'opted-out',
  ],
  [
    'a denial for every channel after a permit for this one',
    { records: [consent({ channel: 'sms' }), consent({ type: 'deny', decidedAt: later })] },
    'opted-out',
  ],
  [
    'a denial for this purpose only',
    { records: [consent(), consent({ type: 'deny', purposes: ['PATADMIN'], decidedAt: later })] },
    'opted-out',
  ],
  [
    'a denial whose time has not come',
    { records: [consent({ type: 'deny', period: { from: soon } })] },
    'opted-out',
  ],
  [
    'an exception for this kind of message, in a permit that lists other purposes',
    {
      records: [
        consent({
          purposes: ['HPAYMT'],
          exceptions: [{ purposes: [], categories: ['reminder'] }],
          period: { until: past },
        }),
      ],
    },
    'category-excepted',
  ],
  [
    'an exception for this purpose',
    { records: [consent({ exceptions: [{ purposes: ['PATADMIN'], categories: [] }] })] },
    'category-excepted',
  ],
  [
    'another purpose, in a permit that is over',
    { records: [consent({ purposes: ['HPAYMT'], period: { until: past } })] },
    'purpose-not-permitted',
  ],
  ['a permit that is over', { records: [consent({ period: { until: past } })] }, 'consent-expired'],
  ['a permit that ends now', { records: [consent({ period: { until: now } })] }, 'consent-expired'],
  ['a permit that begins later', { records: [consent({ period: { from: soon } })] }, 'consent-expired'],
  ['nothing on file', { records: [] }, 'no-consent'],
  ['a permit that is no longer active', { records: [consent({ active: false })] }, 'no-consent'],
  ['a permit for another channel', { records: [consent({ channel: 'whatsapp' })] }, 'no-consent'],
  [
    'a permit for another address',
    { records: [consent({ address: address(numbers.sarasOther) })] },
    'no-consent',
  ],
  ['only somebody else’s permit', { records: [consent({ patient: omar })] }, 'no-consent'],
]

const permitted: [what: string, question: Partial<ConsentQuestion>][] = [
  ['a permit for everything', {}],
  [
    'a permit for this purpose, channel and address',
    {
      records: [consent({ purposes: ['PATADMIN'], channel: 'sms', address: address(numbers.sara) })],
    },
  ],
  ['a permit in its time', { records: [consent({ period: { from: past, until: soon } })] }],
  ['a permit that begins now', { records: [consent({ period: { from: now } })] }],
  ['an own permit after an own STOP', { records: [stop(), consent({ decidedAt: later })] }],
  [
    'an own permit after somebody else’s STOP',
    { records: [stop({ patient: omar }), consent({ decidedAt: later })] },
  ],
  ['an own permit after both', { records: [stop({ patient: omar }), stop(), consent({ decidedAt: later })] }],
  ['a STOP that was taken back', { records: [consent(), stop({ active: false })] }],
  ['a STOP at another address', { records: [consent(), stop({ address: address(numbers.omar) })] }],
  ['a STOP on another channel', { records: [consent(), stop({ channel: 'email' })] }],
  [
    'somebody else’s denial that was no STOP',
    { records: [consent(), stop({ patient: omar, byStop: false })] },
  ],
  [
    'a denial for another purpose only',
    { records: [consent(), consent({ type: 'deny', purposes: ['HMARKT'], decidedAt: later })] },
  ],
  [
    'an exception for another kind of message',
    { records: [consent({ exceptions: [{ purposes: ['HPAYMT'], categories: ['conversation'] }] })] },
  ],
  [
    'an answer to what the patient asked, whatever purposes are listed',
    { category: 'auto-reply', records: [consent({ purposes: ['PATADMIN'] })] },
  ],
  ['nothing on file where the clinic allows care', { records: [], noConsent: 'allow-care' }],
]

describe('consent', () => {
  it.each(refused)('refuses for %s', (_what, question, reason) => {
    expect(decideConsent(asked(question))).toMatchObject({ kind: 'refused', reason })
  })

  it.each(permitted)('permits for %s', (_what, question) => {
    expect(decideConsent(asked(question)).kind).toBe('permitted')
  })

  it('names the record that it follows', () => {
    expect(decideConsent(asked())).toEqual({ kind: 'permitted', by: 'Consent/c1' })
    expect(decideConsent(asked({ records: [consent(), stop()] }))).toMatchObject({ by: 'Consent/stop' })
  })

  it('does not take care for a permit once something is on file', () => {
    expect(decideConsent(asked({ records: [stop()], noConsent: 'allow-care' }))).toMatchObject({
      reason: 'opted-out',
    })
  })
})

const anyMoment = fc
  .constantFrom('2026-11-01', '2026-11-10', '2026-11-19')
  .map((day) => at(`${day}T08:00:00Z`))
const anyConsent: fc.Arbitrary<ConsentRecord> = fc.record({
  reference: fc.constantFrom('Consent/1', 'Consent/2', 'Consent/3'),
  patient: fc.constantFrom(sara, omar),
  active: fc.boolean(),
  type: fc.constantFrom('permit' as const, 'deny' as const),
  channel: fc.option(fc.constantFrom(...channels), { nil: undefined }),
  address: fc.option(fc.constantFrom(address(numbers.sara), address(numbers.omar)), { nil: undefined }),
  purposes: fc.subarray([...purposes]),
  exceptions: fc.array(
    fc.record({ purposes: fc.subarray([...purposes]), categories: fc.subarray([...messageCategories]) }),
    { maxLength: 1 },
  ),
  period: fc.constantFrom({}, { from: soon }, { until: past }, { from: past, until: soon }),
  decidedAt: anyMoment,
  byStop: fc.boolean(),
})
const anyQuestion = fc.record({
  records: fc.array(anyConsent, { maxLength: 5 }),
  category: fc.constantFrom(...messageCategories),
  noConsent: fc.constantFrom('block' as const, 'allow-care' as const),
})

describe('consent, whatever is on file', () => {
  it('does not depend on the order of the records', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const turned = { ...question, records: question.records.toReversed() }
        expect(decideConsent(asked(turned)).kind).toBe(decideConsent(asked(question)).kind)
      }),
    )
  })

  it('never permits after a denial of everything, made later than all else', () => {
    fc.assert(
      fc.property(anyQuestion, fc.constantFrom(sara, omar), (question, patient) => {
        const last = stop({ patient, decidedAt: now })
        const decision = decideConsent(asked({ ...question, records: [...question.records, last] }))
        expect(decision).toMatchObject({
          kind: 'refused',
          reason: patient === sara ? 'opted-out' : 'address-suppressed',
        })
      }),
    )
  })

  it('never permits by a record that is inactive, somebody else’s, or for another channel or address', () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const decision = decideConsent(asked(question))
        if (decision.kind === 'refused' || decision.by === undefined) return
        const by = question.records.filter((record) => record.reference === decision.by)
        expect(
          by.some(
            (record) =>
              record.active &&
              record.type === 'permit' &&
              record.patient === sara &&
              (record.channel ?? 'sms') === 'sms' &&
              (record.address ?? address(numbers.sara)) === address(numbers.sara),
          ),
        ).toBe(true)
      }),
    )
  })

  it('blocks everything that nothing on file permits, where the clinic blocks', () => {
    fc.assert(
      fc.property(fc.array(anyConsent), fc.constantFrom(...messageCategories), (records, category) => {
        const denials = records.filter((record) => record.type === 'deny')
        expect(decideConsent(asked({ records: denials, category })).kind).toBe('refused')
      }),
    )
  })
})
