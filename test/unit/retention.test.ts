import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideDispatch } from '../../src/domain/dispatch.ts'
import { isAttemptOver, isPending, keptSince, requestEndedAt, saidAt } from '../../src/domain/retention.ts'
import { parseSettings } from '../../src/domain/settings.ts'
import { after, before, day, hour, instant } from '../../src/domain/time.ts'
import { anyRequest, attemptStates } from '../fhir/any.ts'
import { dispatchFacts, now, request, settings } from '../people.ts'

describe('what was said', () => {
  it.each([
    [90, before(now, 90 * day)],
    [7, before(now, 7 * day)],
    ['forever', undefined],
  ] as const)('and is kept for %s is kept since then', (contentFor, since) => {
    expect(keptSince({ contentFor }, now)).toBe(since)
  })

  it('in an attempt counts from when it left, else from its end', () => {
    expect(saidAt({ sentAt: instant(1), at: instant(2) })).toBe(1)
    expect(saidAt({ at: instant(2) })).toBe(2)
  })
})

describe('an attempt', () => {
  it('is over in every state but in somebody’s hands', () => {
    expect(attemptStates.filter((state) => !isAttemptOver({ state }))).toEqual(['claimed'])
  })
})

describe('a request', () => {
  const window = { from: now, until: after(now, hour) }
  it.each([
    ['completed', now],
    ['revoked', now],
    ['entered-in-error', now],
    ['active', window.until],
    ['on-hold', window.until],
    ['draft', window.until],
  ] as const)('that is %s counts from there', (status, at) => {
    expect(requestEndedAt(request({ status, dueAt: now, window }))).toBe(at)
  })

  it('that may still be sent is never over before it is due', () => {
    fc.assert(fc.property(anyRequest, (any) => !isPending(any) || requestEndedAt(any) >= any.dueAt))
  })
})

describe('a request whose content was removed', () => {
  it('is never sent, though its template could still be', () => {
    const decided = decideDispatch(dispatchFacts({ request: request({ redacted: true }) }))
    expect(decided).toEqual({ kind: 'skip', reason: 'no-content', hops: [] })
  })
})

describe('the setting', () => {
  const faults = (contentFor: unknown) => {
    const parsed = parseSettings({ ...settings(), retention: { contentFor } })
    return parsed.kind === 'refused' ? parsed.faults : []
  }
  it.each([7, 90, 3_650, 'forever'])('takes %s', (contentFor) => expect(faults(contentFor)).toEqual([]))

  it.each([
    0,
    6,
    -1,
    7.5,
    '90',
    'never',
    null,
    undefined,
  ])('refuses %j by name: to keep all is said in words', (contentFor) => {
    expect(faults(contentFor)).toEqual(['retention.contentFor: is not a number of days from 7, or forever'])
  })
})
