import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/domain/attempt.ts'
import { decideDispatch } from '../../src/domain/dispatch.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { mayGoOnceMore, nextAttemptId, released } from '../../src/domain/once-more.ts'
import { type ClinicSettings, parseSettings } from '../../src/domain/settings.ts'
import { instant, minute } from '../../src/domain/time.ts'
import { attempt, dispatchFacts as facts, now, request, settings } from '../people.ts'

const ago = (minutes: number) => instant(now - minutes * minute)
const unanswered = (differs: Partial<Attempt> = {}) =>
  attempt({
    ...{ state: 'unknown', reason: 'no-answer', at: ago(5), sentAt: undefined, providerId: undefined },
    ...differs,
  })
const copy = (differs: Partial<Attempt> = {}) =>
  attempt({ attemptId: 'r1_0_again', reference: 'Communication/a2', possibleDuplicate: true, ...differs })
const held: Partial<MessageRequest> = { status: 'on-hold', reason: 'no-answer', priority: 'urgent' }
const allowed: ClinicSettings['unknown'] = { reminder: 'urgent-once-more' }

interface Case {
  attempt?: Partial<Attempt>
  request?: Partial<MessageRequest>
  others?: Attempt[]
  unknown?: ClinicSettings['unknown']
}

function judge({ attempt: differs, request: wish, others = [], unknown = allowed }: Case): boolean {
  const one = unanswered(differs)
  return mayGoOnceMore({
    ...{ attempt: one, attempts: [one, ...others], now },
    ...{ request: request({ ...held, ...wish }), settings: settings({ unknown }) },
  })
}

const cases: [what: string, differs: Case, goes: boolean][] = [
  ['urgent, and the settings allow it', {}, true],
  ['stat', { request: { priority: 'stat' } }, true],
  ['its request was opened by a life that died', { request: { status: 'active' } }, true],
  ['another hop failed before', { others: [attempt({ attemptId: 'r1_1', state: 'failed' })] }, true],
  ['routine', { request: { priority: 'routine' } }, false],
  ['as soon as possible is not urgent', { request: { priority: 'asap' } }, false],
  ['nothing is set: a human finds out', { unknown: {} }, false],
  ['set for another category', { unknown: { conversation: 'urgent-once-more' } }, false],
  ['set to a task', { unknown: { reminder: 'task' } }, false],
  ['a callback may still come', { attempt: { at: ago(4) } }, false],
  ['it was taken and fell silent', { attempt: { reason: 'no-receipt' } }, false],
  ['a callback came', { attempt: { state: 'delivered', reason: undefined } }, false],
  ['it is a copy itself', { attempt: { possibleDuplicate: true } }, false],
  ['a copy failed already', { others: [copy({ state: 'failed' })] }, false],
  ['another attempt has left', { others: [attempt({ attemptId: 'r1_1', state: 'sent' })] }, false],
  ['it is of no use any more', { request: { window: { from: ago(60), until: now } } }, false],
  ['staff withdrew it', { request: { status: 'revoked', reason: 'withdrawn' } }, false],
  ['staff hold it', { request: { reason: undefined } }, false],
  ['the EMR forbids it', { request: { forbidden: true } }, false],
]

describe('one more copy of a message of which nobody can say whether it left', () => {
  it.each(cases)('%s', (_what, differs, goes) => {
    expect(judge(differs)).toBe(goes)
  })
})

describe('dispatch, after an unknown attempt', () => {
  const judged = (...attempts: Attempt[]) =>
    decideDispatch(facts({ request: request({ priority: 'urgent' }), attempts })).kind

  it.each([
    ['lets it be', 'settled', [unanswered()]],
    ['sends a copy where it was released', 'send', [released(unanswered(), now)]],
    ['sends none after a callback', 'settled', [released(attempt({ state: 'delivered' }), now)]],
    ['lets a copy be that has left', 'settled', [unanswered(), copy({ state: 'sent' })]],
    [
      'lets a copy be that nobody knows of either',
      'settled',
      [unanswered(), copy({ ...unanswered(), attemptId: 'r1_0_again', possibleDuplicate: true })],
    ],
    [
      'never follows a copy with another',
      'settled',
      [unanswered(), released(copy({ state: 'unknown', reason: 'no-answer' }), now)],
    ],
    [
      'repeats a copy that never got there',
      'send',
      [unanswered(), copy({ state: 'claimed', nextAttemptAt: now })],
    ],
  ] as [string, string, Attempt[]][])('%s', (_what, kind, attempts) => {
    expect(judged(...attempts)).toBe(kind)
  })

  it('goes by the next channel when the copy failed', () => {
    const decision = decideDispatch(
      facts({
        request: request({ plan: ['whatsapp', 'sms'] }),
        attempts: [unanswered(), copy({ state: 'failed' })],
      }),
    )
    expect(decision).toMatchObject({ kind: 'send', hop: { index: 1, channel: 'sms' } })
  })
})

it('a copy has an id of its own, and keeps it', () => {
  const asked = (attempts: Attempt[]) => nextAttemptId({ request: request(), attempts }, 0)
  expect(asked([])).toBe('r1_0')
  expect(asked([unanswered()])).toBe('r1_0_again')
  expect(asked([unanswered(), copy({ state: 'claimed', nextAttemptAt: now })])).toBe('r1_0_again')
})

it.each([
  [{ reminder: 'never' }, 'unknown.reminder'],
  [{ promotion: 'task' }, 'unknown'],
])('the setting %j is refused by name', (unknown, name) => {
  const parsed = parseSettings({ ...settings(), unknown })
  expect(parsed).toMatchObject({ kind: 'refused', faults: [expect.stringContaining(name)] })
})
