/**
 * FHIR dates as the stretch of time that they name: '2026-11' is a whole month, an instant is a millisecond.
 * Milliseconds since 1970, start included, end not. What carries no zone is read as UTC.
 */
export interface Interval {
  start: number
  end: number
}

const pattern =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/

/** From a date, dateTime, instant, Period or Timing; undefined when it is none of them. */
export function toInterval(value: unknown): Interval | undefined {
  if (typeof value === 'string') return parseInterval(value)
  if (typeof value !== 'object' || value === null) return undefined
  const { start, end, event } = value as { start?: unknown; end?: unknown; event?: unknown }
  if (Array.isArray(event)) return spanOf(event.flatMap((moment) => toInterval(moment) ?? []))
  if (start === undefined && end === undefined) return undefined
  return {
    start: toInterval(start)?.start ?? Number.NEGATIVE_INFINITY,
    end: toInterval(end)?.end ?? Number.POSITIVE_INFINITY,
  }
}

export function parseInterval(text: string): Interval | undefined {
  const parts = pattern.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction, zone] = parts
  const padded = `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}`
  const millis = (fraction ?? '').padEnd(3, '0').slice(0, 3)
  const start = Date.parse(`${padded}.${millis}${zone ?? 'Z'}`)
  if (Number.isNaN(start)) return undefined
  if (fraction) return { start, end: start + 1 }
  if (second) return { start, end: start + 1000 }
  if (hour) return { start, end: start + 60_000 }
  if (day) return { start, end: start + 86_400_000 }
  const date = new Date(start)
  if (month) return { start, end: date.setUTCMonth(date.getUTCMonth() + 1) }
  return { start, end: date.setUTCFullYear(date.getUTCFullYear() + 1) }
}

function spanOf(intervals: Interval[]): Interval | undefined {
  if (intervals.length === 0) return undefined
  return {
    start: Math.min(...intervals.map((interval) => interval.start)),
    end: Math.max(...intervals.map((interval) => interval.end)),
  }
}
