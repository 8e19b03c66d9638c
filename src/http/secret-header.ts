/** Secrets compared in constant time; hashing first makes their lengths equal, and tells nothing of the wanted one. */
import { createHash, timingSafeEqual } from 'node:crypto'

export function hasSecret(given: string | string[] | undefined, wanted: string): boolean {
  if (typeof given !== 'string') return false
  return timingSafeEqual(digest(given), digest(wanted))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
