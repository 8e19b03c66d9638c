/** Who calls, by the key of an EMR's own scripts. The key decides the install. */
import type { Request } from 'express'
import type { WebInstall, WebParts } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import { hasSecret } from './secret-header.ts'

/** Throws `RefusedRequest` 401 unless the request carries a key of an install that we serve. */
export function requireApiKey(
  { installs, tally }: Pick<WebParts, 'installs' | 'tally'>,
  request: Request,
): WebInstall {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  // Every key is compared, so that the time taken tells nothing of the one that fits.
  const fitting = installs.filter(
    ({ apiKeys }) => apiKeys.filter(({ key }) => hasSecret(given, key)).length > 0,
  )
  const [install] = fitting
  if (!install) {
    tally.count('refused', 'api-key')
    throw new RefusedRequest(401, 'The API key is missing or wrong: send it as Authorization: Bearer <key>.')
  }
  return install
}
