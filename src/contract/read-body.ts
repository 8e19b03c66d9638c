/** What is wrong with a body, in one sentence that names the field and never repeats what stood in it. */
import type { ZodError, ZodType } from 'zod'
import { sayIssue } from '../domain/say-issue.ts'

export type ReadBody<T> = { kind: 'read'; value: T } | { kind: 'refused'; error: string }

/** `what` begins the sentence: `A message`. */
export function readBody<T>(schema: ZodType<T>, body: unknown, what: string): ReadBody<T> {
  const parsed = schema.safeParse(body, { reportInput: true })
  return parsed.success
    ? { kind: 'read', value: parsed.data }
    : { kind: 'refused', error: faultIn(parsed.error, what, fieldsOf(schema)) }
}

function fieldsOf(schema: ZodType): string[] {
  return 'shape' in schema ? Object.keys(schema.shape as object) : []
}

function faultIn(error: ZodError, what: string, known: string[]): string {
  const [issue] = error.issues
  if (!issue) return `${what} cannot be read.`
  const [field, place] = issue.path
  if (field === undefined)
    return issue.code === 'custom' || issue.code === 'unrecognized_keys'
      ? `${what} ${sayIssue(issue, known)}.`
      : `${what} is a JSON object.`
  const where = typeof place === 'number' ? ` (number ${place + 1})` : ''
  return `${what} has an odd ${String(field)}${where}: it ${sayIssue(issue)}.`
}
