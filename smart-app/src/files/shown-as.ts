/**
 * A file's bytes under the type that its card speaks of, whatever the server called them. What is neither a PDF nor a
 * picture has no type that a browser would open: under our own address nothing of a patient's may run.
 */
import { fileKindOf } from '../../../src/domain/outgoing.ts'

export function shownAs(bytes: Blob, contentType: string | undefined): Blob {
  return new Blob([bytes], { type: contentType && mayBeShown(contentType) ? contentType : plainBytes })
}

export function mayBeShown(contentType: string): boolean {
  return contentType === 'application/pdf' || fileKindOf(contentType) === 'image'
}

const plainBytes = 'application/octet-stream'
