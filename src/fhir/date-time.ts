/** FHIR dates and times as instants: `2026`, `2026-11` and `2026-11-20` stand for all of that time, wherever on earth. */
import { type Instant, parseInstant } from '../domain/time.ts'

/** The first moment of it; `undefined` when it cannot be read. */
export function startOf(text: string | undefined): Instant | undefined {
  const [year, month = '01', day = '01'] = partsOf(text)
  return parseInstant(text) ?? (year ? parseInstant(`${year}-${month}-${day}T00:00:00+14:00`) : undefined)
}

/** The last second of it; `undefined` when it cannot be read. */
export function endOf(text: string | undefined): Instant | undefined {
  const [year, month = '12', day] = partsOf(text)
  if (!year) return parseInstant(text)
  const last = day ?? String(new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate())
  return parseInstant(`${year}-${month}-${last}T23:59:59-12:00`)
}

/** Year, month and day of a date; empty when it is none. */
function partsOf(text: string | undefined): string[] {
  return /^\d{4}(-\d\d){0,2}$/.test(text ?? '') ? (text ?? '').split('-') : []
}
