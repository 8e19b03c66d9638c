/**
 * The host's FHIR API with the clinician's own token, so that the host's access rules stay in force. The token only
 * ever goes to the host's own base: a `next` link that leads elsewhere is refused.
 */
import type { Bundle, FhirResource } from 'fhir/r4'
import type { Reference } from '../../../src/domain/message-request.ts'
import { fromBinary } from '../../../src/fhir/binary.ts'
import { withRelativeReferences } from '../../../src/fhir/reference.ts'

export class HostError extends Error {
  /** HTTP status; absent when nothing answered. */
  readonly status: number | undefined

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause })
    this.name = 'HostError'
    this.status = status
  }
}

export interface FhirHost {
  /** `undefined` when there is none (any more). */
  read<T extends FhirResource>(reference: Reference): Promise<T | undefined>
  /** All pages. */
  search<T extends FhirResource>(type: T['resourceType'], parameters: Record<string, string>): Promise<T[]>
  /** The bytes of a `Binary/…`; `undefined` when there is none (any more). */
  bytes(reference: Reference): Promise<Blob | undefined>
  /** Creates it unless one with this identifier exists; either way the stored one. */
  createOnce<T extends FhirResource>(resource: T, identifier: { system: string; value: string }): Promise<T>
}

export interface FhirHostParts {
  base: string
  /** `Bearer …`, fresh; absent where `fetch` says by itself who asks. */
  authorization?(): Promise<string>
  /** After a 401 for this one: whether there is another. Absent where there never is. */
  renew?(refused: string): Promise<boolean>
  fetch: typeof globalThis.fetch
}

/** A server whose pages lead in a circle must not keep us for ever. */
const mostPages = 200

