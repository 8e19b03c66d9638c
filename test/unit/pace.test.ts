import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  giveBack,
  giveTurns,
  jobsAtOnce,
  lateBy,
  noTurns,
  paceOf,
  patienceFor,
  rest,
  type Turns,
} from '../../src/domain/pace.ts'
import { worstSecond } from '../contract/pace.ts'

const forEver = Number.POSITIVE_INFINITY
const start = 1_790_000_000_000

/** Asks one after another, `gap` apart, each as late as a call may be. */
function play(
  perSecond: number,
  asks: { lane: 'fast' | 'bulk'; cost: number; gap?: number; late?: number; unused?: boolean }[],
) {
  const pace = paceOf(perSecond)
  let turns: Turns = noTurns(start)
  let now = start
  const calls: { at: number; cost: number; lane: string }[] = []
  for (const { lane, cost, gap = 0, late = 0, unused = false } of asks) {
    now += gap
    const answer = giveTurns(turns, { lane, costs: [cost], horizon: forEver }, pace, now)
    turns = answer.turns
    const at = answer.at[0] ?? Number.NaN
    if (unused) turns = giveBack(turns, { at, cost }, pace)
    else calls.push({ at: at + late, cost, lane })
  }
  return calls
}

const anAsk = (most: number) =>
  fc.record({
    lane: fc.constantFrom('fast', 'bulk'),
    cost: fc.integer({ min: 1, max: most }),
    gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
    late: fc.double({ min: 0, max: lateBy, noNaN: true }),
    unused: fc.boolean(),
  })

describe('turns', () => {
  it('never cost more than the limit in any second, whoever asks when, and however late the calls are', () => {
    const limits = fc.integer({ min: 1, max: 100 })
    fc.assert(
      fc.property(
        limits.chain((limit) =>
          fc.tuple(fc.constant(limit), fc.array(anAsk(Math.min(limit, 9)), { maxLength: 250 })),
        ),
        ([limit, asks]) => {
          expect(worstSecond(play(limit, asks))).toBeLessThanOrEqual(limit)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([
    [1, [1]],
    [3, [1]],
    [20, [1]],
    [80, [1]],
    [80, [2]],
    [80, [3]],
    [80, [1, 2, 1, 3]],
    [80, [5]],
    [500, [1, 4]],
  ])('of %d a second with messages of %j segments are used to 95 % and more', (limit, costs) => {
    const asks = Array.from({ length: limit * 12 }, (_, index) => ({
      lane: 'bulk' as const,
      cost: costs[index % costs.length] ?? 1,
    }))
    const calls = play(limit, asks)
    const [first, last] = [calls[0]?.at ?? 0, calls.at(-1)?.at ?? 0]
    const segments = calls.slice(1).reduce((sum, { cost }) => sum + cost, 0)
    expect((segments * 1_000) / (last - first)).toBeGreaterThanOrEqual(limit * 0.95)
  })

  it('of the fast lane come before all of bulk that has none yet, and push it back', () => {
    const pace = paceOf(80)
    const bulk = { lane: 'bulk' as const, costs: Array<number>(500).fill(1), horizon: 60 }
    let { turns } = giveTurns(noTurns(start), bulk, pace, start)
    const reply = giveTurns(turns, { lane: 'fast', costs: [1], horizon: 2_000 }, pace, start)
    expect(reply.at[0]).toBeLessThan(start + 100)
    turns = giveTurns(reply.turns, { ...bulk, horizon: 1_000 }, pace, start).turns
    const all = [...turns.given.map(({ at }) => ({ at, cost: 1 }))]
    expect(worstSecond(all)).toBeLessThanOrEqual(80)
    expect(all.length).toBeGreaterThan(70)
  })

  it('of a message longer than the limit leave room for all of it', () => {
    const [long, next] = play(1, [
      { lane: 'fast', cost: 3 },
      { lane: 'fast', cost: 1 },
    ])
    expect((next?.at ?? 0) - (long?.at ?? 0)).toBeGreaterThanOrEqual(3_000)
  })

  it('that are further off than wanted are not given, and cost nothing', () => {
    const pace = paceOf(1)
    const ask = { lane: 'bulk' as const, costs: [1, 1, 1], horizon: 500 }
    const { turns, at, wait } = giveTurns(noTurns(start), ask, pace, start)
    expect([at, turns.given.length]).toEqual([[start], 1])
    expect(wait).toBeGreaterThan(900)
    expect(giveTurns(turns, ask, pace, start + wait).at).toEqual([start + wait])
  })

  it('are not given while the company rests', () => {
    const turns = rest(noTurns(start), start + 5_000)
    expect(giveTurns(turns, { lane: 'fast', costs: [1], horizon: 100 }, paceOf(10), start)).toMatchObject({
      at: [],
      wait: 5_000,
    })
  })

  it('go on when the clock was set back', () => {
    const pace = paceOf(10)
    const { turns } = giveTurns(noTurns(start), { lane: 'fast', costs: [1], horizon: 0 }, pace, start)
    const back = start - 3_600_000
    expect(giveTurns(turns, { lane: 'fast', costs: [1], horizon: 0 }, pace, back).at).toEqual([back])
  })
})

describe('a pace', () => {
  it.each([0, -1, Number.NaN])('of %d is refused', (perSecond) => {
    expect(() => paceOf(perSecond)).toThrow(RangeError)
  })

  it('below one a second is kept over more than a second', () => {
    const [first, second] = play(0.5, [
      { lane: 'bulk', cost: 1 },
      { lane: 'fast', cost: 1 },
    ])
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_000)
  })

  it('decides how much is taken on, and how long it may wait', () => {
    expect([1, 20, 80, 1_000].map(jobsAtOnce)).toEqual([2, 11, 41, 64])
    expect([0.1, 1, 80].map(patienceFor)).toEqual([10_000, 4_000, 2_000])
  })
})
