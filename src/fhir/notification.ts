/**
 * What a host's notification says, in any of the forms hosts use: a bare resource, `PUT …/Type/id`, an empty POST, a
 * Bundle with Parameters or SubscriptionStatus. It is only a hint: the flow reads the resource again, and event numbers,
 * which hosts count in ways of their own, are not looked at.
 */
import type { Reference } from '../domain/message-request.ts'
import { fromReference } from './reference.ts'

export interface RawNotification {
  method: string
  /** What follows the key in the path: empty, or `Type/id`. */
  path: string
  headers: Record<string, string | undefined>
  body: Uint8Array
}

/** What the Subscription is about, and whose it is. */
export interface NotificationScope {
  /** The resource type; anything else is malformed. */
  type: string
  /** FHIR base of the host: an absolute reference to another server is not ours. */
  base: string
}

export type Notification =
  | { kind: 'changed'; references: Reference[] }
  /** Something changed; the host does not say what, or only what another server holds. */
  | { kind: 'something-changed' }
  /** The host is about to give up on the Subscription, or has: what it told may not be all. */
  | { kind: 'troubled'; references: Reference[] }
  /** Handshake and heartbeat: the Subscription lives. */
  | { kind: 'alive' }
  | { kind: 'malformed'; because: string }

export function parseNotification(raw: RawNotification, scope: NotificationScope): Notification {
  const deleted = raw.headers['x-medplum-deleted-resource']
  if (deleted) return changed([deleted], scope)
  const path = raw.path.replace(/^\/|\/$/g, '')
  if (raw.body.length === 0) return path ? changed([path], scope) : { kind: 'something-changed' }
  const body = parseBody(raw.body)
  if (!body) return { kind: 'malformed', because: 'the body is not a FHIR resource in JSON' }
  if (path) return changed([path], scope)
  if (body.resourceType === 'Bundle') return parseBundle(body, scope)
  return isStatus(body) ? parseStatus(body, [], scope) : changed(ownReference(body), scope)
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

function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function changed(found: string[], scope: NotificationScope): Notification {
  const read = found.map((text) => readReference(text, scope.base))
  const own = read.filter((one) => one !== 'elsewhere')
  const isWrong = own.some((one) => !one?.startsWith(`${scope.type}/`))
  if (isWrong || found.length === 0)
    return { kind: 'malformed', because: `it does not name a resource of type ${scope.type}` }
  // Many know their own server by another name than we do: then it is as if they had not said what changed.
  if (own.length === 0) return { kind: 'something-changed' }
  return { kind: 'changed', references: [...new Set(own as Reference[])] }
}

/** Behind a proxy a server may think that it speaks http. */
function readReference(text: string, base: string): Reference | 'elsewhere' | undefined {
  if (!/^https?:\/\//i.test(text)) return fromReference({ reference: text })
  const [plainText, plainBase] = [text, `${base.replace(/\/+$/, '')}/`].map((url) =>
    url.replace(/^https?:/i, ''),
  )
  if (!plainText?.startsWith(plainBase ?? '')) return 'elsewhere'
  return fromReference({ reference: plainText.slice(plainBase?.length) })
}

function parseBundle(bundle: Json, scope: NotificationScope): Notification {
  const entries = objectsIn(bundle.entry)
  const first = entries[0]?.resource
  if (isObject(first) && isStatus(first)) return parseStatus(first, entries.slice(1), scope)
  const found = entries.flatMap(referenceOfEntry)
  return found.length > 0 ? changed(found, scope) : { kind: 'something-changed' }
}

function isStatus({ resourceType }: Json): boolean {
  return resourceType === 'SubscriptionStatus' || resourceType === 'Parameters'
}

/** `beside` are the entries after the status: what changed, and what the host thought useful to know with it. */
function parseStatus(status: Json, beside: Json[], scope: NotificationScope): Notification {
  const kind = status.type ?? parameter(status, 'type')?.valueCode
  const state = status.status ?? parameter(status, 'status')?.valueCode
  const focuses = [...eventsOfStatus(status), ...eventsOfParameters(status)]
  const found =
    focuses.length > 0 ? focuses : beside.flatMap(referenceOfEntry).filter((one) => isAbout(one, scope))
  const isTroubled = state === 'error' || state === 'off'
  if (found.length === 0) {
    if (isTroubled) return { kind: 'troubled', references: [] }
    return { kind: kind === 'handshake' || kind === 'heartbeat' ? 'alive' : 'something-changed' }
  }
  const told = changed(found, scope)
  if (!isTroubled || told.kind === 'malformed') return told
  return { kind: 'troubled', references: told.kind === 'changed' ? told.references : [] }
}

function isAbout(text: string, { type, base }: NotificationScope): boolean {
  return readReference(text, base)?.startsWith(`${type}/`) ?? false
}

/** R4B and R5: SubscriptionStatus.notificationEvent[].focus */
function eventsOfStatus(status: Json): string[] {
  return objectsIn(status.notificationEvent).flatMap((event) => referenceIn(event.focus))
}

/** Backport on R4: Parameters.parameter[notification-event].part[focus] */
function eventsOfParameters(status: Json): string[] {
  return objectsIn(status.parameter)
    .filter((one) => one.name === 'notification-event')
    .flatMap((event) => objectsIn(event.part))
    .filter((part) => part.name === 'focus')
    .flatMap((part) => referenceIn(part.valueReference))
}

function parameter(status: Json, name: string): Json | undefined {
  return objectsIn(status.parameter).find((one) => one.name === name)
}

function referenceIn(value: unknown): string[] {
  return isObject(value) && typeof value.reference === 'string' ? [value.reference] : []
}

/** A deletion has no resource, only the URL of its request; and a `urn:uuid` names nothing outside of its Bundle. */
function referenceOfEntry(entry: Json): string[] {
  const own = isObject(entry.resource) ? ownReference(entry.resource) : []
  if (own.length > 0) return own
  const request = isObject(entry.request) ? entry.request.url : undefined
  return [entry.fullUrl, request]
    .filter((one) => typeof one === 'string')
    .filter((one) => !one.startsWith('urn:'))
    .slice(0, 1)
}

function ownReference({ resourceType, id }: Json): string[] {
  return typeof resourceType === 'string' && typeof id === 'string' ? [`${resourceType}/${id}`] : []
}
