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

/**
 * A server's answer with the absolute references to itself made relative, also where an attachment says its Binary.
 * What holds none is given back as it is: an answer may be long, and most servers speak relatively.
 */
export function withRelativeReferences<T>(value: T, serverBase: string): T {
  const base = toBase(serverBase)
  return withReferences(value, (key, held) => relativeOf(key, held, base))
}

/** Each text under a key, as it is to be; what stays as it was is not copied. */
function withReferences<T>(value: T, translate: (key: string, held: string) => string): T {
  const walk = (one: unknown): unknown => {
    if (typeof one !== 'object' || one === null) return one
    let copy: Record<string, unknown> | undefined
    for (const key of Object.keys(one)) {
      const held = (one as Record<string, unknown>)[key]
      const said = typeof held === 'string' ? translate(key, held) : walk(held)
      if (said === held) continue
      copy ??= (Array.isArray(one) ? [...one] : { ...one }) as Record<string, unknown>
      copy[key] = said
    }
    return copy ?? one
  }
  return walk(value) as T
}

/** What stands in a store beside the host. Of every other type a relative reference means the host's. */
const ofStore = [
  ...['Communication', 'CommunicationRequest', 'Consent', 'Task', 'Provenance', 'AuditEvent', 'Flag'],
  ...['ActivityDefinition', 'Basic', 'Binary', 'AppointmentResponse', 'Subscription'],
]

/** For a store beside the host: what is the host's is named by the host's address. */
export function withHostReferences<T>(value: T, hostBase: string): T {
  const base = toBase(hostBase)
  return withReferences(value, (key, held) =>
    key === 'reference' && isHosts(held) ? `${base}${held}` : held,
  )
}

/**
 * An answer of a store beside the host: the host's own become relative. A relative one of the host's types is the
 * store's, and of nobody we know.
 */
export function withoutHostReferences<T>(value: T, bases: { host: string; store: string }): T {
  const [host, store] = [toBase(bases.host), toBase(bases.store)]
  return withReferences(value, (key, held) => {
    if (key === 'reference' && isHosts(held)) return `${store}${held}`
    if (key === 'reference' && held.startsWith(host)) return held.slice(host.length)
    const own = relativeOf(key, held, store)
    return isHosts(own) ? held : own
  })
}

/** The same in a search: `Patient/1,Patient/2`. */
export function withHostAddress(searched: string, hostBase: string): string {
  const values = searched.split(',')
  return values.every(isHosts) ? values.map((one) => `${toBase(hostBase)}${one}`).join(',') : searched
}

function isHosts(text: string): boolean {
  const type = relative.exec(text)?.[1]?.split('/')[0]
  return type !== undefined && !ofStore.includes(type)
}

function toBase(url: string): string {
  return `${url.replace(/\/+$/, '')}/`
}

function relativeOf(key: string, held: string, base: string): string {
  const isOwn =
    (key === 'reference' && held.startsWith(base)) || (key === 'url' && held.startsWith(`${base}Binary/`))
  return isOwn ? held.slice(base.length) : held
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
