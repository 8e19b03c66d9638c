import { describe, expect, it } from 'vitest'
import { type Advice, adviseBooking, adviseChart, type BookingFacts } from '../../src/domain/cds-advice.ts'
import type { ClosedHop } from '../../src/domain/describe-closed.ts'
import { languages } from '../../src/domain/language.ts'
import { type Reason, reasons } from '../../src/domain/reason.ts'
import { sayAdvice } from '../../src/domain/say-advice.ts'
import { after, minute } from '../../src/domain/time.ts'
import { attempt, inbound, now } from '../people.ts'

const sms = (reason: Reason): ClosedHop => ({ channel: 'sms', reason })
const whatsapp = (reason: Reason): ClosedHop => ({ channel: 'whatsapp', reason })
const email = (reason: Reason): ClosedHop => ({ channel: 'email', reason })
const closed = (...hops: ClosedHop[]): BookingFacts['hops'] => ({
  kind: 'closed',
  reason: hops[0]?.reason ?? 'no-address',
  closed: hops,
})

/** An English speaker who is reached by SMS. */
function booking(differs: Partial<BookingFacts> = {}): BookingFacts {
  return {
    hops: { kind: 'open', channels: ['sms'], closed: [] },
    wordless: [],
    language: { language: 'en', fits: true },
    preferredLanguages: ['en'],
    ...differs,
  }
}

describe('while a visit is booked', () => {
  it.each<[string, Partial<BookingFacts>, Advice[]]>([
    ['all is well', {}, []],
    [
      'no channel may be used',
      { hops: closed(whatsapp('no-consent'), sms('opted-out')) },
      [{ kind: 'no-reminder', closed: [whatsapp('no-consent'), sms('opted-out')] }],
    ],
    [
      'one channel has no permit, and another a wrong address',
      { hops: closed(sms('no-consent'), email('invalid-address')) },
      [{ kind: 'no-reminder', closed: [sms('no-consent'), email('invalid-address')] }],
    ],
    [
      'no address can be used',
      { hops: closed(sms('not-a-mobile'), email('no-address')) },
      [{ kind: 'wrong-address', closed: [sms('not-a-mobile'), email('no-address')], open: [] }],
    ],
    [
      'the number is wrong, and the mailbox is not',
      { hops: { kind: 'open', channels: ['email'], closed: [sms('invalid-address')] } },
      [{ kind: 'wrong-address', closed: [sms('invalid-address')], open: ['email'] }],
    ],
    [
      'there is only a number, and it is right',
      { hops: { kind: 'open', channels: ['sms'], closed: [email('no-address'), whatsapp('no-consent')] } },
      [],
    ],
    [
      'the only open channel has no words',
      { wordless: [sms('no-template')] },
      [{ kind: 'no-reminder', closed: [sms('no-template')] }],
    ],
    [
      'the patient reads what we do not write',
      { language: { language: 'en', fits: false }, preferredLanguages: ['fr'] },
      [{ kind: 'other-language', language: 'en' }],
    ],
    [
      'the chart names no language',
      { language: { language: 'ar', fits: false }, preferredLanguages: [] },
      [{ kind: 'no-language', language: 'ar' }],
    ],
    [
      'nothing arrives, and the language would be wrong too',
      { hops: closed(sms('no-consent')), language: { language: 'en', fits: false }, preferredLanguages: [] },
      [{ kind: 'no-reminder', closed: [sms('no-consent')] }],
    ],
  ])('%s', (_what, differs, advice) => {
    expect(adviseBooking(booking(differs))).toEqual(advice)
  })
})

const nothing = { inbound: [], attempts: [], underway: [] }

