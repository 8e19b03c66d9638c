/**
 * Searches that differ only in whom they are about become one: `Consent?patient=Patient/1` and `…=Patient/2` are
 * `Consent?patient=Patient/1,Patient/2`, and each asker gets what is theirs. Only where the table knows how to tell from
 * a resource by which value it was found.
 */
import type { Communication, CommunicationRequest, Consent, FhirResource, Identifier } from 'fhir/r4'
import { fromReference } from '../fhir/reference.ts'
import type { Interaction } from './interaction.ts'
import type { Pairs } from './search-query.ts'

export type Search = Extract<Interaction, { kind: 'search' }>

type KeysOf = (resource: FhirResource) => (string | undefined)[]

const tokens = (identifiers: Identifier[] | undefined) =>
  (identifiers ?? []).map(({ system, value }) => `${system}|${value}`)

/** `Type.parameter` → the values by which this resource is found. */
const keysOf: Record<string, KeysOf> = {
  'Communication.based-on': (one) => ((one as Communication).basedOn ?? []).map(fromReference),
  'Communication.identifier': (one) => tokens((one as Communication).identifier),
  'CommunicationRequest.subject': (one) => [fromReference((one as CommunicationRequest).subject)],
  'Consent.patient': (one) => [fromReference((one as Consent).patient)],
  'Consent.identifier': (one) => tokens((one as Consent).identifier),
}

/** Values in one merged search; more make it slow for the server and long to read. */
export const mostMerged = 100
/** On one page of it. */
const pageSize = '500'

export interface Mergeable {
  /** Equal for searches that can become one. */
  shape: string
  /** Which pair differs. */
  at: number
  values: string[]
}

/** A value that is escaped, or one that names no type, would not be told apart by its text. */
export function mergeable({ type, pairs, limit }: Search): Mergeable | undefined {
  const isPlain = limit === undefined && pairs.every(([name]) => !name.startsWith('_') || name === '_count')
  if (!isPlain) return undefined
  const at = pairs.findIndex(([name]) => keysOf[`${type}.${name}`])
  const [name, value] = pairs[at] ?? []
  if (name === undefined || !value || value.includes('\\')) return undefined
  const values = value.split(',')
  // A system alone asks for any value of it, which no resource is known by.
  if (!values.every((one) => /^[^|]*\|.+$|^[A-Z][A-Za-z]+\/[^/|]+$/.test(one))) return undefined
  const others = pairs.filter((_pair, index) => index !== at)
  return { shape: JSON.stringify([type, name, others]), at, values }
}

/** One search for all of them. */
export function merge(searches: Search[]): Search {
  const [first] = searches
  const mergeables = searches.flatMap((one) => mergeable(one) ?? [])
  if (!first || searches.length === 1) return first as Search
  const at = mergeables[0]?.at ?? 0
  const values = [...new Set(mergeables.flatMap((one) => one.values))]
  const pairs: Pairs = first.pairs.map(([name, value], index) => {
    if (index === at) return [name, values.join(',')]
    return [name, name === '_count' ? pageSize : value]
  })
  return { ...first, pairs }
}

/** What of everything found is each asker's, in the order in which they asked. */
export function divide(searches: Search[], found: FhirResource[]): FhirResource[][] {
  const wanted = searches.map((search) => mergeable(search))
  const [first] = searches
  const keys = first && keysOf[`${first.type}.${first.pairs[wanted[0]?.at ?? 0]?.[0]}`]
  if (!keys) return searches.map(() => found)
  const byKey = new Map<string, FhirResource[]>()
  for (const resource of found)
    for (const key of keys(resource))
      if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), resource])
  return wanted.map((one) => [...new Set((one?.values ?? []).flatMap((value) => byKey.get(value) ?? []))])
}
