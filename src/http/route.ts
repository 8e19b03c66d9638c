/** One route. `guard` says what proves the caller; an open route says why it may be open. */
import type { Request, Response } from 'express'

export type Guard =
  | { kind: 'session' }
  | { kind: 'notification-secret' }
  | { kind: 'provider-signature' }
  | { kind: 'open'; because: string }

export interface Route {
  method: 'get' | 'post' | 'put' | 'delete'
  path: string
  guard: Guard
  /** `raw`: bytes as they came, for signatures. */
  body?: 'raw' | 'json'
  handle(request: Request, response: Response): Promise<void> | void
}
