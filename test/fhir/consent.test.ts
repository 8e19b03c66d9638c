import type { Consent, ConsentProvision } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { decideConsent } from '../../src/domain/consent.ts'
import { type MessageCategory, messageCategories } from '../../src/domain/message-request.ts'
import { toIso } from '../../src/domain/time.ts'
import { naming, policy, system } from '../../src/fhir/codes.ts'
import { concept } from '../../src/fhir/concept.ts'
import { consentAddress, fromConsent, toConsent } from '../../src/fhir/consent.ts'
import { address, at, consent, now, numbers, sara } from '../people.ts'

const medium = (code: string) => concept(system.participationMode, code)
const purpose = (code: string) => ({ system: system.actReason, code })

/** As another vendor may write it: about messages by its class alone, no identifier, R4's "no type at the root". */
const foreign = (provision: ConsentProvision = {}, differs: Partial<Consent> = {}): Consent => ({
  resourceType: 'Consent',
  id: 'c1',
  status: 'active',
  scope: concept(system.consentScope, 'patient-privacy'),
  category: [concept(system.loinc, '59284-0')],
  patient: { reference: sara },
  dateTime: '2026-10-01T08:00:00Z',
  policyRule: concept(system.actCode, 'OPTIN'),
  provision: {
    class: [{ system: system.resourceTypes, code: 'Communication' }],
    ...provision,
  },
  ...differs,
})

/** What a patient with only this Consent may be sent. */
function permits(resource: Consent, channel: 'sms' | 'whatsapp' | 'email' = 'sms'): MessageCategory[] {
  const record = fromConsent(resource)
  const to = address(channel === 'email' ? 'sara@mail.example' : numbers.sara)
  const question = { records: record ? [record] : [], patient: sara, channel, address: to, now }
  return messageCategories.filter(
    (category) => decideConsent({ ...question, category, noConsent: 'block' }).kind === 'permitted',
  )
}
const everything = [...messageCategories]

describe('a Consent of another vendor', () => {
  it('that names no channel, address or purpose permits all of them', () => {
    expect(fromConsent(foreign())).toEqual(
      consent({
        channel: undefined,
        address: undefined,
        period: { from: undefined, until: undefined },
        decidedAt: at('2026-10-01T08:00:00Z'),
        policy: undefined,
      }),
    )
    expect([permits(foreign()), permits(foreign(), 'email')]).toEqual([everything, everything])
  })

  it('is known by our category too, without a class', () => {
    const category = [concept(system.consentCategory, 'messaging')]
    expect(fromConsent(foreign({ class: undefined }, { category }))?.type).toBe('permit')
  })

  it.each<[string, Consent]>([
    ['about something else', foreign({ class: [{ code: 'Observation' }] })],
    ['about nothing in particular', foreign({ class: undefined })],
    ['of nobody', foreign({}, { patient: undefined })],
    ['of a group', foreign({}, { patient: { reference: 'Group/1' } })],
  ])('%s is none of ours', (_what, resource) => {
    expect(permits(resource)).toEqual([])
  })

  it.each([
    'draft',
    'proposed',
    'rejected',
    'entered-in-error',
  ] as const)('that is %s was never in force', (status) => {
    expect(fromConsent(foreign({}, { status }))).toBeUndefined()
  })

  it('that is inactive was', () => {
    expect(fromConsent(foreign({}, { status: 'inactive' }))?.active).toBe(false)
  })

  it.each<[string, Consent, string]>([
    ['permit by its policy rule alone', foreign(), 'permit'],
    ['permit by its type alone', foreign({ type: 'permit' }, { policyRule: undefined }), 'permit'],
    [
      'denial by its policy rule alone',
      foreign({}, { policyRule: concept(system.actCode, 'OPTOUT') }),
      'deny',
    ],
    ['denial by its type', foreign({ type: 'deny' }), 'deny'],
    [
      'denial by either',
      foreign({ type: 'permit' }, { policyRule: concept(system.actCode, 'OPTOUT') }),
      'deny',
    ],
    ['denial where it says neither', foreign({}, { policyRule: undefined }), 'deny'],
  ])('is a %s', (_what, resource, type) => {
    expect(fromConsent(resource)?.type).toBe(type)
  })
})

