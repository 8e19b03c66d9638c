/** A host that writes all its times in UTC: the moment stays, the zone that it was written in is lost. */

const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/

export function inUtc<T>(value: T): T {
  return convert(value) as T
}

function convert(value: unknown): unknown {
  if (typeof value === 'string') return zoned.test(value) ? toUtc(value) : value
  if (Array.isArray(value)) return value.map(convert)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, convert(one)]))
}

function toUtc(text: string): string {
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? text : new Date(instant).toISOString().replace('.000Z', 'Z')
}
