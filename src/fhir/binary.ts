/** Binary: the bytes of a file. `securityContext` says by whose rules it may be read. */
import type { Binary } from 'fhir/r4'
import type { Reference } from '../domain/message-request.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { toReference } from './reference.ts'

export function toBinary(contentType: string, bytes: Uint8Array, context: Reference): Binary {
  return {
    resourceType: 'Binary',
    contentType,
    securityContext: toReference(context),
    data: toBase64(bytes),
  }
}

/** From a server's JSON; `undefined` when it is no Binary with its bytes in it. */
export function fromBinary(
  json: unknown,
): { contentType: string; bytes: Uint8Array<ArrayBuffer> } | undefined {
  const { resourceType, contentType, data } = (json ?? {}) as Partial<Binary>
  const bytes = resourceType === 'Binary' && typeof data === 'string' ? fromBase64(data) : undefined
  return bytes && { contentType: String(contentType ?? 'application/octet-stream'), bytes }
}

/** All of a stream, in one piece. Rejects with `TooLarge` as soon as there is more than `most` bytes. */
export async function bytesOf(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of stream) {
    length += part.length
    // Leaving the loop cancels the stream.
    if (length > most) throw new TooLarge(`There are more than ${most} bytes`)
    parts.push(part)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

/** Bytes that are at hand, given as they are asked for. */
export function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (bytes.length > 0) controller.enqueue(bytes)
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
