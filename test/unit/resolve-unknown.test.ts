import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/domain/attempt.ts'
import { resolveUnknown } from '../../src/domain/resolve-unknown.ts'
import { instant, second } from '../../src/domain/time.ts'
import { attempt, now } from '../people.ts'

const ago = (seconds: number) => instant(now - seconds * second)

const cases: [what: string, left: Partial<Attempt>, decision: string][] = [
  ['just claimed: somebody is at it', { state: 'claimed', at: now }, 'wait'],
  ['claimed 59 seconds ago: somebody may be at it', { state: 'claimed', at: ago(59) }, 'wait'],
  [
    'claimed a minute ago: nobody is at it, and it may have been sent',
    { state: 'claimed', at: ago(60) },
    'leave-unknown',
  ],
  ['claimed by a clock ahead of ours', { state: 'claimed', at: ago(-30) }, 'wait'],
  [
    'surely not sent, its time has not come',
    { state: 'claimed', at: ago(600), nextAttemptAt: ago(-1) },
    'wait',
  ],
  ['surely not sent, its time is now', { state: 'claimed', at: ago(600), nextAttemptAt: now }, 'call-again'],
  [
    'surely not sent, its time is long past',
    { state: 'claimed', at: ago(600), nextAttemptAt: ago(500) },
    'call-again',
  ],
  ['already unknown: a human or a callback decides', { state: 'unknown', at: ago(600) }, 'wait'],
  ['accepted', { state: 'queued', at: ago(600) }, 'wait'],
  ['failed', { state: 'failed', at: ago(600) }, 'wait'],
]

describe('an attempt left in the middle', () => {
  it.each(cases)('%s', (_what, left, decision) => {
    expect(resolveUnknown(attempt(left), now)).toBe(decision)
  })
})
