import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/domain/attempt.ts'
import { type DispatchFacts, decideDispatch } from '../../src/domain/dispatch.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { hour, instant, minute } from '../../src/domain/time.ts'
import {
  address,
  at,
  attempt,
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
  senders,
  settings,
  stop,
  visit,
  visitStart,
} from '../people.ts'

const decide = (differs: Partial<DispatchFacts> = {}) => decideDispatch(dispatchFacts(differs))
const soon = instant(now + hour)
const mailbox = 'sara@mail.example'
const onWhatsApp: Partial<Attempt> = { attemptId: 'r1_0', channel: 'whatsapp' }

describe('a due request', () => {
  it('is sent on the first channel of its plan', () => {
    expect(decide()).toEqual({
      kind: 'send',
      hop: {
        index: 0,
        channel: 'whatsapp',
        to: address(numbers.sara),
        sender: 'clinic-whatsapp',
        because: 'only',
      },
    })
  })

  it('without a plan may go any way', () => {
    expect(decide({ request: request({ plan: [] }) })).toMatchObject({
      hop: { index: 0, channel: 'sms' },
    })
  })

  it('goes to the patient’s first address that is open', () => {
    const addresses = [onFile('sms', 'nonsense'), ...phone(numbers.sarasOther), ...phone(numbers.sara)]
    expect(decide({ person: person({ addresses }) })).toMatchObject({
      hop: { channel: 'whatsapp', to: numbers.sarasOther },
    })
  })
})

/** In the order of checks: several have a fault of a later one too. */
const skips: [reason: string, differs: Partial<DispatchFacts>][] = [
  ['patient-missing', { person: undefined }],
  ['patient-deceased', { person: person({ deceased: true, active: false, restricted: true }) }],
  ['patient-inactive', { person: person({ active: false, restricted: true }) }],
  ['patient-restricted', { person: person({ restricted: true }), visit: 'missing' }],
  ['visit-missing', { visit: 'missing' }],
  ['visit-missing', { visit: undefined }],
  ['visit-cancelled', { visit: visit({ status: 'cancelled', start: soon }) }],
  ['visit-over', { visit: visit({ status: 'arrived', start: soon }) }],
  ['visit-moved', { visit: visit({ start: soon, patients: [] }) }],
  ['visit-moved', { visit: visit({ start: undefined }) }],
  ['visit-cancelled', { visit: visit({ patients: [{ reference: omar, confirmed: false }] }) }],
  ['expired', { request: request({ window: { from: now, until: now } }), consents: [] }],
]

describe('a request that comes to nothing', () => {
  it.each(skips)('is not sent because of: %s', (reason, differs) => {
    expect(decide(differs)).toEqual({ kind: 'skip', reason, hops: [] })
  })

  it('is not sent early either when it never could be', () => {
    const early = request({ dueAt: soon, window: { from: soon, until: visitStart } })
    expect(decide({ request: early, person: person({ deceased: true }) })).toMatchObject({ kind: 'skip' })
  })

  it.each<[string, Partial<MessageRequest>]>([
    ['of another kind about a cancelled visit', { category: 'conversation' }],
    ['that is about no visit', { visit: undefined, visitStart: undefined }],
  ])('is not one %s', (_what, differs) => {
    expect(decide({ request: request(differs), visit: visit({ status: 'cancelled' }) }).kind).toBe('send')
  })

  it.each([
    'draft',
    'on-hold',
    'completed',
    'revoked',
    'entered-in-error',
  ] as const)('is none when it is %s', (status) => {
    expect(decide({ request: request({ status }), person: undefined })).toEqual({ kind: 'settled' })
  })

  it('is none when the EMR marked it "do not perform": it is never sent, and never ended by us', () => {
    expect(decide({ request: request({ forbidden: true }) })).toEqual({ kind: 'settled' })
  })
})

