import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/domain/outcome.ts'
import {
  healthOf,
  isPaused,
  isResting,
  noteOutcome,
  pause,
  resume,
  type SenderRecord,
  slowsSender,
} from '../../src/domain/sender-health.ts'
import { after, hour, minute } from '../../src/domain/time.ts'
import { now } from '../people.ts'

const accepted: Outcome = { kind: 'accepted', providerId: 'SB1' }
const noted = (...kinds: Outcome['kind'][]) =>
  kinds.reduce<SenderRecord | undefined>(
    (record, kind) => noteOutcome(record, { kind } as Outcome, now),
    undefined,
  )

describe('the health of a sender', () => {
  it('is whole while nothing bad is known', () => {
    expect(healthOf(undefined, now)).toBe(1)
    expect(noted('accepted', 'rejected', 'opted-out')).toBeUndefined()
  })

  it('goes at once when it fails, and comes back slowly', () => {
    const once = noted('unreachable')
    const twice = noted('unreachable', 'unknown')
    expect(healthOf(once, now)).toBeCloseTo(0.5)
    expect(healthOf(twice, now)).toBeCloseTo(0.25)
    expect(healthOf(twice, after(now, 10 * minute))).toBeCloseTo(0.625)
    expect(healthOf(twice, after(now, 2 * hour))).toBeCloseTo(1, 2)
  })

  it('comes back sooner with each message that is taken', () => {
    expect(healthOf(noted('unreachable', 'accepted', 'accepted'), now)).toBeCloseTo(1 - 0.5 * 0.8 * 0.8)
  })

  it('does not suffer from what is the message’s own fault', () => {
    expect(healthOf(noted('unreachable', 'rejected', 'opted-out'), now)).toBeCloseTo(0.5)
  })

  it('is never below nothing, nor more than whole', () => {
    const failing = noted(...Array.from({ length: 50 }, () => 'unknown' as const))
    expect(healthOf(failing, now)).toBeGreaterThanOrEqual(0)
    expect(
      healthOf(noted('unreachable', ...Array.from({ length: 50 }, () => 'accepted' as const)), now),
    ).toBeLessThanOrEqual(1)
  })
})

describe('a message that the company finds too fast', () => {
  const throttled = (waitFor?: number): Outcome => ({ kind: 'throttled', waitFor })

  it.each([
    ['the first time', throttled(), { throttles: 0, health: 1 }, true],
    ['again, while its sender is well', throttled(), { throttles: 1, health: 0.5 }, false],
    ['again, as others do', throttled(), { throttles: 1, health: 0.49 }, true],
    ['for long', throttled(hour), { throttles: 0, health: 0 }, false],
  ])('%s: does it slow the others?', (_, outcome, facts, slows) => {
    expect(slowsSender(outcome, facts)).toBe(slows)
  })
})

describe('a paused sender', () => {
  it('stays so whatever comes, until its test succeeds', () => {
    const paused = pause(undefined, '20003', now)
    expect(isPaused(noteOutcome(paused, accepted, now))).toBe(true)
    expect(isPaused(noteOutcome(paused, { kind: 'unreachable', code: 'ECONNREFUSED' }, now))).toBe(true)
    expect(pause(paused, '20404', after(now, hour)).paused).toEqual({ code: '20003', at: now })
    const resumed = resume(paused, after(now, hour))
    expect(isPaused(resumed)).toBe(false)
    expect(healthOf(resumed, after(now, hour))).toBeCloseTo(0.5)
  })
})

describe('a sender at a cap of its company’s', () => {
  const capped: Outcome = { kind: 'throttled', waitFor: hour }

  it('rests until then, and no longer', () => {
    const record = noteOutcome(undefined, capped, now)
    expect(isResting(record, now)).toBe(true)
    expect(isResting(record, after(now, hour))).toBe(false)
    expect(isResting(noteOutcome(record, accepted, now), now)).toBe(true)
  })

  it('does not rest for being too fast for a moment', () => {
    expect(isResting(noteOutcome(undefined, { kind: 'throttled', waitFor: 5_000 }, now), now)).toBe(false)
    expect(isResting(undefined, now)).toBe(false)
  })
})
