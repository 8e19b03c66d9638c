/**
 * Interactions as a batch Bundle and its answer, entry by entry. Entries of a batch know nothing of each other: one may
 * fail alone. What would be private in a URL is not in one here: an entry's "url" travels in the body.
 * https://hl7.org/fhir/R4/http.html#transaction
 */
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4'
import { EmrError } from '../flows/ports.ts'
import { type Answer, isOnlyNow } from './fhir-call.ts'
import type { Interaction } from './interaction.ts'

export function toBatch(interactions: Interaction[]): Bundle {
  return { resourceType: 'Bundle', type: 'batch', entry: interactions.map(toEntry) }
}

function toEntry(one: Interaction): BundleEntry {
  switch (one.kind) {
    case 'read':
      return {
        request: { method: 'GET', url: `${one.type}/${one.id}${one.summary ? '?_summary=true' : ''}` },
      }
    case 'search':
      return { request: { method: 'GET', url: `${one.type}?${new URLSearchParams(one.pairs)}` } }
    case 'create': {
      const { ifNoneExist, resource } = one
      const request = {
        method: 'POST',
        url: resource.resourceType,
        ...(ifNoneExist && { ifNoneExist }),
      } as const
      return { resource, request }
    }
    case 'update': {
      const { resourceType, id } = one.resource
      const request = { method: 'PUT', url: `${resourceType}/${id}`, ifMatch: one.ifMatch } as const
      return { resource: one.resource, request }
    }
  }
}

/** One answer or error for each, in order; `undefined` when this is no answer to a batch of so many. */
export function fromBatch(
  body: Record<string, unknown>,
  interactions: Interaction[],
): (Answer | EmrError)[] | undefined {
  const { resourceType, entry } = body as unknown as Bundle
  if (resourceType !== 'Bundle' || !Array.isArray(entry) || entry.length !== interactions.length)
    return undefined
  if (!entry.every((one, index) => answersTo(one, interactions[index]))) return undefined
  return entry.map((one, index) => fromEntry(interactions[index]?.doing ?? 'A batch', one))
}

/** Answers come in the order of the questions; another order would give somebody another patient's. */
function answersTo({ resource }: BundleEntry, asked: Interaction | undefined): boolean {
  if (!resource || resource.resourceType === 'OperationOutcome') return true
  switch (asked?.kind) {
    case 'read':
      return resource.resourceType === asked.type && resource.id === asked.id
    case 'update':
      return resource.id === asked.resource.id
    case 'create':
      return resource.resourceType === asked.resource.resourceType
    default:
      return resource.resourceType === 'Bundle'
  }
}

function fromEntry(doing: string, { resource, response }: BundleEntry): Answer | EmrError {
  const status = Number(/^\d{3}/.exec(response?.status ?? '')?.[0])
  if (!(status >= 200)) return new EmrError(`${doing}: the server's batch says nothing of it`)
  if (status >= 300) return refusal(doing, status, response?.outcome ?? resource)
  const headers = new Headers()
  if (response?.etag) headers.set('etag', response.etag)
  if (response?.location) headers.set('location', response.location)
  return { status, headers, body: (resource ?? {}) as unknown as Record<string, unknown> }
}

/** Of the server's words only the code. */
function refusal(doing: string, status: number, outcome: FhirResource | undefined): EmrError {
  const code = outcome?.resourceType === 'OperationOutcome' ? outcome.issue?.[0]?.code : undefined
  const isCode = typeof code === 'string' && /^[a-z-]{1,40}$/.test(code)
  const sentence = `${doing}: the server answered ${status}${isCode ? ` (${code})` : ''}`
  return new EmrError(sentence, isOnlyNow(status, code) ? {} : { status })
}
