/** What is wrong with a body, in one sentence that names the field and never repeats what stood in it. */
import type { ZodError, ZodType } from 'zod'

export type ReadBody<T> = { kind: 'read'; value: T } | { kind: 'refused'; error: string }

/** `what` begins the sentence: `A message`. */
export function readBody<T>(schema: ZodType<T>, body: unknown, what: string): ReadBody<T> {
  const parsed = schema.safeParse(body)
  return parsed.success
    ? { kind: 'read', value: parsed.data }
    : { kind: 'refused', error: faultIn(parsed.error, what) }
}

function faultIn(error: ZodError, what: string): string {
  const [issue] = error.issues
  if (!issue) return `${what} cannot be read.`
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.filter(isName).join(', ') : ''
  if (unknown) return `${what} has no field ${unknown}.`
  const [field, place] = issue.path
  if (field === undefined)
    return issue.code === 'custom' ? `${what} ${issue.message}.` : `${what} is a JSON object.`
  const where = typeof place === 'number' ? ` (number ${place + 1})` : ''
  return `${what} has an odd ${String(field)}${where}: ${reasonOf(issue)}.`
}

type Issue = ZodError['issues'][number]

/** In our own words where zod's might quote the value. */
function reasonOf(issue: Issue): string {
  switch (issue.code) {
    case 'custom':
      return `it ${issue.message}`
    case 'invalid_format':
      return issue.format === 'datetime'
        ? 'write it as 2026-11-20T08:00:00Z'
        : 'it is not written as it should be'
    case 'invalid_value':
      return `it must be one of ${issue.values.map(String).join(', ')}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'too_small':
      return `at least ${issue.minimum}`
    default:
      return 'it is missing, or of another type'
  }
}

function isName(key: string): boolean {
  return /^\w{1,40}$/.test(key)
}
