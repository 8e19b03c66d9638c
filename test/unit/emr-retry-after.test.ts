import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRetryGate, readRetryAfter, waitBeforeRetry } from '../../src/emr/retry-after.ts'

const date = 'Fri, 20 Nov 2026 06:00:00 GMT'
const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
})

describe('what a server asks for', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['no time at all', { 'retry-after': '0' }, 0],
    ['a date', { 'retry-after': 'Fri, 20 Nov 2026 06:00:30 GMT', date }, 30_000],
    ['a date that is over', { 'retry-after': 'Fri, 20 Nov 2026 05:00:00 GMT', date }, 0],
    ['a date without one to compare', { 'retry-after': date }, 5_001],
    ['nothing', {}, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['less than nothing', { 'retry-after': '-5' }, undefined],
  ])('is read: %s', (_what, headers, expected) => {
    expect(readRetryAfter(new Headers(headers))).toBe(expected)
  })

  it.each<[number, Record<string, string>, number | undefined]>([
    [429, {}, 1_000],
    [429, { 'retry-after': '2' }, 2_000],
    [429, { 'retry-after': '6' }, undefined],
    [503, { 'retry-after': '2' }, undefined],
    [200, {}, undefined],
  ])('is waited for only on 429 and when it is short: %i %j', (status, headers, expected) => {
    expect(waitBeforeRetry(answer(status, headers))).toBe(expected)
  })
})

describe('the gate before a server', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is closed for as long as the server asked, and tells what it said', () => {
    const gate = createRetryGate<ReturnType<typeof answer>>()
    const said = answer(503, { 'retry-after': '120' })
    gate.note(said)
    vi.advanceTimersByTime(119_999)
    expect(gate.closedBy()).toBe(said)
    vi.advanceTimersByTime(1)
    expect(gate.closedBy()).toBeUndefined()
  })

  it('does not stay closed until next year', () => {
    const gate = createRetryGate<ReturnType<typeof answer>>()
    gate.note(answer(429, { 'retry-after': '31536000' }))
    vi.advanceTimersByTime(15 * 60_000)
    expect(gate.closedBy()).toBeUndefined()
  })

  it.each([
    answer(429),
    answer(429, { 'retry-after': '5' }),
    answer(500, { 'retry-after': '60' }),
  ])('stays open otherwise', (said) => {
    const gate = createRetryGate<ReturnType<typeof answer>>()
    gate.note(said)
    expect(gate.closedBy()).toBeUndefined()
  })
})