describe('a permit', () => {
  it('for one channel is for that one', () => {
    const bySms = foreign({ code: [medium('SMSWRIT')] })
    expect([permits(bySms), permits(bySms, 'whatsapp'), permits(bySms, 'email')]).toEqual([
      everything,
      [],
      [],
    ])
  })

  it('for telephone calls is none for messages', () => {
    expect(permits(foreign({ code: [medium('PHONE')] }))).toEqual([])
  })

  it('for research is none for messages', () => {
    expect(permits(foreign({ purpose: [purpose('HRESCH')] }))).toEqual([])
  })

  it('for research and reminders is one for reminders', () => {
    const both = foreign({ purpose: [purpose('HRESCH'), purpose('PATADMIN')] })
    expect(permits(both)).toEqual(['reminder', 'auto-reply', 'consent-confirmation', 'patient-message'])
  })

  it('for an address that nobody can read is for no address', () => {
    const named = (value: string) => foreign({}, { identifier: [{ system: naming.consentAddress, value }] })
    for (const value of ['sms:call my son', 'telex:12345', 'sms:', 'sms'])
      expect(permits(named(value))).toEqual([])
    expect(permits(named(`sms:${numbers.sara}`))).toEqual(everything)
  })

  it.each<[string, ConsentProvision, MessageCategory[]]>([
    ['a kind of message', { code: [concept(system.messageCategory, 'reminder')] }, everything.slice(1)],
    ['a purpose', { purpose: [purpose('PATADMIN')] }, everything.slice(1)],
    ['a purpose that is none of ours', { purpose: [purpose('HRESCH')] }, everything],
    ['a channel', { code: [medium('SMSWRIT')] }, []],
    ['a person', { actor: [] }, []],
  ])('that leaves out %s leaves out at least that', (_what, exception, left) => {
    expect(permits(foreign({ provision: [{ type: 'deny', ...exception }] }))).toEqual(left)
  })

  it.each<[string, string | undefined, string | undefined, boolean]>([
    ['no end', '2026-01-01', undefined, true],
    ['an end to come, by day', '2026-01-01', '2026-12-31', true],
    ['an end today, by day', undefined, '2026-11-20', true],
    ['an end past, by day', undefined, '2026-11-18', false],
    ['an end past, by month', undefined, '2026-10', false],
    ['an end to come, by month', undefined, '2026-11', true],
    ['an end past, by year', undefined, '2025', false],
    ['an end past, by the second', undefined, '2026-11-20T04:59:59Z', false],
    ['a beginning today, by day', '2026-11-20', undefined, true],
    ['a beginning to come, by day', '2026-11-22', undefined, false],
    ['a beginning to come, by the second', '2026-11-20T05:00:01Z', undefined, false],
    ['an end that nobody can read', undefined, 'until I die', false],
  ])('with %s is judged by it', (_what, start, end, holds) => {
    const period = { ...(start && { start }), ...(end && { end }) }
    expect(permits(foreign({ period })).length > 0).toBe(holds)
  })
})

describe('a denial', () => {
  const denied = (provision: ConsentProvision) => fromConsent(foreign({ type: 'deny', ...provision }))

  it('for two channels holds for all', () => {
    expect(denied({ code: [medium('SMSWRIT'), medium('EMAILWRIT')] })).toMatchObject({
      type: 'deny',
      channel: undefined,
    })
  })

  it('for one channel, named twice, holds for that one', () => {
    expect(denied({ code: [medium('SMSWRIT'), medium('SMSWRIT')] })?.channel).toBe('sms')
  })

  it('for what we do not know holds for all', () => {
    expect(denied({ code: [medium('ELECTRONIC')], purpose: [purpose('HRESCH')] })).toMatchObject({
      ...{ type: 'deny', channel: undefined, purposes: [] },
    })
  })

  it('of the same day as a permit is the later one', () => {
    const day = { dateTime: '2026-11-10' }
    const permit = fromConsent(foreign({}, { ...day, id: 'p' }))
    const denial = fromConsent(foreign({ type: 'deny' }, { ...day, id: 'd' }))
    expect(denial?.decidedAt).toBeGreaterThan(permit?.decidedAt ?? 0)
  })
})

describe('the time of a Consent', () => {
  it('of a permit without one is the oldest there is, however often it was saved; of a denial the last save', () => {
    const undated = { dateTime: undefined, meta: { lastUpdated: '2026-11-01T08:00:00Z' } }
    expect(fromConsent(foreign({}, undated))?.decidedAt).toBe(0)
    expect(fromConsent(foreign({ type: 'deny' }, undated))?.decidedAt).toBe(at('2026-11-01T08:00:00Z'))
    expect(fromConsent(foreign({}, { dateTime: undefined }))?.decidedAt).toBe(0)
  })
})

describe('our own Consent', () => {
  it('of a STOP says opt-out twice and names the number', () => {
    const to = address(numbers.sara)
    const stop = toConsent({
      ...consent({ type: 'deny', policy: policy.stopReply }),
      channel: 'whatsapp',
      address: to,
    })
    expect(stop).toMatchObject({
      identifier: [consentAddress('whatsapp', to)],
      policyRule: { coding: [{ code: 'OPTOUT' }] },
      provision: { type: 'deny', period: { start: toIso(at('2026-01-01T08:00:00Z')) } },
    })
    expect(fromConsent({ ...stop, id: 's' })).toMatchObject({
      byStop: true,
      channel: 'whatsapp',
      address: to,
    })
  })
})
