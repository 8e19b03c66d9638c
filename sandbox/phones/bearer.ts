/** Whether a request shows the right token, compared in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'

export function hasBearer(request: Request, token: string): boolean {
  return timingSafeEqual(digest(request.get('authorization') ?? ''), digest(`Bearer ${token}`))
}

/** Equal lengths, as the comparison needs them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