describe('when a chart is opened', () => {
  const reminder = attempt({ state: 'delivered' })
  const wrote = (minutes: number, differs = {}) =>
    inbound({
      reference: `Communication/i${minutes}`,
      receivedAt: after(now, minutes * minute),
      handled: true,
      patient: reminder.patient,
      ...differs,
    })
  const answer = (minutes: number, differs = {}) =>
    attempt({
      category: 'conversation',
      request: 'CommunicationRequest/r2',
      sentAt: after(now, minutes * minute),
      ...differs,
    })

  it.each<[string, Parameters<typeof adviseChart>[0], Advice[]]>([
    ['nothing was said', nothing, []],
    ['the reminder arrived', { ...nothing, attempts: [reminder] }, []],
    [
      'the patient wrote twice',
      { ...nothing, inbound: [wrote(1), wrote(2)] },
      [{ kind: 'unread', count: 2 }],
    ],
    ['staff answered', { ...nothing, inbound: [wrote(1)], attempts: [answer(2)] }, []],
    [
      'the patient wrote again after the answer',
      { ...nothing, inbound: [wrote(1), wrote(3)], attempts: [answer(2)] },
      [{ kind: 'unread', count: 1 }],
    ],
    [
      'the answer did not arrive',
      { ...nothing, inbound: [wrote(1)], attempts: [answer(2, { state: 'undelivered' })] },
      [{ kind: 'unread', count: 1 }],
    ],
    [
      'a yes to a visit was answered by itself',
      {
        ...nothing,
        inbound: [wrote(1), wrote(2)],
        attempts: [answer(1, { category: 'auto-reply', answers: 'Communication/i1' })],
      },
      [{ kind: 'unread', count: 1 }],
    ],
    [
      'a thumb was put under a message',
      { ...nothing, inbound: [wrote(1, { reaction: { toMessage: 'x', emoji: '👍' } })] },
      [],
    ],
    [
      'the last reminder did not arrive',
      { ...nothing, attempts: [attempt({ state: 'undelivered', reason: 'recipient-unreachable' })] },
      [{ kind: 'reminder-failed', reason: 'recipient-unreachable', channel: 'sms', uncertain: false }],
    ],
    [
      'it was tried by two channels',
      {
        ...nothing,
        attempts: [
          attempt({ state: 'failed', reason: 'invalid-recipient' }),
          attempt({ state: 'not-sent', reason: 'no-consent', channel: 'email', at: now }),
        ],
      },
      [{ kind: 'reminder-failed', reason: 'invalid-recipient', channel: 'sms', uncertain: false }],
    ],
    [
      'its next channel is still to come',
      { ...nothing, attempts: [attempt({ state: 'undelivered' })], underway: ['CommunicationRequest/r1'] },
      [],
    ],
    [
      'an older one did not arrive, and the last one did',
      { ...nothing, attempts: [attempt({ state: 'undelivered' }), attempt({ state: 'delivered', at: now })] },
      [],
    ],
    [
      'it was not sent, for want of a permit',
      { ...nothing, attempts: [attempt({ state: 'not-sent', reason: 'no-consent' })] },
      [{ kind: 'reminder-failed', reason: 'no-consent', channel: 'sms', uncertain: false }],
    ],
    [
      'it was rightly not sent',
      { ...nothing, attempts: [attempt({ state: 'not-sent', reason: 'visit-cancelled' })] },
      [],
    ],
    [
      'nobody saw whether it left',
      { ...nothing, attempts: [attempt({ state: 'unknown', reason: 'no-answer' })] },
      [{ kind: 'reminder-failed', reason: 'no-answer', channel: 'sms', uncertain: true }],
    ],
  ])('%s', (_what, facts, advice) => {
    expect(adviseChart(facts)).toEqual(advice)
  })
})

const samples: Advice[] = [
  { kind: 'no-reminder', closed: [sms('no-consent'), email('no-address')] },
  { kind: 'wrong-address', closed: [sms('invalid-address')], open: ['email'] },
  { kind: 'wrong-address', closed: [sms('invalid-address')], open: [] },
  { kind: 'other-language', language: 'hi' },
  { kind: 'no-language', language: 'ar' },
  { kind: 'unread', count: 1 },
  { kind: 'unread', count: 1234 },
  ...(Object.keys(reasons) as Reason[]).map(
    (reason) => ({ kind: 'reminder-failed', reason, uncertain: false }) as const,
  ),
]

describe.each(languages)('said in %s', (language) => {
  it('every summary is short enough for a card, and nothing is empty', () => {
    for (const said of samples.map((advice) => sayAdvice(advice, language))) {
      expect(said.summary.length).toBeLessThan(140)
      expect(said.summary.trim()).not.toBe('')
      expect(said.detail?.trim()).not.toBe('')
    }
  })
})

describe('said in English', () => {
  it('each closed channel has its reason, and one that concerns the person stands once', () => {
    expect(
      sayAdvice({ kind: 'no-reminder', closed: [sms('no-consent'), email('no-address')] }, 'en'),
    ).toEqual({
      summary: 'No reminder will reach this patient.',
      detail:
        '- **SMS**: There is no consent for this channel.\n- **e-mail**: The patient has no address for this channel.',
    })
    const both = [sms('patient-deceased'), email('patient-deceased')]
    expect(sayAdvice({ kind: 'no-reminder', closed: both }, 'en').detail).toBe('The patient has died.')
  })

  it('a reminder that failed says by which channel, unless it is about the person', () => {
    const failed = { kind: 'reminder-failed', channel: 'sms', uncertain: false } as const
    expect(sayAdvice({ ...failed, reason: 'no-consent' }, 'en').detail).toBe(
      '**SMS**: There is no consent for this channel.',
    )
    expect(sayAdvice({ ...failed, reason: 'patient-deceased' }, 'en').detail).toBe('The patient has died.')
  })

  it('what remains open is named', () => {
    const advice: Advice = {
      kind: 'wrong-address',
      closed: [sms('not-a-mobile')],
      open: ['email', 'whatsapp'],
    }
    expect(sayAdvice(advice, 'en').detail).toContain('Reminders go by e-mail and WhatsApp.')
  })
})
