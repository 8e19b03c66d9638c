/**
 * Membership in value sets, as far as the definitions at hand can tell. A value set that needs more (a filter, a code
 * system that we do not hold, such as languages or MIME types) answers `undefined`: not known, so not refused.
 */
import type {
  CodeSystem,
  CodeSystemConcept,
  Coding,
  FhirResource,
  ValueSet,
  ValueSetComposeInclude,
} from 'fhir/r4'

export interface Terminology {
  /** Is this coding in the value set? A coding without a system is judged by its code alone. */
  mayBeIn(valueSetUrl: string, coding: Coding): boolean | undefined
}

/** Codes by system; `undefined` when they cannot be listed. */
type Expansion = Map<string, Set<string>> | undefined

export function createTerminology(resources: FhirResource[]): Terminology {
  const valueSets = new Map<string, ValueSet>()
  const codeSystems = new Map<string, CodeSystem>()
  for (const resource of resources) {
    if (resource.resourceType === 'ValueSet' && resource.url) valueSets.set(resource.url, resource)
    if (resource.resourceType === 'CodeSystem' && resource.url) codeSystems.set(resource.url, resource)
  }
  const expansions = new Map<string, Expansion>()

  function codesOf(system: string): Set<string> | undefined {
    const codeSystem = codeSystems.get(system)
    return codeSystem?.content === 'complete' ? new Set(allCodes(codeSystem.concept ?? [])) : undefined
  }

  function expand(url: string): Expansion {
    const known = withoutVersion(url)
    if (!expansions.has(known)) {
      // Held before it is worked out, so that a value set that includes itself ends as "not known".
      expansions.set(known, undefined)
      expansions.set(known, expandValueSet(valueSets.get(known)))
    }
    return expansions.get(known)
  }

  function expandValueSet(valueSet: ValueSet | undefined): Expansion {
    if (!valueSet?.compose || valueSet.compose.exclude) return undefined
    const parts = valueSet.compose.include.map(expandInclude)
    return parts.includes(undefined) ? undefined : union(parts)
  }

  function expandInclude(include: ValueSetComposeInclude): Expansion {
    if (include.filter) return undefined
    if (!include.system) return include.valueSet?.length === 1 ? expand(include.valueSet[0] ?? '') : undefined
    if (include.valueSet) return undefined
    const codes = include.concept ? new Set(include.concept.map(({ code }) => code)) : codesOf(include.system)
    return codes && new Map([[include.system, codes]])
  }

  return {
    mayBeIn(valueSetUrl, coding) {
      const expansion = expand(valueSetUrl)
      if (!expansion) return undefined
      const { system, code = '' } = coding
      return system
        ? (expansion.get(system)?.has(code) ?? false)
        : [...expansion.values()].some((codes) => codes.has(code))
    },
  }
}

function allCodes(concepts: CodeSystemConcept[]): string[] {
  return concepts.flatMap((concept) => [concept.code, ...allCodes(concept.concept ?? [])])
}

function union(parts: Expansion[]): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>()
  for (const [system, codes] of parts.flatMap((part) => [...(part ?? [])])) {
    all.set(system, new Set([...(all.get(system) ?? []), ...codes]))
  }
  return all
}

function withoutVersion(url: string): string {
  return url.split('|')[0] ?? url
}
