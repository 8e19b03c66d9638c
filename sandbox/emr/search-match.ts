/**
 * Does a resource match a search? R4's rules for token, reference, date, string and uri parameters;
 * anything this server cannot judge is refused, because a criterion that is silently ignored finds too
 * much.
 */
import {
  badRequest,
  type Filter,
  OperationOutcomeError,
  type SearchRequest,
  splitSearchOnComma,
} from '@medplum/core'
import { type Interval, parseInterval } from './fhir-interval.ts'
import { findParameter, type Parameter } from './search-parameters.ts'
import type { SearchValues, Token } from './search-values.ts'

export interface Criterion {
  parameter: Parameter
  operator: string
  /** The comma-separated alternatives. */
  values: readonly string[]
}

/** How values are looked up, so that the store may remember them. */
export type ReadValues = (parameter: Parameter) => SearchValues

const operatorsOf: Record<Parameter['kind'], readonly string[]> = {
  token: ['eq', 'not', 'missing'],
  reference: ['eq', 'missing'],
  date: ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'sa', 'eb', 'ap', 'missing'],
  string: ['eq', 'contains', 'exact', 'missing'],
  uri: ['eq', 'missing'],
}

export function toCriteria(search: SearchRequest): Criterion[] {
  return (search.filters ?? []).map((filter) => toCriterion(search.resourceType, filter))
}

function toCriterion(type: string, filter: Filter): Criterion {
  const parameter = findParameter(type, filter.code)
  if (!parameter) throw refusal(`${type} cannot be searched by '${filter.code}' here`)
  if (!operatorsOf[parameter.kind].includes(filter.operator)) {
    throw refusal(`'${filter.code}' of ${type} does not understand ':${filter.operator}' here`)
  }
  return { parameter, operator: filter.operator, values: splitSearchOnComma(filter.value) }
}

function refusal(text: string): OperationOutcomeError {
  return new OperationOutcomeError(badRequest(text))
}

export function matchesCriteria(criteria: readonly Criterion[], read: ReadValues): boolean {
  return criteria.every((criterion) => matchesCriterion(criterion, read(criterion.parameter)))
}

function matchesCriterion({ parameter, operator, values }: Criterion, found: SearchValues): boolean {
  if (operator === 'missing') return values.includes(String(!found.present))
  switch (parameter.kind) {
    case 'token': {
      const matches = values.some((value) => found.tokens.some((token) => isToken(token, value)))
      return operator === 'not' ? !matches : matches
    }
    case 'reference':
      return values.some((value) =>
        found.references.some((reference) => isReference(reference, value, parameter)),
      )
    case 'date':
      return matchesDate(found.dates, operator, values)
    case 'string':
      return values.some((value) => found.strings.some((text) => isText(text, operator, value)))
    case 'uri':
      return values.some((value) => found.strings.includes(value))
  }
}

function isToken(token: Token, value: string): boolean {
  const bar = value.indexOf('|')
  if (bar < 0) return isCode(token, value)
  const system = value.slice(0, bar)
  const code = value.slice(bar + 1)
  if (system === '') return token.system === undefined && isCode(token, code)
  return token.system === system && (code === '' || isCode(token, code))
}

/** Codes are exact; a mailbox is not: nobody means another person by a capital letter. */
function isCode(token: Token, code: string): boolean {
  if (token.system === 'email') return token.code?.toLowerCase() === code.toLowerCase()
  return token.code === code
}

/**
 * A canonical without version matches every version of it; a bare id matches any type that may stand there, on this server only.
 */
function isReference(reference: string, value: string, parameter: Parameter): boolean {
  if (reference === value || reference.startsWith(`${value}|`)) return true
  if (value.includes('/') || reference.includes('://')) return false
  const slash = reference.lastIndexOf('/')
  return reference.slice(slash + 1) === value && isTarget(parameter, reference.slice(0, slash))
}

function isTarget(parameter: Parameter, type: string): boolean {
  return (
    parameter.targets.length === 0 ||
    parameter.targets.includes(type) ||
    parameter.targets.includes('Resource')
  )
}

function matchesDate(dates: readonly Interval[], operator: string, values: readonly string[]): boolean {
  const wanted = values.flatMap((value) => parseInterval(value) ?? [])
  const anyMatches = (test: string) =>
    dates.some((date) => wanted.some((interval) => compare(date, test, interval)))
  return operator === 'ne' ? !anyMatches('eq') : anyMatches(operator)
}

function compare(date: Interval, operator: string, wanted: Interval): boolean {
  const within = date.start >= wanted.start && date.end <= wanted.end
  switch (operator) {
    case 'eq':
      return within
    case 'lt':
      return date.start < wanted.start
    case 'le':
      return date.start < wanted.start || within
    case 'gt':
      return date.end > wanted.end
    case 'ge':
      return date.end > wanted.end || within
    case 'sa':
      return date.start >= wanted.end
    case 'eb':
      return date.end <= wanted.start
    default: // ap
      return date.start < wanted.end && date.end > wanted.start
  }
}

function isText(text: string, operator: string, value: string): boolean {
  if (operator === 'exact') return text === value
  const [folded, wanted] = [fold(text), fold(value)]
  return operator === 'contains' ? folded.includes(wanted) : folded.startsWith(wanted)
}

/** Latin accents only: Arabic and Indic vowel signs are part of the name. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
}
