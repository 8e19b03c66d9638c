/** Records by the days that a date of theirs touches; what touches many, or is open at an end, is found for every day. */
import { type Interval, parseInterval } from './fhir-interval.ts'
import type { Criterion } from './search-match.ts'

const day = 86_400_000
const mostDays = 32

export interface DayIndex<Row> {
  add(row: Row, dates: readonly Interval[]): void
  remove(row: Row, dates: readonly Interval[]): void
  /** undefined: the question has no bounds that days could tell. */
  within(criterion: Criterion): Set<Row>[] | undefined
}

export function createDayIndex<Row>(): DayIndex<Row> {
  const byDay = new Map<number, Set<Row>>()
  const always = new Set<Row>()
  return {
    add(row, dates) {
      for (const date of dates) {
        const days = daysOf(date)
        if (!days) always.add(row)
        for (const one of days ?? []) {
          const rows = byDay.get(one)
          if (rows) rows.add(row)
          else byDay.set(one, new Set([row]))
        }
      }
    },
    remove(row, dates) {
      always.delete(row)
      for (const one of dates.flatMap((date) => daysOf(date) ?? [])) {
        const rows = byDay.get(one)
        rows?.delete(row)
        if (rows?.size === 0) byDay.delete(one)
      }
    },
    within(criterion) {
      const bounds = boundsOf(criterion)
      if (!bounds) return undefined
      const [first, last] = bounds
      const found = [...byDay].filter(([one]) => one >= first && one <= last)
      return [always, ...found.map(([, rows]) => rows)]
    },
  }
}

function daysOf({ start, end }: Interval): number[] | undefined {
  const [first, last] = [dayOf(start), dayOf(end)]
  if (!(last - first < mostDays)) return undefined
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / day)
}

/** The days that a match must touch, both included. */
function boundsOf({ operator, values }: Criterion): [number, number] | undefined {
  const wanted = values.flatMap((value) => parseInterval(value) ?? [])
  if (wanted.length === 0) return undefined
  const first = dayOf(Math.min(...wanted.map(({ start }) => start)))
  const last = dayOf(Math.max(...wanted.map(({ end }) => end)))
  switch (operator) {
    case 'eq':
    case 'ap':
      return [first, last]
    case 'lt':
    case 'le':
    case 'eb':
      return [Number.NEGATIVE_INFINITY, last]
    case 'gt':
    case 'ge':
    case 'sa':
      return [first, Number.POSITIVE_INFINITY]
    default:
      return undefined
  }
}
