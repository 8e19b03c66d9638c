import { describe, expect, it } from 'vitest'
import type { Attempt, AttemptState } from '../../src/domain/attempt.ts'
import { decideDispatch } from '../../src/domain/dispatch.ts'
import { afterHandOver, fallbackAt } from '../../src/domain/fallback.ts'
import type { MessageRequest } from '../../src/domain/message-request.ts'
import { after, before, hour, minute } from '../../src/domain/time.ts'
import { attemptStates } from '../fhir/any.ts'
import { attempt, dispatchFacts, now, person, request, settings, visit } from '../people.ts'

const sentAt = before(now, hour)
const sent = (differs: Partial<Attempt> = {}) =>
  attempt({ attemptId: 'r1_0', channel: 'whatsapp', state: 'delivered', sentAt, at: sentAt, ...differs })
const asked = (differs: Partial<MessageRequest> = {}) =>
  request({ fallbackAfter: { unread: hour }, handedOverAt: sentAt, ...differs })
const isWaitedFor = (differs: Partial<Attempt>, wanted: Partial<MessageRequest> = {}) =>
  fallbackAt(asked(wanted), sent(differs)) !== undefined

const unreadStates: AttemptState[] = ['queued', 'sent', 'delivered']
const undeliveredStates: AttemptState[] = ['queued', 'sent']

describe('a fallback', () => {
  it.each(attemptStates)('waits for a reader only of what was handed over and is not read: %s', (state) => {
    expect(isWaitedFor({ state })).toBe(unreadStates.includes(state))
  })

  it.each(attemptStates)('waits for a delivery only of what was handed over: %s', (state) => {
    const fallbackAfter = { undelivered: hour }
    expect(isWaitedFor({ state, channel: 'sms' }, { fallbackAfter })).toBe(undeliveredStates.includes(state))
  })

  it('asks no channel what it cannot tell', () => {
    expect(isWaitedFor({ channel: 'sms' })).toBe(false)
    expect(isWaitedFor({ channel: 'email' })).toBe(false)
    expect(isWaitedFor({ channel: 'email', state: 'sent' }, { fallbackAfter: { undelivered: hour } })).toBe(
      false,
    )
  })

  it('is none on the last hop, of an earlier round, past the message’s use, or where none was asked for', () => {
    expect(isWaitedFor({ attemptId: 'r1_1' })).toBe(false)
    expect(isWaitedFor({}, { round: 1 })).toBe(false)
    expect(isWaitedFor({}, { window: { from: now, until: now } })).toBe(false)
    expect(isWaitedFor({}, { fallbackAfter: undefined })).toBe(false)
  })

  it('is due as soon as one of the two times is over', () => {
    const fallbackAfter = { unread: 3 * hour, undelivered: 2 * hour }
    expect(fallbackAt(asked({ fallbackAfter }), sent({ state: 'sent' }))).toBe(after(sentAt, 2 * hour))
    expect(fallbackAt(asked({ fallbackAfter }), sent())).toBe(after(sentAt, 3 * hour))
  })
})

describe('a message that was handed over and not read in its time', () => {
  const facts = dispatchFacts({ request: asked(), attempts: [sent()] })
  const decide = (differs: Partial<typeof facts> = {}) => decideDispatch({ ...facts, ...differs })

  it('goes by the next hop, not sooner', () => {
    expect(decide()).toMatchObject({ kind: 'send', hop: { index: 1, channel: 'sms' } })
    expect(decide({ now: before(now, 1) })).toEqual({ kind: 'settled' })
  })

  it.each<[string, Partial<Attempt>]>([
    ['read', { state: 'read', readAt: now }],
    ['of unknown outcome', { state: 'unknown', reason: 'no-answer' }],
    ['without a receipt for a day', { state: 'unknown', reason: 'no-receipt' }],
  ])('stays as it is where it is %s', (_what, differs) => {
    expect(decide({ attempts: [sent(differs)] })).toEqual({ kind: 'settled' })
  })

  it.each([
    'claimed',
    'unknown',
    'queued',
    'delivered',
  ] as const)('opens one more hop only: that one is %s', (state) => {
    const attempts = [sent(), attempt({ attemptId: 'r1_1', state })]
    expect(decide({ attempts })).toEqual({ kind: 'settled' })
  })

  it.each<[string, Partial<typeof facts>]>([
    ['its visit was cancelled', { visit: visit({ status: 'cancelled' }) }],
    ['the patient opted out', { consents: [] }],
    ['the patient has no other address', { person: person({ addresses: [] }) }],
    ['it is too late', { now: facts.request.window.until }],
  ])('is not called unsent because %s', (_what, differs) => {
    expect(decide(differs)).toEqual({ kind: 'settled' })
  })

  it('waits for the morning like every other', () => {
    const quiet = settings({ quietHours: { from: '08:00', to: '10:00', spreadFor: 'PT0M' } })
    expect(decide({ settings: quiet })).toMatchObject({ kind: 'postpone', reason: 'quiet-hours' })
  })
})

describe('a request whose message was handed over', () => {
  const justSent = sent({ sentAt: now, at: now, state: 'queued' })
  const fresh = asked({ handedOverAt: undefined })

  it('is fulfilled, unless it waits for a reader', () => {
    expect(afterHandOver(request(), [justSent], now)).toMatchObject({ status: 'completed' })
    expect(afterHandOver(fresh, [justSent], now)).toEqual({
      status: 'active',
      reason: undefined,
      dueAt: after(now, hour),
      handedOverAt: now,
    })
  })

  it('is fulfilled once it is read', () => {
    const waiting = asked({ dueAt: after(now, hour) })
    expect(afterHandOver(waiting, [sent({ state: 'read' })], now)).toMatchObject({ status: 'completed' })
  })

  it('is left alone while it waits, and when its fallback is due', () => {
    const waiting = asked({ dueAt: after(now, hour) })
    expect(afterHandOver(waiting, [justSent], now)).toBeUndefined()
    expect(afterHandOver(asked(), [sent()], after(now, minute))).toBeUndefined()
  })
})
