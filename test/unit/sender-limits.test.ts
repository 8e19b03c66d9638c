import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/domain/attempt.ts'
import { judgeUse, opensFor, portfolioOf, type Use, usedBy } from '../../src/domain/sender-limits.ts'
import { after, before, day, hour, instant, minute } from '../../src/domain/time.ts'

const now = instant(1_790_000_000_000)

describe('the caps of a sender', () => {
  it('are kept in any 24 hours, whoever writes to whom and when', () => {
    const asks = fc.array(
      fc.record({
        person: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        gap: fc.integer({ min: 0, max: 8 * hour }),
        opens: fc.boolean(),
      }),
      { maxLength: 60 },
    )
    const caps = fc.record({
      perDay: fc.integer({ min: 1, max: 12 }),
      peoplePerDay: fc.integer({ min: 1, max: 4 }),
    })
    fc.assert(
      fc.property(asks, caps, (wishes, limits) => {
        const uses: Use[] = []
        let at = now
        for (const { person, gap, opens } of wishes) {
          at = after(at, gap)
          const use = { sender: 's', person, opens }
          const verdict = judgeUse(uses, use, { limits, portfolio: ['s'] }, at)
          if (verdict.kind === 'free') uses.push({ ...use, at })
          else if (verdict.kind === 'full') expect(verdict.until).toBeGreaterThan(at)
        }
        for (const { at: until } of uses) {
          const within = uses.filter((use) => use.at <= until && use.at > before(until, day))
          const opened = new Set(within.filter((use) => use.opens).map(({ person }) => person))
          expect(within.length).toBeLessThanOrEqual(limits.perDay)
          expect(opened.size).toBeLessThanOrEqual(limits.peoplePerDay)
        }
      }),
    )
  })

  it('free a place when they say so', () => {
    const own = { limits: { perDay: 1, peoplePerDay: 1 }, portfolio: ['s'] }
    const uses = [{ sender: 's', person: 'a', opens: true, at: now }]
    const ask = { sender: 's', person: 'b', opens: true }
    const verdict = judgeUse(uses, ask, own, after(now, hour))
    expect(verdict.kind).toBe('full')
    if (verdict.kind !== 'full') return
    expect(judgeUse(uses, ask, own, before(verdict.until, 1))).toMatchObject({ kind: 'full' })
    expect(judgeUse(uses, ask, own, verdict.until)).toEqual({ kind: 'free' })
  })
})

describe('what an attempt has used', () => {
  const attempt: Attempt = {
    ...{ attemptId: 'r_0', request: 'CommunicationRequest/r', patient: 'Patient/p', recipient: 'Patient/p' },
    ...{
      category: 'reminder',
      channel: 'whatsapp',
      sender: 'w',
      template: 'visit-reminder|1',
      replyOptions: [],
    },
    ...{ state: 'queued', at: now, calledAt: before(now, hour), calls: 1 },
  }
  const used = { sender: 'w', at: before(now, hour), opens: true }

  it.each<[string, Partial<Attempt>, typeof used | undefined]>([
    ['a message that was taken', {}, used],
    ['one whose answer was never seen', { state: 'unknown' }, used],
    ['one that is being called just now', { state: 'claimed' }, used],
    ['one that waits for its call', { state: 'claimed', nextAttemptAt: after(now, minute) }, undefined],
    ['one that its company refused', { state: 'failed' }, undefined],
    [
      'one that its company took, and lost later',
      { state: 'undelivered', providerId: { system: 's', value: '1' } },
      used,
    ],
    ['one that was never sent', { state: 'not-sent', calledAt: undefined }, undefined],
    ['one of yesterday', { calledAt: before(now, day + minute) }, undefined],
    ['free words, which pass only within the window', { template: undefined }, { ...used, opens: false }],
    ['an answer', { answers: 'Communication/1' }, { ...used, opens: false }],
    ['an answer by SMS, which knows no window', { channel: 'sms', answers: 'Communication/1' }, used],
  ])('%s', (_what, change, expected) => {
    expect(usedBy({ ...attempt, ...change }, now)).toEqual(expected)
  })
})

it('A message opens a conversation unless the patient wrote within the window of WhatsApp', () => {
  const wrote = (ago: number) => ({ lastWhatsAppAt: before(now, ago), now })
  expect(opensFor({ channel: 'whatsapp' }, wrote(hour))).toBe(false)
  expect(opensFor({ channel: 'whatsapp' }, wrote(25 * hour))).toBe(true)
  expect(opensFor({ channel: 'whatsapp' }, { now })).toBe(true)
  expect(opensFor({ channel: 'sms' }, wrote(hour))).toBe(true)
})

it('A portfolio is those of one name; a sender without one is alone', () => {
  const senders = [
    { id: 'a', limits: { portfolio: 'clinic' } },
    { id: 'b', limits: { portfolio: 'clinic' } },
    { id: 'c', limits: {} },
    { id: 'd' },
  ]
  expect(['a', 'c', 'd'].map((id) => portfolioOf(id, senders))).toEqual([['a', 'b'], ['c'], ['d']])
})