const closed: [reason: string, differs: Partial<DispatchFacts>][] = [
  ['no-address', { person: person({ addresses: [] }) }],
  ['no-address', { person: person({ addresses: [onFile('whatsapp', numbers.sara, { validUntil: now })] }) }],
  ['invalid-address', { person: person({ addresses: [onFile('whatsapp', 'call my son')] }) }],
  ['not-a-mobile', { person: person({ addresses: [onFile('whatsapp', '+97142000017')] }) }],
  ['own-address', { person: person({ addresses: phone(numbers.clinic) }) }],
  ['host-opt-out', { hostOptOuts: ['whatsapp'] }],
  [
    'host-opt-out',
    { person: person({ addresses: [onFile('whatsapp', numbers.sara, { noNotifications: true })] }) },
  ],
  ['address-suppressed', { consents: [consent(), stop({ patient: omar, channel: 'whatsapp' })] }],
  ['opted-out', { consents: [consent(), stop({ channel: 'whatsapp' })] }],
  [
    'category-excepted',
    { consents: [consent({ exceptions: [{ purposes: [], categories: ['reminder'] }] })] },
  ],
  ['purpose-not-permitted', { consents: [consent({ purposes: ['HPAYMT'] })] }],
  ['consent-expired', { consents: [consent({ period: { from: soon } })] }],
  ['no-consent', { consents: [] }],
  ['no-sender', { senders: [] }],
  [
    'invalid-recipient',
    { attempts: [attempt({ ...onWhatsApp, state: 'failed', reason: 'invalid-recipient' })] },
  ],
  ['undelivered', { attempts: [attempt({ ...onWhatsApp, state: 'undelivered', reason: undefined })] }],
]

describe('a channel', () => {
  const plan = request({ plan: ['whatsapp'] })

  it.each(closed)('that is closed (%s) ends a plan of one', (reason, differs) => {
    expect(decide({ request: plan, ...differs })).toEqual({
      kind: 'skip',
      reason,
      hops: [{ channel: 'whatsapp', reason }],
    })
  })

  it.each(closed)('that is closed (%s) lets the next of the plan be tried', (_reason, differs) => {
    const { person: who = person(), consents = [], senders: from = senders } = differs
    const both = {
      ...differs,
      request: request({ plan: ['whatsapp', 'email'] }),
      person: person({ addresses: [...(who?.addresses ?? []), onFile('email', mailbox)] }),
      consents: [...consents, consent({ channel: 'email', decidedAt: now })],
      senders: from.length > 0 ? from : senders.filter((one) => one.channel === 'email'),
    }
    expect(decide(both)).toMatchObject({ kind: 'send', hop: { index: 1, channel: 'email', to: mailbox } })
  })

  it('that is closed is named with its reason, and the most telling stands for all', () => {
    const facts = {
      request: request({ plan: ['sms', 'whatsapp', 'email'] }),
      hostOptOuts: ['whatsapp' as const],
    }
    expect(decide({ ...facts, consents: [stop()] })).toEqual({
      kind: 'skip',
      reason: 'opted-out',
      hops: [
        { channel: 'sms', reason: 'opted-out' },
        { channel: 'whatsapp', reason: 'host-opt-out' },
        { channel: 'email', reason: 'no-address' },
      ],
    })
  })

  it('whose provider could not be reached says so rather than that there is no address elsewhere', () => {
    const failed = attempt({ ...onWhatsApp, state: 'failed', reason: 'provider-unreachable' })
    expect(decide({ request: request({ plan: ['whatsapp', 'email'] }), attempts: [failed] })).toMatchObject({
      reason: 'provider-unreachable',
    })
  })
})

