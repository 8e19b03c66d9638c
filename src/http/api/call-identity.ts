/** What makes two calls the same: the caller's key, and a digest of what is asked. Neither can be read back from the store. */
import { createHash, randomUUID } from 'node:crypto'
import type { MessageOrder } from '../../contract/messages.ts'

export interface CallIdentity {
  key: string
  body: string
}

/** Without a key of the caller's each call is a new one. */
export function identifyCall({ key = randomUUID(), to, ...order }: MessageOrder): CallIdentity {
  return { key: digest(key), body: digest(inOrder({ ...order, to: [to].flat() })) }
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** JSON whose fields stand in one order, whatever order they were written in. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value, (_field, held: unknown) =>
    typeof held === 'object' && held !== null && !Array.isArray(held)
      ? Object.fromEntries(Object.entries(held).sort(([a], [b]) => (a < b ? -1 : 1)))
      : held,
  )
}