export function createFhirHost(parts: FhirHostParts): FhirHost {
  const base = parts.base.replace(/\/+$/, '')
  return {
    async read<T extends FhirResource>(reference: Reference) {
      const response = await request(parts, `${base}/${reference}`)
      if (response.status === 404 || response.status === 410) return undefined
      return parse<T>(response, `read ${reference}`, base)
    },
    async search<T extends FhirResource>(type: T['resourceType'], parameters: Record<string, string>) {
      const found: T[] = []
      let url: string | undefined = `${base}/${type}?${new URLSearchParams(parameters)}`
      for (let page = 0; url && page < mostPages; page += 1) {
        const bundle: Bundle = await parse<Bundle>(await request(parts, url), `search ${type}`, base)
        found.push(...matches<T>(bundle, type))
        url = nextPage(bundle, base)
      }
      return found
    },
    async bytes(reference: Reference) {
      const response = await request(parts, `${base}/${reference}`, { headers: { Accept: '*/*' } })
      if (response.status === 404 || response.status === 410) return undefined
      if (!response.ok) throw new HostError(`The host refused to open ${reference}`, response.status)
      return unwrapped(await blobOf(response))
    },
    async createOnce<T extends FhirResource>(resource: T, identifier: { system: string; value: string }) {
      const token = `identifier=${encodeURIComponent(`${identifier.system}|${identifier.value}`)}`
      const response = await request(parts, `${base}/${resource.resourceType}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/fhir+json',
          Prefer: 'return=representation',
          'If-None-Exist': token,
        },
        body: JSON.stringify(resource),
      })
      return created<T>(parts, response, base, resource.resourceType)
    },
  }
}

/** A token that the host no longer takes is replaced once; a host that is asked too often is asked once more, later. */
async function request(parts: FhirHostParts, url: string, init: RequestInit = {}): Promise<Response> {
  const authorization = (await parts.authorization?.()) ?? ''
  const response = await send(parts, url, init, authorization)
  const waitFor = response.status === 429 ? retryAfter(response.headers) : undefined
  if (waitFor !== undefined) await new Promise((resolve) => setTimeout(resolve, waitFor))
  else if (response.status !== 401 || !(await parts.renew?.(authorization))) return response
  return send(parts, url, init, (await parts.authorization?.()) ?? '')
}

/** Milliseconds; `undefined` when the host names more than anybody waits for before a screen, or a date. */
function retryAfter(headers: Headers): number | undefined {
  // Most hosts do not let a page of ours read it.
  const seconds = Number(headers.get('Retry-After') ?? 1)
  return seconds >= 0 && seconds <= 5 ? seconds * 1_000 : undefined
}

/** Whether the same question may be answered in a second. What the host refused it refuses then too. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof HostError && [401, 403, 429].includes(error.status ?? 0))
}

async function send(
  parts: FhirHostParts,
  url: string,
  init: RequestInit,
  authorization: string,
): Promise<Response> {
  const headers = new Headers(init.headers)
  if (!headers.has('Accept')) headers.set('Accept', 'application/fhir+json')
  if (authorization) headers.set('Authorization', authorization)
  try {
    return await parts.fetch(url, { ...init, headers, cache: 'no-store', credentials: 'omit' })
  } catch (cause) {
    throw new HostError('The host did not answer', undefined, cause)
  }
}

async function blobOf(response: Response): Promise<Blob> {
  try {
    return await response.blob()
  } catch (cause) {
    throw new HostError('The host’s answer broke off', response.status, cause)
  }
}

/** Some servers answer with the resource around the bytes all the same. */
async function unwrapped(blob: Blob): Promise<Blob> {
  if (!/^application\/(fhir\+)?json\b/.test(blob.type)) return blob
  const json: unknown = await blob
    .text()
    .then(JSON.parse)
    .catch(() => undefined)
  const binary = fromBinary(json)
  return binary ? new Blob([binary.bytes], { type: binary.contentType }) : blob
}

async function parse<T extends FhirResource>(response: Response, doing: string, base: string): Promise<T> {
  if (!response.ok) throw new HostError(`The host refused to ${doing}`, response.status)
  try {
    return withRelativeReferences((await response.json()) as T, base)
  } catch (cause) {
    throw new HostError(`The host did not answer in FHIR to ${doing}`, response.status, cause)
  }
}

/** Not every server sends the resource back; then `Location` says where it is. */
async function created<T extends FhirResource>(
  parts: FhirHostParts,
  response: Response,
  base: string,
  type: string,
): Promise<T> {
  if (!response.ok) throw new HostError(`The host refused to create ${type}`, response.status)
  const body = (await response.json().catch(() => undefined)) as T | undefined
  if (body?.resourceType === type && body.id) return body
  const id = new RegExp(`/${type}/([A-Za-z0-9.-]{1,64})`).exec(response.headers.get('Location') ?? '')?.[1]
  if (!id) throw new HostError(`The host did not say where the ${type} is`, response.status)
  return parse<T>(await request(parts, `${base}/${type}/${id}`), `read ${type}`, base)
}

function matches<T extends FhirResource>(bundle: Bundle, type: T['resourceType']): T[] {
  const resources = (bundle.entry ?? []).flatMap((entry) => entry.resource ?? [])
  return resources.filter((resource): resource is T => resource.resourceType === type)
}

/** Some servers link relatively, and some by another name of theirs; only our own base gets the token. */
export function nextPage(bundle: Bundle, base: string): string | undefined {
  const link = bundle.link?.find((one) => one.relation === 'next')?.url
  if (!link) return undefined
  const url = URL.canParse(link, `${base}/`) ? new URL(link, `${base}/`) : undefined
  if (!url || !isUnder(url, new URL(`${base}/`)))
    throw new HostError('The host’s next page is on another server, or beside its base')
  return url.href
}

/** Beside the base may stand another clinic; a name and a password would be another authorization than the token. */
function isUnder(url: URL, base: URL): boolean {
  const isOurs = url.origin === base.origin && !url.username && !url.password
  return isOurs && `${url.pathname}/`.startsWith(base.pathname)
}
