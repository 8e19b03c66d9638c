import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Circuit,
  circuitAfter,
  circuitState,
  readCircuit,
  restOf,
  takeTrial,
} from '../../src/domain/circuit.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { isCutOff, isResting, noteOutcome, type SenderRecord } from '../../src/domain/sender-health.ts'
import { after, type Instant, minute, second } from '../../src/domain/time.ts'
import { now } from '../people.ts'

type Kind = Outcome['kind']

/** One outcome a second. */
function run(kinds: Kind[], from = now, circuit?: Circuit): Circuit | undefined {
  return kinds.reduce<Circuit | undefined>(
    (known, kind, index) => circuitAfter(known, { kind }, after(from, index * second), 'sms'),
    circuit,
  )
}

const failures = (count: number) => Array.from({ length: count }, () => 'unreachable' as const)
const cut = run(failures(5)) as Circuit
const overAt = cut.until as Instant

describe('a circuit', () => {
  it.each<[string, Kind[], string]>([
    ['nothing is known', [], 'closed'],
    ['four failures', failures(4), 'closed'],
    ['five failures in a row', failures(5), 'open'],
    [
      'five of which nobody knows whether they arrived',
      Array.from({ length: 5 }, () => 'unknown' as const),
      'open',
    ],
    ['one that got through among them', [...failures(4), 'accepted', ...failures(4)], 'closed'],
    ['a refusal among them: the company is there', [...failures(4), 'rejected', ...failures(4)], 'closed'],
    ['too fast among them: the company is there', [...failures(4), 'throttled', ...failures(4)], 'closed'],
    [
      'a message of its own fault, many times',
      Array.from({ length: 9 }, () => 'rejected' as const),
      'closed',
    ],
  ])('after this: %s', (_what, kinds, state) => {
    expect(circuitState(run(kinds), after(now, kinds.length * second))).toBe(state)
  })

  it('does not count failures that lie far apart', () => {
    const slow = [0, 16, 32, 48, 64].reduce<Circuit | undefined>(
      (known, minutes) => circuitAfter(known, { kind: 'unreachable' }, after(now, minutes * minute), 'sms'),
      undefined,
    )
    expect(circuitState(slow, after(now, 65 * minute))).toBe('closed')
  })

  it('lets nothing out until its rest is over, and then one call', () => {
    expect(circuitState(cut, after(overAt, -1))).toBe('open')
    expect(circuitState(cut, overAt)).toBe('trial')
    const tried = takeTrial(cut, overAt)
    expect(circuitState(tried, overAt)).toBe('open')
    expect(circuitState(tried, after(overAt, minute - 1))).toBe('open')
    // Whoever went out to see has died.
    expect(circuitState(tried, after(overAt, minute))).toBe('trial')
  })

  it('takes no notice of calls that were out when it opened', () => {
    expect(run(failures(9), after(now, 5 * second), cut)).toBe(cut)
  })

  it('closes with the first call that gets through', () => {
    expect(run(['accepted'], overAt, takeTrial(cut, overAt))).toBeUndefined()
  })

  it('rests longer each time that its trial fails, up to ten minutes and a quarter', () => {
    const rests: number[] = []
    let circuit = cut
    let at = overAt
    for (let time = 0; time < 12; time += 1) {
      circuit = run(['unreachable'], at, takeTrial(circuit, at)) as Circuit
      rests.push(((circuit.until as Instant) - at) / second)
      at = circuit.until as Instant
    }
    expect(rests[0]).toBeGreaterThanOrEqual(20)
    expect(rests[1]).toBeGreaterThanOrEqual(40)
    expect(rests[11]).toBeGreaterThanOrEqual(600)
    expect(Math.max(...rests)).toBeLessThanOrEqual(750)
  })

  it('tells how long it rests, and nothing while something may go', () => {
    expect(restOf(undefined, now)).toBeUndefined()
    expect(restOf(cut, overAt)).toBeUndefined()
    expect(restOf(cut, after(overAt, -8 * second))).toBe(8 * second)
    expect(restOf(takeTrial(cut, overAt), overAt)).toBe(5 * second)
  })

  it('survives being written down, and odd words', () => {
    expect(readCircuit(JSON.parse(JSON.stringify(takeTrial(cut, overAt))))).toEqual(takeTrial(cut, overAt))
    expect(readCircuit({ failures: 'many' })).toBeUndefined()
    expect(readCircuit(undefined)).toBeUndefined()
  })

  it('opens never before five failures, whatever comes', () => {
    const kinds = fc.constantFrom<Kind>(
      'accepted',
      'throttled',
      'unreachable',
      'unknown',
      'rejected',
      'misconfigured',
    )
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 40 }), (all) => {
        const state = circuitState(run(all), after(now, all.length * second))
        const failed = all.filter((kind) => kind === 'unreachable' || kind === 'unknown')
        if (state !== 'closed') expect(failed.length).toBeGreaterThanOrEqual(5)
      }),
    )
  })
})

describe('a sender that is cut off', () => {
  const record = failures(5).reduce<SenderRecord | undefined>(
    (known, kind) => noteOutcome(known, { kind, code: 'ECONNREFUSED' }, now, 'sms'),
    undefined,
  )

  it('rests, so that another carries its messages', () => {
    expect([isCutOff(record), isResting(record, now)]).toEqual([true, true])
  })

  it('is cut off until something gets through, also while it may try', () => {
    const later = after(now, minute)
    expect([isCutOff(record), isResting(record, later)]).toEqual([true, false])
    expect(isCutOff(noteOutcome(record, { kind: 'accepted', providerId: 'SB1' }, later, 'sms'))).toBe(false)
  })
})
