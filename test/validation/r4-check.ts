/** Base R4: structure, invariants and reference types by Medplum, and the required bindings, which it only collects. */
import { OperationOutcomeError, validateTypedValue } from '@medplum/core'
import type { FhirResource } from 'fhir/r4'
import { indexR4 } from './definitions.ts'
import { boundCodings, type Json } from './element-values.ts'
import type { Terminology } from './value-sets.ts'

type Options = NonNullable<Parameters<typeof validateTypedValue>[1]>
type Tokens = NonNullable<NonNullable<Options['collect']>['tokens']>

export function createR4Check(terminology: Terminology): (resource: FhirResource) => string[] {
  indexR4()
  return (resource) => {
    const tokens: Tokens = {}
    return [...readIssues(resource, { collect: { tokens } }), ...checkBindings(tokens, terminology)]
  }
}

/** Medplum throws when one issue is an error, and only returns warnings, of which "wrong reference type" is one. */
function readIssues(resource: FhirResource, options: Options): string[] {
  try {
    return validateTypedValue({ type: resource.resourceType, value: resource }, options).map(tell)
  } catch (cause) {
    if (cause instanceof OperationOutcomeError) return cause.outcome.issue.map(tell)
    throw cause
  }
}

function tell(issue: { expression?: string[]; details?: { text?: string } }): string {
  return `${issue.expression?.join(', ') ?? 'resource'}: ${issue.details?.text ?? 'is not valid'}`
}

/** A CodeableConcept satisfies a required binding when one of its codings does. */
function checkBindings(tokens: Tokens, terminology: Terminology): string[] {
  return Object.entries(tokens).flatMap(([valueSet, values]) =>
    values
      .filter(({ type }) => ['code', 'Coding', 'CodeableConcept'].includes(type))
      // A primitive that carries extensions arrives as a boxed string.
      .map(({ type, value, path }) => ({ path, value: type === 'code' ? String(value) : (value as Json) }))
      .filter(({ value }) => boundCodings(value).every((one) => terminology.mayBeIn(valueSet, one) === false))
      .map(({ path }) => `${path}: has no code from ${valueSet}`),
  )
}
