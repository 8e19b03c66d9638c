/** What every company's refusal is read for: how long it wants us to wait. */
import { describe, expect, it } from 'vitest'
import { retryAfter } from '../../src/providers/refusal.ts'

describe('Retry-After', () => {
  const date = 'Fri, 20 Nov 2026 05:00:00 GMT'

  it.each<[string, Record<string, unknown>, number | undefined]>([
    ['in seconds', { 'retry-after': '7' }, 7_000],
    ['as a number', { 'retry-after': 7 }, 7_000],
    ['of a part of a second', { 'retry-after': '0.5' }, 500],
    ['as a date', { 'retry-after': 'Fri, 20 Nov 2026 05:00:07 GMT', date }, 7_000],
    ['as a date of the next day', { 'retry-after': 'Sat, 21 Nov 2026 05:00:00 GMT', date }, 3_600_000],
    ['of a day in seconds', { 'retry-after': '86400' }, 3_600_000],
    ['as a date without a clock to read it by', { 'retry-after': date }, undefined],
    ['as a date that is over', { 'retry-after': 'Fri, 20 Nov 2026 04:59:59 GMT', date }, undefined],
    ['as a date that is none', { 'retry-after': 'Fri, 40 Nov 2026 05:00:00 GMT', date }, undefined],
    ['as another kind of date', { 'retry-after': '2026-11-20T05:00:07Z', date }, undefined],
    ['of nothing', { 'retry-after': '0' }, undefined],
    ['of less than nothing', { 'retry-after': '-7' }, undefined],
    ['in words', { 'retry-after': 'soon', date }, undefined],
    ['empty', { 'retry-after': '', date }, undefined],
    ['infinite', { 'retry-after': 'Infinity' }, undefined],
    ['as a list', { 'retry-after': ['7'] }, undefined],
    ['missing', { date }, undefined],
  ])('%s', (_what, headers, wanted) => {
    expect(retryAfter(headers)).toBe(wanted)
  })
})
