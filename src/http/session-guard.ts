/** Who calls, by the bearer token of a session. */
import type { Request } from 'express'
import type { WebInstall, WebParts } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { SessionFacts } from './sessions.ts'

/** Throws `RefusedRequest` 401 unless the request carries a session of an install that we still serve. */
export async function requireSession(
  parts: Pick<WebParts, 'sessions' | 'installs'>,
  request: Request,
): Promise<{ session: SessionFacts; install: WebInstall }> {
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const session = token && (await parts.sessions.read(token))
  const install = session && parts.installs.find((one) => one.id === session.install)
  if (!session || !install || (session.host !== undefined && session.host !== install.fhirBase))
    throw new RefusedRequest(401, 'The session is missing or over. Launch Messages again.')
  return { session, install }
}
