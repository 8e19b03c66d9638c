/** Relative references: `Type/id`, without history and without a server's base. */
import type { Reference as FhirReference } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'

// `.` and `..` fit the pattern of an id, but would be a way out of the path.
const typeAndId = '([A-Z][A-Za-z]+/(?!\\.{1,2}(?:/|$))[A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?$'
const relative = new RegExp(`^${typeAndId}`)
const anywhere = new RegExp(`(?:^|/)${typeAndId}`)

/**
 * `Patient/1` from `Patient/1` or `Patient/1/_history/2`. A reference to another server is `undefined`: its Patient/1 is
 * somebody else. A server's own absolute ones are made relative where they are read (`withRelativeReferences`).
 */
export function fromReference(reference: FhirReference | undefined): Reference | undefined {
  return relative.exec(reference?.reference ?? '')?.[1]
}

/** `Patient/1` also from `https://emr.example/fhir/Patient/1`: only for what is known to come from that very server. */
export function fromAnyReference(text: string | undefined): Reference | undefined {
  return anywhere.exec(text ?? '')?.[1]
}

/** A server's answer with the absolute references to itself made relative, also where an attachment says its Binary. */
export function withRelativeReferences<T>(value: T, serverBase: string): T {
  const base = `${serverBase.replace(/\/+$/, '')}/`
  const isOwn = (key: string, held: string) =>
    (key === 'reference' && held.startsWith(base)) || (key === 'url' && held.startsWith(`${base}Binary/`))
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(
      Object.entries(one).map(([key, held]) =>
        typeof held === 'string' && isOwn(key, held) ? [key, held.slice(base.length)] : [key, walk(held)],
      ),
    )
  }
  return walk(value) as T
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
