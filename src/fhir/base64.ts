/** base64Binary, as FHIR writes bytes: in Node and in browsers alike. */

/** More characters than this at once are too many arguments for one call. */
const step = 0x8000

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let from = 0; from < bytes.length; from += step)
    parts.push(String.fromCharCode(...bytes.subarray(from, from + step)))
  return btoa(parts.join(''))
}

/** Line ends may stand in it. `undefined` when it is not base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const characters = atob(text)
    const bytes = new Uint8Array(characters.length)
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = characters.charCodeAt(index)
    return bytes
  } catch {
    return undefined
  }
}