describe('what was tried already', () => {
  it.each([
    'claimed',
    'unknown',
    'queued',
    'sent',
    'relay-accepted',
    'delivered',
    'read',
  ] as const)('and is %s is never sent again', (state) => {
    expect(decide({ attempts: [attempt({ ...onWhatsApp, state })] })).toEqual({ kind: 'settled' })
  })

  it.each(['failed', 'undelivered'] as const)('and is %s goes by the next hop', (state) => {
    const attempts = [attempt({ ...onWhatsApp, state })]
    expect(decide({ attempts })).toMatchObject({ kind: 'send', hop: { index: 1, channel: 'sms' } })
  })

  it('and was only decided against may be tried', () => {
    const attempts = [attempt({ attemptId: 'r1_0_not-sent', state: 'not-sent' })]
    expect(decide({ attempts })).toMatchObject({ kind: 'send', hop: { index: 0 } })
  })

  it('and failed on every hop ends the request', () => {
    const attempts = [
      attempt({ ...onWhatsApp, state: 'undelivered' }),
      attempt({ attemptId: 'r1_1', state: 'failed', reason: 'rejected' }),
    ]
    expect(decide({ attempts })).toMatchObject({ kind: 'skip', reason: 'undelivered' })
  })

  it('and surely never arrived waits for its next try, then goes the same way', () => {
    const attempts = [attempt({ ...onWhatsApp, state: 'claimed', nextAttemptAt: soon })]
    expect(decide({ attempts })).toEqual({ kind: 'postpone', until: soon, reason: 'not-yet-due' })
    expect(decide({ attempts, now: soon })).toMatchObject({ kind: 'send', hop: { index: 0 } })
  })

  it('and never arrived is not repeated while another hop may have left', () => {
    const attempts = [
      attempt({ ...onWhatsApp, state: 'claimed', nextAttemptAt: now }),
      attempt({ attemptId: 'r1_1', state: 'queued' }),
    ]
    expect(decide({ attempts })).toEqual({ kind: 'settled' })
    expect(decide({ attempts: attempts.toReversed() })).toEqual({ kind: 'settled' })
  })

  it('on the eleventh hop is not taken for the first', () => {
    const attempts = [attempt({ attemptId: 'r1_10', state: 'failed' })]
    expect(decide({ attempts })).toMatchObject({ kind: 'send', hop: { index: 0 } })
  })
})

describe('time', () => {
  it('that has not come postpones', () => {
    const later = request({ dueAt: soon })
    expect(decide({ request: later })).toEqual({ kind: 'postpone', until: soon, reason: 'not-yet-due' })
    expect(decide({ request: later, now: soon }).kind).toBe('send')
  })

  it('before which it is of no use postpones too', () => {
    const useful = request({ window: { from: soon, until: visitStart } })
    expect(decide({ request: useful })).toMatchObject({ kind: 'postpone', until: soon })
  })

  const night = settings({ quietHours: { from: '21:00', to: '08:00', spreadFor: 'PT0M' } })
  const atNight = at('2026-11-20T22:00:00+04:00')
  const morning = at('2026-11-21T08:00:00+04:00')
  const quiet = { settings: night, now: atNight }

  it('that is quiet postpones to the morning', () => {
    expect(decide(quiet)).toEqual({ kind: 'postpone', until: morning, reason: 'quiet-hours' })
    expect(decide({ ...quiet, now: morning }).kind).toBe('send')
  })

  it('is the visit’s own, and the clinic’s where there is no visit', () => {
    expect(decide({ ...quiet, visit: visit({ zone: 'America/New_York' }) }).kind).toBe('send')
    const plain = request({ category: 'conversation', visit: undefined, visitStart: undefined })
    expect(decide({ ...quiet, request: plain, visit: undefined })).toMatchObject({ reason: 'quiet-hours' })
  })

  it.each([
    morning,
    instant(morning - minute),
  ])('that is quiet for as long as it is of use ends it', (until) => {
    const useless = request({ window: { from: now, until } })
    expect(decide({ ...quiet, request: useless })).toEqual({
      kind: 'skip',
      reason: 'quiet-hours',
      hops: [{ channel: 'whatsapp', reason: 'quiet-hours' }],
    })
  })

  it.each(['urgent', 'stat'] as const)('that is quiet lets pass what is %s', (priority) => {
    expect(decide({ ...quiet, request: request({ priority }) }).kind).toBe('send')
    expect(decide({ ...quiet, request: request({ priority }), consents: [] })).toMatchObject({
      reason: 'no-consent',
    })
  })

  it('that is quiet holds what is asap, and what staff write', () => {
    expect(decide({ ...quiet, request: request({ priority: 'asap' }) }).kind).toBe('postpone')
    expect(decide({ ...quiet, request: request({ category: 'conversation' }) }).kind).toBe('postpone')
  })

  it('that is quiet lets an automatic answer pass', () => {
    const content = {
      kind: 'template',
      template: 'https://qasid.dev/fhir/ActivityDefinition/reply-help|1',
      parameters: {},
    } as const
    const answer = request({ category: 'auto-reply', answers: 'Communication/i1', plan: ['sms'], content })
    expect(decide({ ...quiet, request: answer, answered: inbound({ receivedAt: atNight }) }).kind).toBe(
      'send',
    )
    const pretending = request({ category: 'auto-reply', plan: ['sms'] })
    expect(decide({ ...quiet, request: pretending }).kind).toBe('postpone')
  })
})
