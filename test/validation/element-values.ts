/** Reading JSON values the way an ElementDefinition speaks of them. */
import type { Coding, ElementDefinition } from 'fhir/r4'

export type Json = string | number | boolean | { [key: string]: Json | undefined } | Json[]

/** The values of a child element; for `value[x]` each with the type that its key tells. */
export function childValues(parent: Json, name: string): { value: Json; type?: string }[] {
  if (typeof parent !== 'object' || Array.isArray(parent)) return []
  return Object.entries(parent).flatMap(([key, value]) => {
    const type = typeInKey(key, name)
    if (value === undefined || (key !== name && type === undefined)) return []
    return [value].flat().map((one) => ({ value: one, type }))
  })
}

/** The values at a path such as `coding.system`; `$this` is the value itself. */
export function valuesAt(value: Json, path: string): Json[] {
  if (path === '$this') return [value]
  return path
    .split('.')
    .reduce<Json[]>(
      (at, step) => at.flatMap((one) => childValues(one, step).map((child) => child.value)),
      [value],
    )
}

/** `valueDateTime` of `value[x]` → `DateTime`. */
function typeInKey(key: string, name: string): string | undefined {
  if (!name.endsWith('[x]')) return undefined
  const stem = name.slice(0, -3)
  const rest = key.slice(stem.length)
  return key.startsWith(stem) && /^[A-Z]/.test(rest) ? rest : undefined
}

/** `fixed[x]` or `pattern[x]`. */
export function patternOf(element: ElementDefinition): Json | undefined {
  const key = Object.keys(element).find((one) => /^(fixed|pattern)[A-Z]/.test(one))
  return key ? (element as unknown as Record<string, Json>)[key] : undefined
}

/** Does the value hold all that the pattern holds? */
export function holds(value: Json | undefined, pattern: Json | undefined): boolean {
  if (value === undefined || pattern === undefined) return false
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((wanted) => value.some((one) => holds(one, wanted)))
  }
  if (typeof pattern === 'object') {
    if (typeof value !== 'object' || Array.isArray(value)) return false
    return Object.entries(pattern).every(([key, wanted]) => holds(value[key], wanted))
  }
  return value === pattern
}

interface Described {
  element: ElementDefinition
  name: string
  children: Described[]
}

/** What a slice says that its discriminator must be; an extension slice says it by the extension it is of. */
export function meantValue(slice: Described, path: string): Json | undefined {
  if (path === '$this') return patternOf(slice.element)
  const described = path
    .split('.')
    .reduce<Described | undefined>((at, step) => at?.children.find(({ name }) => name === step), slice)
  if (described) return patternOf(described.element)
  return path === 'url' ? slice.element.type?.[0]?.profile?.[0] : undefined
}

/** The codings of a code, a Coding or a CodeableConcept. */
export function boundCodings(value: Json): Coding[] {
  if (typeof value === 'string') return [{ code: value }]
  if (typeof value !== 'object' || Array.isArray(value)) return []
  return (Array.isArray(value.coding) ? value.coding : 'code' in value ? [value] : []) as Coding[]
}
