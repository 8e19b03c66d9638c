import { describe, expect, it } from 'vitest'
import type { AttemptState } from '../../src/domain/attempt.ts'
import { type Reason, reasons } from '../../src/domain/reason.ts'
import { decideAutomaticRetry, decideRetry, type RetryFacts } from '../../src/domain/retry.ts'
import { after, before, hour, minute } from '../../src/domain/time.ts'
import { attempt, now, request } from '../people.ts'

/** A text that failed two hours ago on its only hop, for a reason that passes. */
function facts(differs: { reason?: Reason; state?: AttemptState } & Partial<RetryFacts> = {}): RetryFacts {
  const { reason = 'recipient-unreachable', state = 'failed', ...rest } = differs
  const failedAt = before(now, 2 * hour)
  return {
    request: request({ status: 'revoked', reason, changedAt: failedAt }),
    attempts: [attempt({ state, reason, at: failedAt })],
    now,
    ...rest,
  }
}

describe('a retry by hand', () => {
  it('opens the next round, due now, until the message is useless', () => {
    const { request } = facts()
    const change = { status: 'active', reason: undefined, round: 1, dueAt: now }
    const window = { from: now, until: request.window.until }
    expect(decideRetry(facts())).toEqual({ kind: 'retry', change: { ...change, window } })
  })

  it('is refused when there is nothing left to say', () => {
    const emptied = facts()
    emptied.request.redacted = true
    expect(decideRetry(emptied)).toMatchObject({
      kind: 'refused',
      error: expect.stringMatching(/was removed/),
    })
    expect(decideAutomaticRetry(emptied)).toMatchObject({ kind: 'refused' })
  })

  it('counts rounds on', () => {
    const again = facts()
    again.request.round = 4
    expect(decideRetry(again)).toMatchObject({ change: { round: 5 } })
  })

  it('takes a completed request whose last attempt failed', () => {
    const failed = facts({
      request: request({ status: 'completed' }),
      state: 'undelivered',
      reason: 'undelivered',
    })
    expect(decideRetry(failed)).toMatchObject({ kind: 'retry' })
  })

  it.each<[AttemptState, RegExp]>([
    ['claimed', /on its way/],
    ['queued', /on its way/],
    ['unknown', /Nobody knows/],
    ['relay-accepted', /on its way/],
    ['delivered', /has arrived/],
    ['read', /has arrived/],
  ])('is refused while an attempt is %s', (state, says) => {
    expect(decideRetry(facts({ state }))).toEqual({ kind: 'refused', error: expect.stringMatching(says) })
  })

  it('is refused when an earlier round may have arrived', () => {
    const { attempts, ...rest } = facts()
    const earlier = attempt({ attemptId: 'r1_1', state: 'unknown' })
    expect(decideRetry({ ...rest, attempts: [earlier, ...attempts] })).toMatchObject({ kind: 'refused' })
  })

  it.each([
    'active',
    'on-hold',
    'draft',
    'entered-in-error',
  ] as const)('is refused while it is %s', (status) => {
    expect(decideRetry(facts({ request: request({ status }), attempts: [] }))).toMatchObject({
      kind: 'refused',
    })
  })

  it('is refused to whoever opted out, whatever the request says', () => {
    const optedOut = facts({ attempts: [attempt({ state: 'failed', reason: 'provider-opt-out' })] })
    const error = reasons['provider-opt-out']
    expect(decideRetry(optedOut)).toEqual({ kind: 'refused', error })
  })

  it('never lifts a wish of the EMR', () => {
    expect(decideRetry(facts({ request: request({ status: 'revoked', forbidden: true }) })).kind).toBe(
      'refused',
    )
  })

  it('needs an end that is still to come', () => {
    const late = facts({ now: after(request().window.until, 1) })
    expect(decideRetry(late)).toMatchObject({ error: expect.stringMatching(/until when/) })
    expect(decideRetry({ ...late, until: late.now })).toMatchObject({
      error: expect.stringMatching(/new end/),
    })
    const until = after(late.now, hour)
    expect(decideRetry({ ...late, until })).toMatchObject({ change: { window: { from: late.now, until } } })
  })

  it.each<Reason>([
    ...(['opted-out', 'address-suppressed', 'host-opt-out', 'patient-deceased'] as const),
    ...(['visit-cancelled', 'rule-changed', 'withdrawn', 'no-content', 'content-refused'] as const),
  ])('mends no message that ended because of %s', (reason) => {
    expect(decideRetry(facts({ reason }))).toEqual({ kind: 'refused', error: reasons[reason] })
  })

  it.each<Reason>([
    ...(['invalid-recipient', 'no-consent', 'template-not-approved', 'no-sender', 'undelivered'] as const),
    ...(['sender-misconfigured', 'outside-window', 'provider-unreachable'] as const),
  ])('may mend one that ended because of %s', (reason) => {
    expect(decideRetry(facts({ reason })).kind).toBe('retry')
  })
})

describe('a retry by the clock', () => {
  it.each(Object.keys(reasons) as Reason[])('knows whether %s passes by itself', (reason) => {
    const passes = ['provider-unreachable', 'recipient-unreachable', 'sender-resting'].includes(reason)
    expect(decideAutomaticRetry(facts({ reason })).kind).toBe(passes ? 'retry' : 'refused')
  })

  it('waits an hour after the last failure', () => {
    const justNow = before(now, hour - minute)
    const recent = facts({ attempts: [attempt({ state: 'failed', at: justNow })] })
    expect(decideAutomaticRetry(recent).kind).toBe('refused')
    expect(decideAutomaticRetry({ ...recent, now: after(now, minute) }).kind).toBe('retry')
  })

  it('makes three rounds at most', () => {
    const kinds = [0, 1, 2, 3].map((round) => {
      const tried = facts()
      tried.request.round = round
      return decideAutomaticRetry(tried).kind
    })
    expect(kinds).toEqual(['retry', 'retry', 'refused', 'refused'])
  })

  it('never makes a message useful again', () => {
    expect(decideAutomaticRetry(facts({ now: after(request().window.until, hour) })).kind).toBe('refused')
  })
})
