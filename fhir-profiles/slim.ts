/**
 * Drops what nobody validates with, and what makes a snapshot ten times as long: mappings to other standards, essays, samples,
 * XPath. What remains is a whole StructureDefinition (a snapshot must keep each element's `definition`).
 */
import type { ElementDefinition, FhirResource, StructureDefinition } from 'fhir/r4'

export function slim(resource: FhirResource): FhirResource {
  return resource.resourceType === 'StructureDefinition' ? slimStructure(resource) : resource
}

function slimStructure(structure: StructureDefinition): StructureDefinition {
  const { mapping: _mapping, snapshot, ...rest } = structure
  return { ...rest, ...(snapshot && { snapshot: { element: snapshot.element.map(slimElement) } }) }
}

function slimElement(element: ElementDefinition): ElementDefinition {
  const { mapping: _m, comment: _c, requirements: _r, alias: _a, example: _e, ...rest } = element
  return {
    ...rest,
    ...(rest.constraint && {
      constraint: rest.constraint.map(({ xpath: _xpath, ...constraint }) => constraint),
    }),
  }
}
