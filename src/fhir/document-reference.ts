/** DocumentReference → a document of the chart: whose it is, what it is called, and where its bytes are. */
import type { Attachment, DocumentReference } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { type Instant, parseInstant } from '../domain/time.ts'
import { fromBase64 } from './base64.ts'
import { fromReference, referenceTo } from './reference.ts'

export interface ChartDocument {
  reference: Reference
  patient?: Reference
  /** Not superseded, and not entered in error. */
  current: boolean
  title?: string
  /** What sort of document it is, in the EMR's words. */
  type?: string
  contentType?: string
  /** Bytes, as the EMR says; not always true. */
  size?: number
  writtenAt?: Instant
  content: DocumentContent
}

export type DocumentContent =
  | { kind: 'binary'; reference: Reference }
  | { kind: 'inline'; bytes: Uint8Array<ArrayBuffer> }
  /** On another server, or nowhere. */
  | { kind: 'elsewhere' }

export function fromDocumentReference(resource: DocumentReference): ChartDocument {
  const attachment = resource.content?.[0]?.attachment
  return {
    reference: referenceTo(resource),
    patient: fromReference(resource.subject),
    current: resource.status === 'current' && resource.docStatus !== 'entered-in-error',
    title: attachment?.title ?? resource.description ?? typeOf(resource),
    type: typeOf(resource),
    contentType: attachment?.contentType,
    size: attachment?.size,
    writtenAt: parseInstant(resource.date ?? attachment?.creation ?? resource.meta?.lastUpdated),
    content: contentOf(attachment),
  }
}

function typeOf({ type }: DocumentReference): string | undefined {
  return type?.text ?? type?.coding?.find((one) => one.display)?.display
}

function contentOf(attachment: Attachment | undefined): DocumentContent {
  const bytes = attachment?.data === undefined ? undefined : fromBase64(attachment.data)
  if (bytes) return { kind: 'inline', bytes }
  // Absolute ones of its own server were made relative where they were read.
  const reference = fromReference({ reference: attachment?.url })
  return reference?.startsWith('Binary/') ? { kind: 'binary', reference } : { kind: 'elsewhere' }
}
