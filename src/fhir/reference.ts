/** Relative references: `Type/id`, without history and without a server's base. */
import type { Reference as FhirReference } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'

/** `Patient/1` from `Patient/1`, `https://emr.example/fhir/Patient/1` or `…/Patient/1/_history/2`. */
export function fromReference(reference: FhirReference | undefined): Reference | undefined {
  // `.` and `..` fit the pattern of an id, but would be a way out of the path.
  const match =
    /(?:^|\/)([A-Z][A-Za-z]+\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(
      reference?.reference ?? '',
    )
  return match?.[1]
}

export function toReference(reference: Reference): FhirReference {
  return { reference }
}

export function idOf(reference: Reference): string {
  return reference.slice(reference.indexOf('/') + 1)
}

export function typeOf(reference: Reference): string {
  return reference.slice(0, reference.indexOf('/'))
}

export function referenceTo(resource: { resourceType: string; id?: string }): Reference {
  return `${resource.resourceType}/${resource.id}`
}
