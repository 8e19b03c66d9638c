/**
 * Signatures of hosts that prove themselves by one: HMAC-SHA256 over the bytes as they came, in hex, under the secret that
 * our Subscription gave them. `X-Signature` is Medplum's, `X-Hub-Signature: sha256=…` WebSub's
 * (https://www.w3.org/TR/websub/#signing-content).
 */
import { createHmac } from 'node:crypto'
import { hasSecret } from './secret-header.ts'

type Headers = Record<string, string | undefined>

/** What the host signed with, in hex; `undefined` where it did not sign. */
export function signatureIn(headers: Headers): string | undefined {
  const hub = headers['x-hub-signature']
  const given = headers['x-signature'] ?? hub?.replace(/^sha256=/, '')
  return given?.toLowerCase()
}

/** A signature over nothing proves nothing: the same one would fit every empty call. */
export function isSigned(headers: Headers, body: Uint8Array, secret: string): boolean {
  if (body.length === 0) return false
  return hasSecret(signatureIn(headers), createHmac('sha256', secret).update(body).digest('hex'))
}
