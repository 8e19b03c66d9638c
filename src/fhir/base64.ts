/**
 * base64Binary, as FHIR writes bytes: in Node and in browsers alike. Millions of bytes are nothing for what the platform
 * brings along, and would stop everything else for a second when each of them is a step of ours.
 */

/** Newer than the types that we have of it: https://tc39.es/ecma262/#sec-uint8array.frombase64 */
type FromBase64 = (text: string) => Uint8Array<ArrayBuffer>

const { fromBase64: fromByPlatform } = Uint8Array as { fromBase64?: FromBase64 }
const { toBase64: toByPlatform } = Uint8Array.prototype as { toBase64?: (this: Uint8Array) => string }
/** Node's; absent in browsers. */
const NodeBuffer = (globalThis as { Buffer?: typeof Buffer }).Buffer

/** More characters than this at once are too many arguments for one call. */
const step = 0x8000

export function toBase64(bytes: Uint8Array): string {
  if (toByPlatform) return toByPlatform.call(bytes)
  if (NodeBuffer) return NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
  const parts: string[] = []
  for (let from = 0; from < bytes.length; from += step)
    parts.push(String.fromCharCode(...bytes.subarray(from, from + step)))
  return btoa(parts.join(''))
}

/** Line ends may stand in it. `undefined` when it is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    if (fromByPlatform) return fromByPlatform.call(Uint8Array, text)
    return NodeBuffer ? fromBase64InNode(text, NodeBuffer) : fromBase64Slowly(text)
  } catch {
    return undefined
  }
}

/** Node passes over whatever is no base64: then fewer bytes come out than had to. */
function fromBase64InNode(text: string, { from }: typeof Buffer): Uint8Array<ArrayBuffer> | undefined {
  const plain = /[\s=_-]/.test(text) ? withoutFiller(text) : text
  if (plain === undefined || plain.length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((plain.length * 3) / 4))
  return from(bytes.buffer).write(plain, 'base64') === bytes.length ? bytes : undefined
}

/** `undefined` when it is filled up wrongly, or written in the alphabet of URLs. */
function withoutFiller(text: string): string | undefined {
  const joined = text.replace(/[\t\n\f\r ]+/g, '')
  const plain = joined.replace(/={1,2}$/, '')
  if (/[\s=_-]/.test(plain)) return undefined
  return plain.length === joined.length || joined.length % 4 === 0 ? plain : undefined
}

function fromBase64Slowly(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text)
  const bytes = new Uint8Array(characters.length)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = characters.charCodeAt(index)
  return bytes
}
