/** One route. `guard` says what proves the caller; an open route says why it may be open. */
import type { Request, Response } from 'express'

export type Guard =
  | { kind: 'session' }
  /** Of the EMR's own scripts. */
  | { kind: 'api-key' }
  | { kind: 'notification-secret' }
  | { kind: 'provider-signature' }
  /** Sealed by us, and in the path. */
  | { kind: 'media-token' }
  /** Signed by the EMR for each call of CDS Hooks. */
  | { kind: 'cds-token' }
  | { kind: 'open'; because: string }

export interface Route {
  method: 'get' | 'post' | 'put' | 'delete' | 'options'
  path: string
  guard: Guard
  /** Before any of the body is read: throws `RefusedRequest` unless the caller may be heard. */
  admit?(request: Request): Promise<unknown> | unknown
  /** `raw`: bytes as they came, for signatures. */
  body?: 'raw' | 'json'
  /** Largest body in bytes; 1 MB raw and 64 kB of JSON unless told. Asked after `admit`. */
  limit?(request: Request): number
  handle(request: Request, response: Response): Promise<void> | void
}
