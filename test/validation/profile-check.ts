/**
 * Holds a value against the snapshot of one of our own profiles: cardinality, types, patterns, slices, required
 * bindings to our value sets, and our invariants. Medplum's validator judges R4 itself; of a profile it would pass
 * over extension slices, narrowed types and what stands inside a slice.
 */
import { evalFhirPathTyped } from '@medplum/core'
import type { ElementDefinition, StructureDefinition } from 'fhir/r4'
import { qasid } from '../../src/fhir/codes.ts'
import {
  boundCodings,
  childValues,
  holds,
  type Json,
  meantValue,
  patternOf,
  valuesAt,
} from './element-values.ts'
import type { Terminology } from './value-sets.ts'

/** An element of the snapshot with what stands under it. */
interface Node {
  element: ElementDefinition
  /** Last step of the path, `value[x]`. */
  name: string
  children: Node[]
  slices: Node[]
}

interface Typed {
  value: Json
  type: string
}

export type ProfileCheck = (value: Json) => string[]

export function createProfileCheck(profile: StructureDefinition, terminology: Terminology): ProfileCheck {
  const root = toTree(profile.snapshot?.element ?? [])
  return (value) => checkValue(root, { value, type: profile.type }, profile.type, terminology)
}

function checkAll(node: Node, values: Typed[], path: string, terminology: Terminology): string[] {
  return [
    ...checkCount(node.element, values.length, path),
    ...values.flatMap((typed) => checkValue(node, typed, path, terminology)),
    ...checkSlices(node, values, path, terminology),
  ]
}

function checkValue(node: Node, typed: Typed, path: string, terminology: Terminology): string[] {
  const { element, children } = node
  return [
    ...checkPattern(element, typed.value, path),
    ...checkBinding(element, typed.value, path, terminology),
    ...checkTarget(element, typed.value, path),
    ...checkInvariants(element, typed, path),
    ...children.flatMap((child) => checkChild(child, typed.value, `${path}.${child.name}`, terminology)),
  ]
}

function checkChild(child: Node, parent: Json, path: string, terminology: Terminology): string[] {
  const found = childValues(parent, child.name)
  const allowed = child.element.type?.map(({ code }) => code) ?? []
  const wrong = found.filter(({ type }) => type && !allowed.some((code) => sameType(code, type)))
  const typed = found.map(({ value, type = allowed[0] ?? 'Element' }) => ({ value, type }))
  return [
    ...wrong.map(({ type }) => `${path}: may not be a ${type}`),
    ...checkAll(child, typed, path, terminology),
  ]
}

function checkSlices(node: Node, values: Typed[], path: string, terminology: Terminology): string[] {
  const taken = node.slices.map((slice) => ({
    slice,
    values: values.filter(({ value }) => isIn(slice, node, value)),
  }))
  const closed = node.element.slicing?.rules === 'closed'
  const strays = values.filter((one) => !taken.some((slice) => slice.values.includes(one)))
  return [
    ...taken.flatMap(({ slice, values }) =>
      checkAll(slice, values, `${path}:${slice.element.sliceName}`, terminology),
    ),
    ...(closed && strays.length > 0 ? [`${path}: holds what no slice allows`] : []),
  ]
}

function checkPattern(element: ElementDefinition, value: Json, path: string): string[] {
  const pattern = patternOf(element)
  return pattern === undefined || holds(value, pattern) ? [] : [`${path}: does not hold the expected pattern`]
}

function checkBinding(
  element: ElementDefinition,
  value: Json,
  path: string,
  terminology: Terminology,
): string[] {
  const { strength, valueSet = '' } = element.binding ?? {}
  if (strength !== 'required' || !valueSet.startsWith(qasid)) return []
  const fits = boundCodings(value).some((coding) => terminology.mayBeIn(valueSet, coding) !== false)
  return fits ? [] : [`${path}: has no code from ${valueSet}`]
}

function toTree(elements: ElementDefinition[]): Node {
  const nodes = new Map<string, Node>()
  for (const element of elements) {
    const id = element.id ?? element.path
    const node: Node = { element, name: element.path.split('.').at(-1) ?? '', children: [], slices: [] }
    nodes.set(id, node)
    if (element.sliceName) nodes.get(id.slice(0, id.lastIndexOf(':')))?.slices.push(node)
    else nodes.get(id.slice(0, id.lastIndexOf('.')))?.children.push(node)
  }
  const root = nodes.get(elements[0]?.id ?? '')
  if (!root) throw new Error('The profile has no snapshot')
  return root
}

function checkCount({ min = 0, max = '*' }: ElementDefinition, count: number, path: string): string[] {
  const fits = count >= min && (max === '*' || count <= Number(max))
  return fits ? [] : [`${path}: expected ${min}..${max}, found ${count}`]
}

/** A literal reference must be to one of the types that the profile names. */
function checkTarget(element: ElementDefinition, value: Json, path: string): string[] {
  const targets =
    element.type?.flatMap((type) => type.targetProfile ?? []).map((url) => url.split('/').at(-1)) ?? []
  const reference = typeof value === 'object' && 'reference' in value ? String(value.reference) : ''
  const type = /([A-Z][A-Za-z]+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(reference)?.[1]
  if (!type || targets.length === 0 || targets.includes('Resource') || targets.includes(type)) return []
  return [`${path}: may not refer to a ${type}`]
}

function checkInvariants(element: ElementDefinition, typed: Typed, path: string): string[] {
  const ours =
    element.constraint?.filter((one) => one.severity === 'error' && one.source?.startsWith(qasid)) ?? []
  return ours
    .filter(({ expression = '' }) =>
      evalFhirPathTyped(expression, [typed]).some(({ value }) => value !== true),
    )
    .map(({ key, human }) => `${path}: ${human} (${key})`)
}

/** Is the value in the slice, by each of the discriminators? */
function isIn(slice: Node, sliced: Node, value: Json): boolean {
  return (sliced.element.slicing?.discriminator ?? []).every(({ path }) => {
    const meant = meantValue(slice, path)
    return valuesAt(value, path).some((one) => holds(one, meant))
  })
}

/** `dateTime` is the `DateTime` of `valueDateTime`. */
function sameType(code: string, type: string): boolean {
  return code.toLowerCase() === type.toLowerCase()
}
