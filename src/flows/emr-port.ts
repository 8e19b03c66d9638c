/**
 * A FHIR server as the flows see it, host or store. `emr` fits itself to this, and `test/fakes` holds one in memory that
 * passes the same contract suite. Whoever needs it takes it from `ports.ts`.
 */
import type { FhirResource } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'

export type ResourceOf<Type extends FhirResource['resourceType']> = Extract<
  FhirResource,
  { resourceType: Type }
>

/** A resource as the server holds it. */
export type Stored<R extends FhirResource> = R & { id: string }

export interface Identifier {
  system: string
  value: string
}

/** Search parameters; a list means OR is already written in the value, a repeated key means AND. */
export type SearchParameters = Record<string, string | string[]>

/** A FHIR R4 server: the host, or the store. Throws `EmrError` when it cannot answer. */
export interface Emr {
  /** `undefined` when the server says 404 or 410. A summary may lack a Binary's bytes; not every server leaves them out. */
  read<T extends FhirResource['resourceType']>(
    type: T,
    id: string,
    wish?: { summary?: boolean },
  ): Promise<Stored<ResourceOf<T>> | undefined>
  /** What this process last saw of it, if it remembers; may be old. Good enough to try a `save`, never to decide by alone. */
  recall<T extends FhirResource['resourceType']>(type: T, id: string): Stored<ResourceOf<T>> | undefined
  /** All pages, matches only; pass `_count` and `limit` to stop early. */
  search<T extends FhirResource['resourceType']>(
    type: T,
    parameters: SearchParameters,
    options?: { limit?: number },
  ): Promise<Stored<ResourceOf<T>>[]>
  /** Conditional create by identifier: `created` is false when the server already had one, which is returned (the oldest, where there are several). */
  create<R extends FhirResource>(
    resource: R,
    unlessIdentifier?: Identifier,
  ): Promise<{ resource: Stored<R>; created: boolean }>
  /** Update with `If-Match` on `resource.meta.versionId`. Throws `ConflictError` when someone was faster. */
  save<R extends FhirResource>(resource: Stored<R>): Promise<Stored<R>>
  /** All versions but the newest. `false` where the server keeps them whatever we ask. */
  removeVersions(reference: Reference): Promise<boolean>
  /** The resource itself. `true` once it is gone, also where it was gone before; `false` where the server refuses and keeps it. */
  remove(reference: Reference): Promise<boolean>
  /** The bytes of a `Binary/…`, as a stream that its user reads to the end or cancels. `undefined` when the server says 404 or 410. */
  openBinary(reference: Reference): Promise<OpenBinary | undefined>
}

export interface OpenBinary {
  /** MIME type. */
  contentType: string
  /** Bytes, where the server says so. */
  size?: number
  stream: ReadableStream<Uint8Array>
}

/** The server could not be reached, refused, or answered what is not FHIR. */
export class EmrError extends Error {
  readonly status: number | undefined
  /** OAuth's `error`, or an OperationOutcome's code, where it is one. */
  readonly code: string | undefined
  constructor(message: string, options: { status?: number; code?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'EmrError'
    this.status = options.status
    this.code = options.code
  }
}

/** The resource changed since it was read (412 or 409). Read it again and decide again. */
export class ConflictError extends EmrError {
  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ConflictError'
  }
}
