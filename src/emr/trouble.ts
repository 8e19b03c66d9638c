/** What of a server's errors passes by itself. */
import { ConflictError, EmrError } from '../flows/ports.ts'

/** The server's own, which passes; not a word about what was asked. A 401 is: a new token was asked for before. */
export function isTrouble(error: unknown): boolean {
  if (!(error instanceof EmrError) || error instanceof ConflictError) return false
  const { status } = error
  return status === undefined || status >= 500 || [401, 408, 429].includes(status)
}
