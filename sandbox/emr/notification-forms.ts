/** How each host writes a notification: one request per change, or none where the host does not tell of it. */
import { createHmac } from 'node:crypto'
import type { Extension, Subscription } from 'fhir/r4'
import type { Change } from './fhir-repository.ts'
import type { NotificationForm } from './likes/like.ts'

export interface HookRequest {
  url: string
  method: 'POST' | 'PUT' | 'DELETE'
  headers: Headers
  body?: string
}

type ToRequest = (subscription: Subscription, change: Change) => HookRequest | undefined

const secretExtension = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret'
const interactionExtension = 'https://medplum.com/fhir/StructureDefinition/subscription-supported-interaction'
const deletesExtension = 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages'

export const notificationForms: Record<NotificationForm, ToRequest> = {
  // https://hl7.org/fhir/R4/subscription.html: knocks, or PUTs below the endpoint where a payload is asked for.
  r4: toRestHook,
  // The same; of a deletion it tells only who asked for it by its extension.
  hapi: (subscription, change) =>
    change.kind === 'deleted' && !wantsDeletes(subscription) ? undefined : toRestHook(subscription, change),
  // https://www.medplum.com/docs/subscriptions: always POST, always with the resource.
  medplum: toMedplumHook,
}

/** Medplum's Subscriptions are active when they are written so; it never makes `requested` into `active`. */
export function activates(form: NotificationForm): boolean {
  return form !== 'medplum'
}

function toRestHook({ channel }: Subscription, { kind, record }: Change): HookRequest {
  const headers = readHeaderLines(channel.header, (value) => value)
  const { endpoint = '', payload } = channel
  if (!payload) return { url: endpoint, method: 'POST', headers }
  const url = `${endpoint.replace(/\/+$/, '')}/${record.resourceType}/${record.id}`
  if (kind === 'deleted') return { url, method: 'DELETE', headers }
  headers.set('Content-Type', payload)
  return { url, method: 'PUT', headers, body: JSON.stringify(record) }
}

const interactions = { created: 'create', updated: 'update', deleted: 'delete' } as const

function toMedplumHook(subscription: Subscription, { kind, record }: Change): HookRequest | undefined {
  const interaction = interactions[kind]
  const only = extensionOf(subscription.extension, interactionExtension)?.valueCode
  if ((only && only !== interaction) || record.resourceType === 'AuditEvent') return undefined
  const { channel } = subscription
  // Its own reading of the line: what stands behind a second colon is lost.
  const headers = readHeaderLines(channel.header, (value) => value.split(':', 1)[0] ?? '')
  const body = kind === 'deleted' ? '{}' : JSON.stringify(record)
  headers.set('Content-Type', 'application/fhir+json')
  headers.set('X-Medplum-Subscription', subscription.id ?? '')
  headers.set('X-Medplum-Interaction', interaction)
  if (kind === 'deleted') headers.set('X-Medplum-Deleted-Resource', `${record.resourceType}/${record.id}`)
  const secret = extensionOf(subscription.extension, secretExtension)?.valueString
  if (secret) headers.set('X-Signature', createHmac('sha256', secret).update(body).digest('hex'))
  return { url: channel.endpoint ?? '', method: 'POST', headers, body }
}

/** HAPI looked for it at the Subscription before it did at the channel. */
function wantsDeletes({ extension, channel }: Subscription): boolean {
  const asked = extensionOf(channel.extension, deletesExtension) ?? extensionOf(extension, deletesExtension)
  return asked?.valueBoolean === true
}

function extensionOf(extensions: readonly Extension[] | undefined, url: string): Extension | undefined {
  return extensions?.find((one) => one.url === url)
}

function readHeaderLines(lines: readonly string[] = [], read: (value: string) => string): Headers {
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers.append(line.slice(0, colon).trim(), read(line.slice(colon + 1)).trim())
  }
  return headers
}
