/**
 * What zod finds, in our own words and as the rest of a sentence: `is missing`, `must be a number`. It never repeats a value.
 * Issues are read with `reportInput`, because only so is a missing value told from an odd one.
 */
import type { ZodError } from 'zod'
import { nearest } from './nearest.ts'

export type Issue = ZodError['issues'][number]

/** `known` are the fields that there are, for one that nobody knows. */
export function sayIssue(issue: Issue, known: readonly string[] = []): string {
  if (issue.code !== 'unrecognized_keys' && issue.code !== 'custom' && issue.input === undefined)
    return 'is missing'
  return sayFound(issue, known)
}

function sayFound(issue: Issue, known: readonly string[]): string {
  // Our schemas say more of some fields than zod can.
  if (!/^(Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? 'of another type'}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return formats[issue.format] ? `must be ${formats[issue.format]}` : 'is not written as it must be'
    case 'too_small':
      return sayTooSmall(issue)
    case 'too_big':
      return sayTooBig(issue)
    case 'unrecognized_keys':
      return `has ${issue.keys.map((key) => sayUnknown(key, known)).join(' and ')}`
    case 'invalid_union':
      return sayUnion(issue)
    default:
      return 'is not written as it must be'
  }
}

/** `no field sneder: did you mean sender`; what is no name is not repeated. */
function sayUnknown(key: string, known: readonly string[]): string {
  if (!/^[\w-]{1,40}$/.test(key)) return 'a field that nobody knows'
  const meant = nearest(key, known)
  return `no field ${key}${meant ? ` (did you mean ${meant}?)` : ''}`
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object of names and values',
}

const formats: Record<string, string> = {
  url: 'a URL such as https://emr.example',
  datetime: 'a time such as 2026-11-20T08:00:00Z',
  email: 'a mailbox',
}

function sayTooSmall({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>): string {
  if (origin === 'string') return Number(minimum) === 1 ? 'is empty' : `is shorter than ${minimum} characters`
  if (origin === 'array') return Number(minimum) === 1 ? 'is an empty list' : `names fewer than ${minimum}`
  return `must be ${inclusive ? 'at least' : 'more than'} ${minimum}`
}

function sayTooBig({ origin, maximum }: Extract<Issue, { code: 'too_big' }>): string {
  if (origin === 'string') return `is longer than ${maximum} characters`
  return origin === 'array' ? `names more than ${maximum}` : `must be at most ${maximum}`
}

/** The branch that was meant: the one that found its own type. */
function sayUnion({ errors }: Extract<Issue, { code: 'invalid_union' }>): string {
  const meant = errors.find(([first]) => first && (first.code !== 'invalid_type' || first.path.length > 0))
  const [inside] = meant ?? []
  if (inside) return sayFound(inside, [])
  const expected = errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? (kinds[first.expected] ?? []) : [],
  )
  return expected.length > 0
    ? `must be ${[...new Set(expected)].join(' or ')}`
    : 'is not written as it must be'
}
