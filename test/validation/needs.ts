/**
 * What our CapabilityStatements say that we need of a server. Fakes refuse whoever asks for more, so that what is written
 * there is all that a host or a store is ever asked.
 */
import type { CapabilityStatement, CapabilityStatementRestResource, Extension } from 'fhir/r4'
import { readGenerated } from './definitions.ts'

export type Whose = 'host' | 'store'
export type Interaction = 'read' | 'search-type' | 'create' | 'update' | 'delete'

export interface Needs {
  /** Says what is asked too much; `undefined` when it may be asked. */
  refuse(type: string, interaction: Interaction, parameters?: string[]): string | undefined
}

const expectation = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation'

export function readStatement(whose: Whose): CapabilityStatement {
  const found = readGenerated().find((one) => one.resourceType === 'CapabilityStatement' && one.id === whose)
  if (found?.resourceType !== 'CapabilityStatement') throw new Error(`There is no statement of the ${whose}`)
  return found
}

export function resourcesOf({ rest = [] }: CapabilityStatement): CapabilityStatementRestResource[] {
  return rest.flatMap(({ resource = [] }) => resource)
}

/** Parameters of every type, `_sort`. */
export function anywhereIn({ rest = [] }: CapabilityStatement): string[] {
  return rest.flatMap(({ searchParam = [] }) => searchParam.map(({ name }) => name))
}

/** SHALL, SHOULD or MAY. */
export function expectationOf({ extension = [] }: { extension?: Extension[] }): string | undefined {
  return extension.find(({ url }) => url === expectation)?.valueCode
}

/** Of several together: one server may be both. */
export function readNeeds(...whose: Whose[]): Needs {
  const statements = whose.map(readStatement)
  const anywhere = statements.flatMap(anywhereIn)
  return {
    refuse(type, interaction, parameters = []) {
      const resources = statements.flatMap(resourcesOf).filter((one) => one.type === type)
      const can = resources.some((one) => one.interaction?.some(({ code }) => code === interaction))
      if (!can) return `No CapabilityStatement of ours needs ${interaction} of ${type}`
      const listed = resources.flatMap(({ searchParam = [] }) => searchParam.map(({ name }) => name))
      const known = [...anywhere, ...listed]
      // `_security:not` is `_security` with a modifier.
      const more = parameters.find((one) => !known.includes(one.split(':')[0] ?? ''))
      return more && `No CapabilityStatement of ours needs ${type}?${more}`
    },
  }
}
