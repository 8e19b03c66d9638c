/** Secrets at rest: AES-256-GCM under the deployment's key. A sealed text is `sealed:` and base64url of nonce, tag and cipher. */
import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto'

const prefix = 'sealed:'
/** Node would take a tag of four bytes for a whole one. */
const authTagLength = 16

/** Whoever uses one a thousand times a second makes a `KeyObject` of it once. */
type Key = Uint8Array | KeyObject

export function seal(key: Key, text: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength })
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return prefix + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

export function isSealed(text: string): boolean {
  return text.startsWith(prefix)
}

/** Throws when the text was altered, or sealed under another key. */
export function unseal(key: Key, text: string): string {
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength })
  decipher.setAuthTag(bytes.subarray(12, 28))
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
}

/** A secret of its own for each purpose, so that none of them has to be stored. */
export function deriveSecret(key: Key, ...purpose: string[]): string {
  return createHmac('sha256', key).update(purpose.join('\n')).digest('base64url')
}
