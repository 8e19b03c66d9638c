import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type AnswerFacts,
  type Consequence,
  decideAnswer,
  type ReplyTemplate,
} from '../../src/domain/answer.ts'
import { channels } from '../../src/domain/channel.ts'
import type { PatientMatch } from '../../src/domain/inbound.ts'
import { replyIntents } from '../../src/domain/keywords.ts'
import { before, instant, minute } from '../../src/domain/time.ts'
import {
  address,
  answerFacts,
  attempt,
  inbound,
  now,
  numbers,
  omar,
  person,
  question,
  sara,
  settings,
  visit,
  visitStart,
} from '../people.ts'

const decide = (differs: Partial<AnswerFacts> = {}) => decideAnswer(answerFacts(differs))
const task = (code: 'respond' | 'match-sender' | 'update-schedule'): Consequence => ({ kind: 'task', code })
const reply = (template: ReplyTemplate): Consequence => ({ kind: 'reply', patient: sara, template })
const answer = (status: 'accepted' | 'declined'): Consequence => ({
  ...{ kind: 'answer-visit', visit: 'Appointment/v1', patient: sara, status },
})
const here = (['sms', 'whatsapp'] as const).map((channel) => ({ channel, address: address(numbers.sara) }))
const deny = (patient: string): Consequence => ({ kind: 'deny', patient, at: here })

const asked: PatientMatch = { kind: 'one', person: person(), question: question() }
const notAsked: PatientMatch = { kind: 'one', person: person() }
const several: PatientMatch = { kind: 'several', people: [person(), person({ reference: omar })] }
const none: PatientMatch = { kind: 'none' }

/** Every intent by every match. */
const table: [
  intent: AnswerFacts['intent'],
  who: string,
  match: PatientMatch,
  consequences: Consequence[],
][] = [
  ['confirm', 'the one who was asked', asked, [answer('accepted'), reply('reply-confirmed')]],
  ['confirm', 'one who was not asked', notAsked, [task('respond')]],
  ['confirm', 'one of several', several, [task('match-sender')]],
  ['confirm', 'nobody we know', none, [task('match-sender')]],
  [
    'cancel',
    'the one who was asked',
    asked,
    [answer('declined'), task('update-schedule'), reply('reply-cancel-staff')],
  ],
  ['cancel', 'one who was not asked', notAsked, [task('respond')]],
  ['cancel', 'one of several', several, [task('match-sender')]],
  ['cancel', 'nobody we know', none, [task('match-sender')]],
  ['reschedule', 'the one who was asked', asked, [task('update-schedule')]],
  ['reschedule', 'one who was not asked', notAsked, [task('respond')]],
  ['reschedule', 'one of several', several, [task('match-sender')]],
  ['reschedule', 'nobody we know', none, [task('match-sender')]],
  ['stop', 'the one who was asked', asked, [deny(sara), reply('reply-stop')]],
  ['stop', 'one who was not asked', notAsked, [deny(sara), reply('reply-stop')]],
  ['stop', 'one of several', several, [deny(sara), deny(omar), reply('reply-stop')]],
  ['stop', 'nobody we know', none, [task('match-sender')]],
  ['start', 'the one who was asked', asked, [reply('reply-start-unknown')]],
  ['start', 'one who was not asked', notAsked, [reply('reply-start-unknown')]],
  ['start', 'one of several', several, [task('match-sender')]],
  ['start', 'nobody we know', none, [task('match-sender')]],
  ['help', 'the one who was asked', asked, [reply('reply-help')]],
  ['help', 'one who was not asked', notAsked, [reply('reply-help')]],
  ['help', 'one of several', several, [task('match-sender')]],
  ['help', 'nobody we know', none, [task('match-sender')]],
  ['unclear', 'the one who was asked', asked, [task('respond')]],
  ['unclear', 'one who was not asked', notAsked, [task('respond')]],
  ['unclear', 'one of several', several, [task('match-sender')]],
  ['unclear', 'nobody we know', none, [task('match-sender')]],
]

describe('what a patient writes', () => {
  it.each(table)('"%s" by %s has its consequences', (intent, _who, match, consequences) => {
    expect(decide({ intent, match })).toEqual(consequences)
  })

  it('by e-mail and says STOP stops e-mail only', () => {
    const mail = inbound({ channel: 'email', from: address('sara@mail.example') })
    expect(decide({ intent: 'stop', inbound: mail })[0]).toEqual({
      kind: 'deny',
      patient: sara,
      at: [{ channel: 'email', address: 'sara@mail.example' }],
    })
  })

  it.each<[string, Partial<AnswerFacts>]>([
    ['is cancelled', { visit: visit({ status: 'cancelled' }) }],
    ['has begun', { visit: visit({ start: now }) }],
    ['has no start', { visit: visit({ start: undefined }) }],
    ['is gone', { visit: undefined }],
    ['is somebody else’s now', { visit: visit({ patients: [{ reference: omar, confirmed: false }] }) }],
  ])('about a visit that %s is for a human', (_what, differs) => {
    for (const intent of ['confirm', 'cancel', 'reschedule'] as const)
      expect(decide({ intent, ...differs })).toEqual([task('respond')])
  })
})

