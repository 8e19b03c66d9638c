/**
 * The rows of a profile's table. A row is an element that the profile speaks of in words, or one of its extensions; what
 * else it demands below such an element (a system, a code) is told in that row.
 */
import type { ElementDefinition, StructureDefinition } from 'fhir/r4'
import type { Definitions } from './definitions.ts'
import { code } from './markdown.ts'

export interface ElementRow {
  element: string
  cardinality: string
  mustSupport: boolean
  meaning: string
  /** Its type, and what it must be, on a line each. */
  value: string
}

/** `Communication.identifier:attempt.system` → its parts as the table needs them. */
interface Part {
  element: ElementDefinition
  id: string
  row: boolean
}

export function toRows(profile: StructureDefinition, definitions: Definitions): ElementRow[] {
  const whole = new Map(profile.snapshot?.element.map((one) => [one.id, one]))
  const parts = (profile.differential?.element ?? [])
    .slice(1)
    .filter(({ max, id }) => max !== '0' || !id?.includes(':'))
    .map((element): Part => {
      const isExtension = element.type?.[0]?.code === 'Extension' && element.sliceName !== undefined
      return {
        element,
        id: element.id ?? '',
        row: isExtension || element.short !== undefined || element.max === '0',
      }
    })
  return parts
    .filter(({ row }) => row)
    .map((part) => {
      const element = { ...whole.get(part.id), ...part.element }
      const below = parts.filter((one) => !one.row && nearestRow(one, parts) === part)
      return toRow(profile, element, below, definitions)
    })
}

function nearestRow(part: Part, parts: Part[]): Part | undefined {
  return parts
    .filter(({ row, id }) => row && part.id.startsWith(`${id}.`))
    .toSorted((a, b) => b.id.length - a.id.length)[0]
}

function toRow(
  profile: StructureDefinition,
  element: ElementDefinition,
  below: Part[],
  definitions: Definitions,
): ElementRow {
  const url = element.type?.[0]?.profile?.[0]
  const extension = definitions.extensions.find((one) => one.url === url)
  const type = extension ? `extension ${definitions.link(extension.url)}` : typesOf(element)
  const isGone = element.max === '0'
  const demands = [element, ...below.map((one) => one.element)].flatMap((one) => {
    const inner = (one.id ?? '').slice((element.id ?? '').length + 1)
    return demandsOf(one, definitions).map((said) => (inner ? `${code(inner)} ${said}` : said))
  })
  const meaning = extension ? extension.description : element.short
  return {
    element: code(pathOf(profile, element)),
    cardinality: `${element.min ?? 0}..${element.max ?? ''}`,
    mustSupport: element.mustSupport === true,
    meaning: isGone && !wordsOf(profile, element) ? 'Never there.' : (meaning ?? ''),
    value: isGone ? '' : [type, ...withoutRepeats(demands)].join('\n'),
  }
}

/** A value set says of which system its codes are. */
function withoutRepeats(demands: string[]): string[] {
  const isBound = demands.some((said) => said.startsWith('one of '))
  return isBound ? demands.filter((said) => !/^`(coding\.)?system` /.test(said)) : demands
}

/** Only what the profile itself says of it: R4's own words are in R4. */
function wordsOf(profile: StructureDefinition, { id }: ElementDefinition): string | undefined {
  return profile.differential?.element.find((one) => one.id === id)?.short
}

/** Without the resource's own name: `identifier:attempt`. */
function pathOf({ type }: StructureDefinition, { id = '' }: ElementDefinition): string {
  return id.slice(type.length + 1).replace(/\[x\]/g, '')
}

export function typesOf({ type = [] }: ElementDefinition): string {
  return type
    .map(({ code: name, targetProfile = [] }) => {
      const targets = targetProfile.map((url) => url.split('/').at(-1) ?? '')
      const isAny = targets.length === 0 || targets.length > 4 || targets.includes('Resource')
      return isAny ? name : `${name} to ${targets.join(' or ')}`
    })
    .join(' or ')
}

/** What a value must be. */
export function demandsOf(element: ElementDefinition, definitions: Definitions): string[] {
  const { binding } = element
  const pattern = Object.entries(element).find(([key]) => /^(fixed|pattern)[A-Z]/.test(key))?.[1]
  // R4's own bindings are in R4, except where there is nothing else to say.
  const isOurs = binding?.valueSet && definitions.link(binding.valueSet).startsWith('[')
  return [
    ...(pattern === undefined ? [] : [`is ${said(pattern, definitions)}`]),
    ...(isOurs ? [`one of ${definitions.link(binding.valueSet ?? '')}`] : []),
  ]
}

/** A coding as `code` of its system; anything else as it stands. */
function said(pattern: unknown, definitions: Definitions): string {
  if (typeof pattern === 'string' && definitions.link(pattern).startsWith('['))
    return definitions.link(pattern)
  if (typeof pattern !== 'object' || pattern === null) return code(String(pattern))
  const { coding, system = '', code: word } = pattern as { coding?: object[]; system?: string; code?: string }
  if (coding) return coding.map((one) => said(one, definitions)).join(' and ')
  return word ? `${code(word)} of ${definitions.link(system)}` : code(JSON.stringify(pattern))
}
