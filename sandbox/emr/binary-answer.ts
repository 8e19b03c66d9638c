/**
 * A Binary is answered as the bytes that it holds, unless FHIR is asked for; and it is for whoever may see what its
 * securityContext names. https://hl7.org/fhir/R4/binary.html#rest
 */
import type { Binary } from 'fhir/r4'

/** Does the Accept header name FHIR, or JSON, before anything else? */
export function wantsFhir(accept: string | undefined): boolean {
  const first = accept?.split(',')[0]?.trim().toLowerCase() ?? ''
  return /^application\/(fhir\+)?json\b|^text\/json\b/.test(first)
}

export interface Bytes {
  contentType: string
  bytes: Uint8Array
  securityContext?: string
}

export function bytesOf({ contentType, data = '', securityContext }: Binary): Bytes {
  return {
    contentType: /^[\w.+-]+\/[\w.+-]+(;.*)?$/.test(contentType) ? contentType : 'application/octet-stream',
    bytes: Buffer.from(data, 'base64'),
    securityContext: securityContext?.reference,
  }
}
