/** Whatever bears our canonical base must be declared in our FSH, and stand where it was declared for. */
import type { Extension, FhirResource } from 'fhir/r4'
import { qasid } from '../../src/fhir/codes.ts'

/** Says what is wrong inside an extension of ours. */
type JudgeExtension = (extension: Extension) => string[]

interface Place {
  /** Element path without indexes, `Communication.payload`. */
  path: string
  key: string
  value: Record<string, unknown>
}

export function createOurNames(declared: FhirResource[]) {
  const names = index(declared)
  return (resource: FhirResource, judge: JudgeExtension): string[] => [
    ...(resource.meta?.profile ?? [])
      .filter((url) => isOurs(url) && !names.structures.has(url))
      .map((url) => `meta.profile: ${url} is not declared`),
    ...walk(resource.resourceType, { ...resource }).flatMap((place) => [
      ...checkExtension(place, names, judge),
      ...checkSystem(place, names),
    ]),
  ]
}

type Names = ReturnType<typeof index>

function index(declared: FhirResource[]) {
  const structures = declared.filter((one) => one.resourceType === 'StructureDefinition')
  const codeSystems = declared.filter((one) => one.resourceType === 'CodeSystem')
  const namings = declared.filter((one) => one.resourceType === 'NamingSystem')
  return {
    structures: new Map(structures.map((one) => [one.url, one])),
    codes: new Map(codeSystems.map((one) => [one.url, new Set(one.concept?.map(({ code }) => code))])),
    namings: new Set(namings.flatMap((one) => one.uniqueId.map(({ value }) => value))),
  }
}

function checkExtension(place: Place, names: Names, judge: JudgeExtension): string[] {
  const { url } = place.value
  if (!/^(modifierE|e)xtension$/.test(place.key) || !isOurs(url)) return []
  const definition = names.structures.get(url)
  if (!definition) return [`${place.path}.extension: ${url} is not declared`]
  const fits = definition.context?.some(
    ({ type, expression }) => type === 'element' && isPlace(expression, place.path),
  )
  return [
    ...(fits ? [] : [`${place.path}.extension: ${url} does not belong here`]),
    ...judge({ ...place.value, url }).map((problem) => `${place.path}.extension(${url}) ${problem}`),
  ]
}

/** An element by its path, or a data type: `Attachment` is what stands in `contentAttachment`. */
function isPlace(expression: string, path: string): boolean {
  const isChoice = /^[A-Z]\w*$/.test(expression) && /[a-z]$/.test(path.slice(0, -expression.length))
  return expression === path || (isChoice && path.endsWith(expression))
}

/** Codings, tags and identifiers: they all say whose they are in `system`. */
function checkSystem(place: Place, names: Names): string[] {
  const { system, code } = place.value
  // A value set's `include` names a system without a code.
  if (!isOurs(system) || names.namings.has(system) || place.key === 'include') return []
  const codes = names.codes.get(system)
  if (!codes) return [`${place.path}.${place.key}: ${system} is not declared`]
  return codes.has(String(code)) ? [] : [`${place.path}.${place.key}: ${system} has no code ${code}`]
}

function isOurs(url: unknown): url is string {
  return typeof url === 'string' && url.startsWith(`${qasid}/`)
}

/** Every object inside, with the path of the element that holds it. */
function walk(path: string, value: Record<string, unknown>): Place[] {
  return Object.entries(value).flatMap(([key, child]) =>
    (Array.isArray(child) ? child : [child])
      .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
      .flatMap((one) => [{ path, key, value: one }, ...walk(`${path}.${key}`, one)]),
  )
}