describe('a visit that the patient cancels', () => {
  const byHost = settings({ replies: { cancel: 'host', cancelWord: 'stop', mostEqual: 3 } })
  const cancelled = [
    answer('declined'),
    {
      kind: 'cancel-visit',
      visit: 'Appointment/v1',
      taken: [reply('reply-cancelled')],
      refused: [task('update-schedule'), reply('reply-cancel-staff')],
    },
  ]
  const staff = [answer('declined'), task('update-schedule'), reply('reply-cancel-staff')]
  const group = visit({ patients: [sara, omar].map((reference) => ({ reference, confirmed: false })) })

  it.each([
    ['the clinic wants it and the EMR takes it', byHost, true, visit(), cancelled],
    ['the EMR does not take it', byHost, false, visit(), staff],
    ['the clinic wants staff to see to it', settings(), true, visit(), staff],
    ['others come too', byHost, true, group, staff],
  ])('is told to be what it is: %s', (_what, wish, hostCanCancel, about, consequences) => {
    expect(decide({ intent: 'cancel', settings: wish, hostCanCancel, visit: about })).toEqual(consequences)
  })

  it('is told to be cancelled when we were interrupted after the EMR took it, and by nobody else’s hand', () => {
    const about = visit({ status: 'cancelled' })
    const interrupted = inbound({ answers: question().attempt })
    const given = { intent: 'cancel', settings: byHost, hostCanCancel: true, visit: about } as const
    expect(decide({ ...given, inbound: interrupted })).toEqual(cancelled)
    expect(decide(given)).toEqual([task('respond')])
  })

  it('is never told to be cancelled, nor cancelled, unless both', () => {
    const anyCase = fc.record({
      intent: fc.constantFrom(...replyIntents),
      match: fc.constantFrom(asked, notAsked, several, none),
      hostCanCancel: fc.boolean(),
      wish: fc.constantFrom('task' as const, 'host' as const),
      about: fc.constantFrom(visit(), group, visit({ status: 'noshow' }), undefined),
    })
    fc.assert(
      fc.property(anyCase, ({ intent, match, hostCanCancel, wish, about }) => {
        const replies = { ...settings().replies, cancel: wish }
        const consequences = decide({
          intent,
          match,
          hostCanCancel,
          visit: about,
          settings: settings({ replies }),
        })
        const tells = consequences.some((one) => one.kind === 'reply' && one.template === 'reply-cancelled')
        const does = consequences.some((one) => one.kind === 'cancel-visit')
        // Said only where the EMR has taken it.
        expect(tells).toBe(false)
        if (does) expect([wish, hostCanCancel, about]).toEqual(['host', true, visit()])
      }),
    )
  })
})

describe('automatic answers', () => {
  const answered = (differs: Partial<Parameters<typeof attempt>[0]> = {}) =>
    attempt({
      ...{ category: 'auto-reply', template: 'https://qasid.dev/fhir/ActivityDefinition/reply-help|1' },
      ...{ replyOptions: [], at: before(now, minute), ...differs },
    })
  const helped = (recentReplies: AnswerFacts['recentReplies']) => decide({ intent: 'help', recentReplies })

  it('are given so many times within half an hour, and then no more', () => {
    expect(helped([answered(), answered()])).toEqual([reply('reply-help')])
    expect(helped([answered(), answered(), answered()])).toEqual([])
  })

  it.each<[string, Parameters<typeof answered>[0]]>([
    ['were longer ago', { at: before(now, 30 * minute) }],
    ['went to another number', { to: address(numbers.sarasOther) }],
    ['said something else', { template: 'https://qasid.dev/fhir/ActivityDefinition/reply-help-more|1' }],
    ['were free text', { template: undefined }],
  ])('are given again where the earlier ones %s', (_what, differs) => {
    expect(helped([answered(differs), answered(differs), answered(differs)])).toEqual([reply('reply-help')])
  })

  it('are not given for the fourth STOP, which is still obeyed', () => {
    const template = 'https://qasid.dev/fhir/ActivityDefinition/reply-stop|1'
    const recentReplies = [1, 2, 3].map(() => answered({ template, category: 'consent-confirmation' }))
    expect(decide({ intent: 'stop', recentReplies })).toEqual([deny(sara)])
  })

  it('are not given to short codes, whatever they say; what follows in the chart still does', () => {
    const shortCode = inbound({ from: '72727' as AnswerFacts['inbound']['from'] })
    fc.assert(
      fc.property(fc.constantFrom(...replyIntents), fc.constantFrom(asked, notAsked), (intent, match) => {
        const consequences = decide({ intent, match, inbound: shortCode })
        expect(consequences.some((one) => one.kind === 'reply')).toBe(false)
      }),
    )
    expect(decide({ intent: 'confirm', inbound: shortCode })).toEqual([answer('accepted')])
  })

  it('are given to a short mailbox', () => {
    const short = inbound({ channel: 'email', from: address('a@b.ae') })
    expect(decide({ intent: 'help', inbound: short })).toEqual([reply('reply-help')])
  })

  it('are never more than one to a message, on any channel', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...replyIntents),
        fc.constantFrom(asked, notAsked, several, none),
        fc.constantFrom(...channels),
        (intent, match, channel) => {
          const from = address(channel === 'email' ? 'sara@mail.example' : numbers.sara)
          const consequences = decide({ intent, match, inbound: inbound({ channel, from }) })
          expect(consequences.filter((one) => one.kind === 'reply').length).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('tell nobody of a visit that is on until the minute it begins', () => {
    const lastMoment = instant(visitStart - 1)
    expect(decide({ intent: 'confirm', now: lastMoment })).toEqual([
      answer('accepted'),
      reply('reply-confirmed'),
    ])
  })
})
