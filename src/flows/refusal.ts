/** What a server says when it will not do a thing, however often it is asked; trouble of its own passes and is no refusal. */
import { ConflictError, EmrError } from './ports.ts'

/** Bad parameter, forbidden, unknown, not allowed, not acceptable, gone, wrong content, cannot be processed, not made. */
const refusals = [400, 403, 404, 405, 406, 410, 415, 422, 501]

export function isRefusal(error: unknown): boolean {
  if (!(error instanceof EmrError) || error instanceof ConflictError) return false
  return refusals.includes(error.status ?? 0)
}
