import { describe, expect, it } from 'vitest'
import {
  type AnswerFacts,
  type Consequence,
  decideAnswer,
  type ReplyTemplate,
} from '../../src/domain/answer.ts'
import type { PatientMatch } from '../../src/domain/inbound.ts'
import { address, answerFacts, at, consent, numbers, omar, person, sara, stop } from '../people.ts'

const decide = (differs: Partial<AnswerFacts> = {}) => decideAnswer(answerFacts(differs))
const task = (code: 'respond' | 'match-sender' | 'update-schedule'): Consequence => ({ kind: 'task', code })
const reply = (template: ReplyTemplate): Consequence => ({ kind: 'reply', patient: sara, template })

const notAsked: PatientMatch = { kind: 'one', person: person() }
const several: PatientMatch = { kind: 'several', people: [person(), person({ reference: omar })] }

describe('START', () => {
  const permit = consent({
    channel: 'sms',
    address: address(numbers.sara),
    active: false,
    purposes: ['PATADMIN'],
  })
  const start = (consents: AnswerFacts['consents'], differs: Partial<AnswerFacts> = {}) =>
    decide({ intent: 'start', match: notAsked, consents, ...differs })

  it('gives back what the STOP took', () => {
    expect(start([permit, stop()])).toEqual([
      { kind: 'permit-again', records: [permit] },
      reply('reply-start'),
    ])
  })

  it('gives back both channels of the number', () => {
    const byWhatsApp = { ...permit, reference: 'Consent/w', channel: 'whatsapp' as const }
    const consents = [permit, byWhatsApp, stop(), stop({ reference: 'Consent/stop2', channel: 'whatsapp' })]
    expect(start(consents)[0]).toEqual({ kind: 'permit-again', records: [permit, byWhatsApp] })
  })

  it('gives back a permit for every channel as one for the stopped channel', () => {
    const general = consent()
    expect(start([general, stop()])[0]).toEqual({
      kind: 'permit-again',
      records: [{ ...general, channel: 'sms', address: address(numbers.sara) }],
    })
  })

  it('gives back what an earlier STOP took, after two of them', () => {
    const first = stop({ reference: 'Consent/first', active: false, decidedAt: at('2026-11-09T08:00:00Z') })
    expect(start([permit, first, stop()])[0]).toEqual({ kind: 'permit-again', records: [permit] })
  })

  const later = at('2026-11-15T08:00:00Z')

  it.each<[string, AnswerFacts['consents']]>([
    ['there never was a permit', [stop()]],
    ['nothing is on file', []],
    ['the denial was said at the desk', [permit, stop({ byStop: false })]],
    [
      'it was denied at the desk before the STOP',
      [permit, consent({ type: 'deny', active: false, decidedAt: at('2026-06-01T08:00:00Z') }), stop()],
    ],
    ['the permit is for another number', [{ ...permit, address: address(numbers.sarasOther) }, stop()]],
    ['the STOP was on another number', [permit, stop({ address: address(numbers.sarasOther) })]],
    ['the permit is for e-mail', [{ ...permit, channel: 'email' }, stop()]],
    ['the permit and the STOP are somebody else’s', [{ ...permit, patient: omar }, stop({ patient: omar })]],
  ])('opens nothing where %s', (_what, consents) => {
    expect(start(consents)).toEqual([reply('reply-start-unknown')])
  })

  it.each([
    ['nothing was stopped', [{ ...permit, active: true }]],
    ['the STOP was taken back since', [permit, stop({ active: false }), consent({ decidedAt: later })]],
  ])('says that messages come where %s', (_what, consents) => {
    expect(start(consents)).toEqual([reply('reply-start')])
  })

  it('opens nothing for a family of which nobody can tell who wrote', () => {
    expect(start([permit, stop()], { match: several })).toEqual([task('match-sender')])
  })
})
