/** `/notify/{install}/{key}/*`: the host's Subscriptions call. Secret checked, hint parsed, queued, answered. */
import type { Request, Response } from 'express'
import { parseNotification } from '../fhir/notification.ts'
import type { WebInstall, WebParts } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'
import { hasSecret } from './secret-header.ts'

/** The header that our Subscriptions ask the host to send. */
export const secretHeader = 'x-qasid-secret'

export function notificationRoutes(parts: WebParts): Route[] {
  const admit = (request: Request) => findSubscription(parts, request)
  const handle = (request: Request, response: Response) => receive(parts, request, response)
  return (['post', 'put', 'delete'] as const).map((method) => ({
    method,
    path: '/notify/:install/:key{/*path}',
    guard: { kind: 'notification-secret' },
    admit,
    body: 'raw',
    handle,
  }))
}

interface Params {
  install: string
  key: string
  path?: string[]
}

/** Throws `RefusedRequest` unless it carries the secret of a Subscription of ours. */
function findSubscription(parts: WebParts, request: Request): { install: WebInstall; type: string } {
  const params = request.params as unknown as Params
  const install = parts.installs.find((one) => one.id === params.install)
  const subscription =
    install && Object.hasOwn(install.subscriptions, params.key) && install.subscriptions[params.key]
  if (!install || !subscription)
    return refuse(install ?? parts, 404, 'unknown', 'There is nothing at this address.')
  if (!hasSecret(request.headers[secretHeader], subscription.secret)) refuse(install, 401, 'unsigned')
  return { install, type: subscription.type }
}

async function receive(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { install, type } = findSubscription(parts, request)
  const { path } = request.params as unknown as Params
  const notification = parseNotification(
    {
      method: request.method,
      path: (path ?? []).join('/'),
      headers: flatHeaders(request),
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    },
    type,
  )
  if (notification.kind === 'malformed')
    refuse(install, 400, 'malformed', `The notification is refused: ${notification.because}.`)
  if (notification.kind === 'changed')
    await install.jobs.addAll(notification.references.map((visit) => ({ job: { kind: 'plan', visit } })))
  if (notification.kind === 'something-changed') await install.jobs.add({ kind: 'sweep' })
  response
    .status(200)
    .json({ resourceType: 'OperationOutcome', issue: [{ severity: 'information', code: 'informational' }] })
}

function refuse(
  { tally }: Pick<WebInstall, 'tally'>,
  status: number,
  label: string,
  sentence = 'The notification is not signed as agreed.',
): never {
  tally.count('refused', `notification-${label}`)
  throw new RefusedRequest(status, sentence)
}

export function flatHeaders(request: Request): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}
