/**
 * What a search sees of a resource: the values found by a parameter's FHIRPath, brought to one form per kind.
 * Judged by their shape, not by their FHIR type, so that the type definitions need not be loaded.
 */
import { evalFhirPathTyped, type FhirPathAtom, LRUCache, toTypedValue } from '@medplum/core'
import type { Interval } from './fhir-interval.ts'
import { toInterval } from './fhir-interval.ts'
import type { Parameter } from './search-parameters.ts'

export interface Token {
  system?: string
  code?: string
}

export interface SearchValues {
  /** Whether the element is there at all, for `:missing`. */
  present: boolean
  tokens: readonly Token[]
  references: readonly string[]
  dates: readonly Interval[]
  strings: readonly string[]
}

const parsedExpressions = new LRUCache<FhirPathAtom>(1000)

export function readSearchValues(resource: object, parameter: Parameter): SearchValues {
  const found = readPath(resource, parameter.expression) ?? evaluate(resource, parameter.expression)
  const values = found.filter((value) => value != null)
  return {
    present: values.length > 0,
    tokens: parameter.kind === 'token' ? values.flatMap(toTokens) : [],
    references: parameter.kind === 'reference' ? values.flatMap(toReferences) : [],
    dates: parameter.kind === 'date' ? values.flatMap((value) => toInterval(value) ?? []) : [],
    strings: parameter.kind === 'string' || parameter.kind === 'uri' ? values.flatMap(toStrings) : [],
  }
}

function evaluate(resource: object, expression: string): unknown[] {
  return evalFhirPathTyped(expression, [toTypedValue(resource)], undefined, parsedExpressions).map(
    (typed) => typed.value as unknown,
  )
}

/** Most expressions are a plain path, `Patient.name.family`, which is a hundred times faster to walk; undefined = it is not. */
function readPath(resource: object, expression: string): unknown[] | undefined {
  if (!/^[A-Z]\w+(\.[a-z]\w*)+$/.test(expression)) return undefined
  let found: unknown[] = [resource]
  for (const name of expression.split('.').slice(1)) {
    const objects = found.filter((one) => typeof one === 'object' && one !== null)
    if (objects.some((one) => isChoice(one as object, name))) return undefined
    found = objects.flatMap((one) => (one as Record<string, unknown>)[name] ?? [])
  }
  return found
}

/** `occurrence` stands there as `occurrenceDateTime`. */
function isChoice(value: object, name: string): boolean {
  return (
    !(name in value) &&
    Object.keys(value).some((key) => key.startsWith(name) && /[A-Z]/.test(key.charAt(name.length)))
  )
}

function toTokens(value: unknown): Token[] {
  if (typeof value !== 'object') return [{ code: String(value) }]
  const { coding, system, code, value: inner } = value as Record<string, unknown>
  if (Array.isArray(coding)) return coding.flatMap(toTokens)
  const text = inner ?? code
  if (text === undefined && system === undefined) return []
  return [{ system: asText(system), code: asText(text) }]
}

function toReferences(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  const { reference } = value as { reference?: unknown }
  return typeof reference === 'string' ? [reference.replace(/\/_history\/[^/]+$/, '')] : []
}

/** A HumanName or an Address is found by any of its parts. */
function toStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(toStrings)
  if (typeof value !== 'object' || value === null) return []
  const { use: _use, period: _period, extension: _extension, ...parts } = value as Record<string, unknown>
  return Object.values(parts).flatMap(toStrings)
}

function asText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}
