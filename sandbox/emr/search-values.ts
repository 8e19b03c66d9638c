/**
 * What a search sees of a resource: the values found by a parameter's FHIRPath, brought to one form per kind.
 * Judged by their shape, not by their FHIR type, so that the type definitions need not be loaded.
 */
import { evalFhirPathTyped, type FhirPathAtom, LRUCache, toTypedValue } from '@medplum/core'
import type { Interval } from './fhir-interval.ts'
import { toInterval } from './fhir-interval.ts'
import { compilePath, type ReadPath } from './plain-path.ts'
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
  const { resourceType: type = '' } = resource as { resourceType?: string }
  const values = plainPath(type, parameter)?.(resource) ?? interpret(resource, parameter)
  if (values.length === 0) return nothing
  const { kind } = parameter
  return {
    present: true,
    tokens: kind === 'token' ? values.flatMap(toTokens) : none,
    references: kind === 'reference' ? values.flatMap(toReferences) : none,
    dates: kind === 'date' ? values.flatMap((value) => toInterval(value) ?? []) : none,
    strings: kind === 'string' || kind === 'uri' ? values.flatMap(toStrings) : none,
  }
}

/** By FHIRPath itself: the truth, and slow. */
export function interpret(resource: object, { expression }: Parameter): unknown[] {
  const found = evalFhirPathTyped(expression, [toTypedValue(resource)], undefined, parsedExpressions)
  return found.map((typed) => typed.value as unknown).filter((value) => value != null)
}

const plainPaths = new Map<string, ReadPath | undefined>()

/** `undefined` where only FHIRPath itself can say. */
export function plainPath(type: string, { expression }: Parameter): ReadPath | undefined {
  const key = `${type} ${expression}`
  if (!plainPaths.has(key)) plainPaths.set(key, compilePath(expression, type))
  return plainPaths.get(key)
}

/** One for all: most elements of most records are not there, and each record is looked at in a dozen ways. */
const none: readonly never[] = []
const nothing: SearchValues = { present: false, tokens: none, references: none, dates: none, strings: none }

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
