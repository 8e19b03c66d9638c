/**
 * `/notify/{install}/{key}/*`: the host's Subscriptions call. Proof checked, hint parsed, queued, answered.
 *
 * Two proofs are agreed by how the Subscription was made: our secret in a header, or a signature under it. Either is enough.
 * But a signature that is there must be right, whatever the header says: somebody changed the bytes on their way.
 */
import type { Request, Response } from 'express'
import { workFor } from '../domain/change-feed.ts'
import type { Reference } from '../domain/message-request.ts'
import type { Instant } from '../domain/time.ts'
import { type Notification, parseNotification } from '../fhir/notification.ts'
import { isSigned, signatureIn } from './host-signature.ts'
import type { WebInstall, WebParts } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'
import { hasSecret } from './secret-header.ts'

/** The header that our Subscriptions ask the host to send. */
export const secretHeader = 'x-qasid-secret'

export function notificationRoutes(parts: WebParts): Route[] {
  const admit = (request: Request) => {
    const { install, subscription } = findSubscription(parts, request)
    // Whether a signature is right shows once the bytes are there.
    if (!mayProve(request, subscription)) refuse(install, 401, 'unsigned')
  }
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

type Subscription = WebInstall['subscriptions'][string]

function findSubscription(
  parts: WebParts,
  request: Request,
): { install: WebInstall; key: string; subscription: Subscription } {
  const { install: id, key } = request.params as unknown as Params
  const install = parts.installs.find((one) => one.id === id)
  const subscription = install && Object.hasOwn(install.subscriptions, key) && install.subscriptions[key]
  if (!install || !subscription)
    return refuse(install ?? parts, 404, 'unknown', 'There is nothing at this address.')
  return { install, key, subscription }
}

function mayProve(request: Request, { secret, signingSecret }: Subscription): boolean {
  const isToBeSigned = signingSecret !== undefined && signatureIn(flatHeaders(request)) !== undefined
  return isToBeSigned || hasSecret(request.headers[secretHeader], secret)
}

function isProven(request: Request, body: Uint8Array, { secret, signingSecret }: Subscription): boolean {
  const headers = flatHeaders(request)
  if (signingSecret !== undefined && signatureIn(headers) !== undefined)
    return isSigned(headers, body, signingSecret)
  return hasSecret(request.headers[secretHeader], secret)
}

async function receive(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { install, key, subscription } = findSubscription(parts, request)
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (!isProven(request, body, subscription)) refuse(install, 401, 'unsigned')
  const { path } = request.params as unknown as Params
  const raw = { method: request.method, path: (path ?? []).join('/'), headers: flatHeaders(request), body }
  const notification = parseNotification(raw, { type: subscription.type, base: install.fhirBase })
  if (notification.kind === 'malformed')
    refuse(install, 400, 'malformed', `The notification is refused: ${notification.because}.`)
  await queue(install, { key, type: subscription.type }, notification)
  // Servers that PUT a resource expect to be answered like a FHIR server.
  response
    .status(200)
    .json({ resourceType: 'OperationOutcome', issue: [{ severity: 'information', code: 'informational' }] })
}

async function queue(
  { jobs, hear }: WebInstall,
  { key, type }: { key: string; type: string },
  notification: Exclude<Notification, { kind: 'malformed' }>,
): Promise<void> {
  switch (notification.kind) {
    case 'alive':
      // It is only remembered: a handshake is answered though Redis is away.
      await hear(key, []).catch(() => undefined)
      return
    case 'something-changed':
      return look(jobs, type, (await hear(key, [type]))[0])
    case 'changed':
      return lookAt({ jobs, hear }, key, notification.references)
    case 'troubled':
      await lookAt({ jobs, hear }, key, notification.references)
      return look(jobs, type, (await hear(key, [type]))[0])
  }
}

/** The first of many about one resource goes at once, and all others within a second are one more. */
async function lookAt(
  { jobs, hear }: Pick<WebInstall, 'jobs' | 'hear'>,
  key: string,
  references: Reference[],
): Promise<void> {
  const times = await hear(key, references)
  const wanted = references.flatMap((reference, index) => {
    const job = workFor(reference)
    return job ? [{ job, ...from(times[index]) }] : []
  })
  await jobs.addAll(wanted)
}

/** Of requests and consents nothing needs a look: what is due is found by its time, and judged when it is sent. */
async function look(jobs: WebInstall['jobs'], type: string, notBefore: Instant | undefined): Promise<void> {
  if (type === 'Appointment') await jobs.add({ kind: 'sweep' }, from(notBefore))
}

function from(notBefore: Instant | undefined): { notBefore?: Instant } {
  return notBefore === undefined ? {} : { notBefore }
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
