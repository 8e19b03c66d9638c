import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/domain/attempt.ts'
import { decideDispatch } from '../../src/domain/dispatch.ts'
import { isOverCap, type MostPerDay, type RecentContact } from '../../src/domain/frequency-cap.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { day, hour, instant } from '../../src/domain/time.ts'
import {
  at,
  attempt,
  dispatchFacts,
  inbound,
  now,
  person,
  request,
  rule,
  settings,
  visit,
} from '../people.ts'

const zone = 'Asia/Dubai'
/** Of another request, this morning at ten to nine. */
const had = (differs: Partial<Attempt> = {}) => attempt({ request: 'CommunicationRequest/r0', ...differs })
const over = (
  most: MostPerDay | undefined,
  recent: Partial<RecentContact> = {},
  differs: Partial<MessageRequest> = {},
) => {
  const one = request(differs)
  return isOverCap(one, one.category, most, { attempts: [had()], ...recent }, { zone, now })
}

describe('a cap of messages per day', () => {
  it('holds where it is set, for its own kind', () => {
    expect(over(undefined)).toBe(false)
    expect(over({})).toBe(false)
    expect(over({ conversation: 1 })).toBe(false)
    expect(over({ reminder: 1 })).toBe(true)
    expect(over({ reminder: 2 })).toBe(false)
  })

  it('of all kinds counts what is begun of any', () => {
    const attempts = [had(), had({ category: 'conversation' })]
    expect(over({ reminder: 2, all: 2 }, { attempts })).toBe(true)
    expect(over({ reminder: 2, all: 3 }, { attempts })).toBe(false)
  })

  it.each([
    'claimed',
    'unknown',
    'queued',
    'sent',
    'relay-accepted',
    'delivered',
    'read',
  ] as const)('counts what may have left: %s', (state) =>
    expect(over({ all: 1 }, { attempts: [had({ state })] })).toBe(true))

  const uncounted: [what: string, differs: Partial<Attempt>][] = [
    ['failed', { state: 'failed' }],
    ['did not arrive', { state: 'undelivered' }],
    ['was never sent', { state: 'not-sent' }],
    ['surely never arrived, and waits', { state: 'claimed', nextAttemptAt: now }],
    ['is of this very message', { request: 'CommunicationRequest/r1' }],
    ['answers the patient', { category: 'auto-reply' }],
    ['is quoted under the patient’s message', { category: 'conversation', answers: 'Communication/i1' }],
    ['left yesterday', { calledAt: at('2026-11-19T23:59:59+04:00'), at: now }],
  ]
  it.each(uncounted)('does not count what %s', (_what, differs) => {
    expect(over({ all: 1 }, { attempts: [had(differs)] })).toBe(false)
  })

  it('is for the patient’s day, not ours', () => {
    const attempts = [had({ calledAt: at('2026-11-19T23:59:59+04:00') })]
    const ask = { zone: 'Europe/London', now: at('2026-11-19T21:00:00Z') }
    expect(isOverCap(request(), 'reminder', { all: 1 }, { attempts }, ask)).toBe(true)
  })

  it('lets staff talk with a patient who wrote today, and lets no script do so', () => {
    const chat = { category: 'conversation', key: 'm1' } as const
    expect(over({ all: 1 }, {}, chat)).toBe(true)
    expect(over({ all: 1 }, { lastWroteAt: now }, chat)).toBe(false)
    expect(over({ all: 1 }, { lastWroteAt: instant(now - day) }, chat)).toBe(true)
    expect(over({ all: 1 }, { lastWroteAt: now }, { ...chat, key: 'api-k1_sara' })).toBe(true)
    expect(over({ all: 1 }, { lastWroteAt: now })).toBe(true)
  })
})

describe('a message over the cap', () => {
  const capped = { mostPerDay: { all: 1 }, quietHours: { from: '21:00', to: '09:00', spreadFor: 'PT0M' } }
  const facts = dispatchFacts({ settings: settings(capped), recent: { attempts: [had()] } })
  const tomorrow = at('2026-11-21T09:00:00+04:00')

  it('waits for the opening of the next day', () => {
    expect(decideDispatch(facts)).toEqual({ kind: 'postpone', until: tomorrow, reason: 'frequency-cap' })
    expect(decideDispatch({ ...facts, now: tomorrow }).kind).toBe('send')
  })

  it('waits for eight where no hours are quiet, on the patient’s clock', () => {
    const always = { ...facts, settings: settings({ ...capped, quietHours: { spreadFor: 'PT0M' } }) }
    expect(decideDispatch(always)).toMatchObject({ until: at('2026-11-21T08:00:00+04:00') })
    expect(decideDispatch({ ...always, person: person({ zone: 'Asia/Kolkata' }) })).toMatchObject({
      until: at('2026-11-21T08:00:00+05:30'),
    })
  })

  it('waits over a weekend that is quiet', () => {
    const weekend = settings({ ...capped, quietHours: { days: ['saturday'], spreadFor: 'PT0M' } })
    const longer = request({ window: { from: now, until: instant(now + 5 * day) } })
    expect(decideDispatch({ ...facts, request: longer, settings: weekend })).toMatchObject({
      until: at('2026-11-22T00:00:00+04:00'),
    })
  })

  it('is not sent where it is of no use by then, and says why', () => {
    const brief = request({ window: { from: now, until: instant(now + 6 * hour) } })
    expect(decideDispatch({ ...facts, request: brief })).toEqual({
      kind: 'skip',
      reason: 'frequency-cap',
      hops: [{ channel: 'whatsapp', reason: 'frequency-cap' }],
    })
  })

  it.each(['urgent', 'stat'] as const)('goes where it is %s', (priority) => {
    expect(decideDispatch({ ...facts, request: request({ priority }) }).kind).toBe('send')
  })

  it('goes where it is an automatic answer', () => {
    const content = {
      kind: 'template',
      template: 'https://qasid.dev/fhir/ActivityDefinition/reply-help|1',
      parameters: {},
    } as const
    const answer = request({ category: 'auto-reply', answers: 'Communication/i1', plan: ['sms'], content })
    expect(decideDispatch({ ...facts, request: answer, answered: inbound() }).kind).toBe('send')
  })
})

describe('a reminder for those who have not confirmed', () => {
  const asking = settings({ rules: [rule({ onlyIf: 'unconfirmed' })] })
  const coming = visit({ patients: [{ reference: request().patient, confirmed: true }] })

  it('is not sent to who has, and says why', () => {
    expect(decideDispatch(dispatchFacts({ settings: asking, visit: coming }))).toEqual({
      kind: 'skip',
      reason: 'already-confirmed',
      hops: [],
    })
  })

  it('is not sent to who has answered so where the EMR does not take the answer over', () => {
    const facts = dispatchFacts({ settings: asking, acceptedStart: visit().start })
    expect(decideDispatch(facts)).toMatchObject({ reason: 'already-confirmed' })
    expect(decideDispatch({ ...facts, acceptedStart: now }).kind).toBe('send')
  })

  it('is sent to who has not, and every other rule’s to all', () => {
    expect(decideDispatch(dispatchFacts({ settings: asking })).kind).toBe('send')
    expect(decideDispatch(dispatchFacts({ visit: coming })).kind).toBe('send')
    const another = request({ ruleId: '48h' })
    expect(decideDispatch(dispatchFacts({ settings: asking, visit: coming, request: another })).kind).toBe(
      'send',
    )
  })
})
