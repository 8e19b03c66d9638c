/**
 * What a host's notification says, in any of the forms hosts use: a bare resource, `PUT …/Type/id`, an empty POST, a
 * history Bundle with Parameters or SubscriptionStatus. It is only a hint: the flow reads the resource again.
 */
import type { Reference } from '../domain/message-request.ts'
import { fromAnyReference } from './reference.ts'

export interface RawNotification {
  method: string
  /** What follows the key in the path: empty, or `Type/id`. */
  path: string
  headers: Record<string, string | undefined>
  body: Uint8Array
}

export type Notification =
  | { kind: 'changed'; references: Reference[] }
  /** Something changed; the host does not say what. */
  | { kind: 'something-changed' }
  /** Handshake and heartbeat: the subscription lives. */
  | { kind: 'alive' }
  | { kind: 'malformed'; because: string }

/** `type` is the resource type that the subscription is about; anything else is malformed. */
export function parseNotification(raw: RawNotification, type: string): Notification {
  const deleted = raw.headers['x-medplum-deleted-resource']
  if (deleted) return changed([deleted], type)
  const path = raw.path.replace(/^\/|\/$/g, '')
  if (raw.body.length === 0) return path ? changed([path], type) : { kind: 'something-changed' }
  const body = parseBody(raw.body)
  if (!body) return { kind: 'malformed', because: 'the body is not a FHIR resource in JSON' }
  if (path) return changed([path], type)
  return body.resourceType === 'Bundle' ? parseBundle(body, type) : changed(ownReference(body), type)
}

type Json = { [key: string]: unknown }

function parseBody(bytes: Uint8Array): Json | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isObject(parsed) && typeof parsed.resourceType === 'string' ? parsed : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function changed(found: string[], type: string): Notification {
  const references = found.map((text) => fromAnyReference(text))
  const wrong = references.some((reference) => !reference?.startsWith(`${type}/`))
  return wrong || references.length === 0
    ? { kind: 'malformed', because: `it does not name a resource of type ${type}` }
    : { kind: 'changed', references: [...new Set(references as Reference[])] }
}

function parseBundle(bundle: Json, type: string): Notification {
  const entries = Array.isArray(bundle.entry) ? bundle.entry.filter(isObject) : []
  const status = isObject(entries[0]?.resource) ? entries[0].resource : {}
  const kind = status.type ?? parameter(status, 'type')?.valueCode
  if (kind === 'handshake' || kind === 'heartbeat') return { kind: 'alive' }
  const focuses = [...eventsOfStatus(status), ...eventsOfParameters(status)]
  // The first entry is the status, where the Bundle has one.
  const isStatus = status.resourceType === 'SubscriptionStatus' || status.resourceType === 'Parameters'
  const resources = entries.slice(isStatus ? 1 : 0).flatMap((entry) => fullReference(entry))
  const found = focuses.length > 0 ? focuses : resources
  return found.length > 0 ? changed(found, type) : { kind: 'something-changed' }
}

/** R4B and R5: SubscriptionStatus.notificationEvent[].focus */
function eventsOfStatus(status: Json): string[] {
  const events = Array.isArray(status.notificationEvent) ? status.notificationEvent.filter(isObject) : []
  return events.flatMap((event) => referenceIn(event.focus))
}

/** Backport on R4: Parameters.parameter[notification-event].part[focus] */
function eventsOfParameters(status: Json): string[] {
  const all = Array.isArray(status.parameter) ? status.parameter.filter(isObject) : []
  return all
    .filter((one) => one.name === 'notification-event')
    .flatMap((event) => (Array.isArray(event.part) ? event.part.filter(isObject) : []))
    .filter((part) => part.name === 'focus')
    .flatMap((part) => referenceIn(part.valueReference))
}

function parameter(status: Json, name: string): Json | undefined {
  const all = Array.isArray(status.parameter) ? status.parameter.filter(isObject) : []
  return all.find((one) => one.name === name)
}

function referenceIn(value: unknown): string[] {
  return isObject(value) && typeof value.reference === 'string' ? [value.reference] : []
}

/** A deletion has no resource, only the URL of its request. */
function fullReference(entry: Json): string[] {
  const own = isObject(entry.resource) ? ownReference(entry.resource) : []
  if (own.length > 0) return own
  const request = isObject(entry.request) ? entry.request.url : undefined
  return [entry.fullUrl, request].filter((one) => typeof one === 'string').slice(0, 1)
}

function ownReference({ resourceType, id }: Json): string[] {
  return typeof resourceType === 'string' && typeof id === 'string' ? [`${resourceType}/${id}`] : []
}
