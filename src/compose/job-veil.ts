/** The veil of provider ids in Redis: sealed under a key that derives from the deployment's, so that any process reads them. */
import { createSecretKey } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Veil } from '../queue/veil.ts'
import { deriveSecret, isSealed, seal, unseal } from '../seal.ts'

export function createJobVeil({ key }: Pick<Config, 'key'>): Veil {
  const own = createSecretKey(deriveSecret(key, 'jobs'), 'base64url')
  const marks = createSecretKey(deriveSecret(key, 'job-marks'), 'base64url')
  return {
    cover: (text) => seal(own, text),
    uncover: (text) => (isSealed(text) ? unseal(own, text) : text),
    mark: (text) => Buffer.from(deriveSecret(marks, text), 'base64url').toString('hex'),
  }
}
