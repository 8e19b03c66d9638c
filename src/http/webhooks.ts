/**
 * `/webhooks/{install}/{sender}`: providers call. Verified over the raw bytes, parsed, then: what became of a message is
 * queued, inbound messages are in the store before the provider gets its answer.
 */
import type { Request, Response } from 'express'
import type { Address } from '../domain/address.ts'
import type { ProviderEvent } from '../domain/outcome.ts'
import type { DictatedAnswer, RawWebhook } from '../providers/provider.ts'
import { flatHeaders } from './notifications.ts'
import type { WebInstall, WebParts, WebSender } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'

export function webhookRoutes(parts: WebParts): Route[] {
  const path = '/webhooks/:install/:sender'
  const guard = { kind: 'provider-signature' } as const
  return [
    // E-mails come whole, with what is attached to them.
    { method: 'post', path, guard, body: 'raw', limit: '15mb', handle: (...call) => receive(parts, ...call) },
    { method: 'get', path, guard, body: 'raw', handle: (...call) => shakeHands(parts, ...call) },
  ]
}

async function receive(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { install, sender } = find(parts, request)
  const webhook = toRaw(parts, request)
  const shaken = await sender.provider.handshake?.(webhook, sender.credentials)
  if (shaken) return answer(response, shaken)
  for (const event of await readEvents(parts, install, sender, webhook))
    await take(install, await ownerOf(install, sender, webhook, event), event)
  const { reply } = sender.provider
  if (reply) answer(response, reply)
  else response.status(200).end()
}

/** Nothing is read from a GET but what the company's own handshake proves. */
async function shakeHands(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { install, sender } = find(parts, request)
  const shaken = await sender.provider.handshake?.(toRaw(parts, request), sender.credentials)
  if (!shaken) return refuse(install, 401, 'unsigned', 'The webhook is not signed as agreed.')
  answer(response, shaken)
}

function find(parts: WebParts, { params }: Request): { install: WebInstall; sender: WebSender } {
  const install = parts.installs.find((one) => one.id === params.install)
  const sender = install?.senders.find((one) => one.id === params.sender)
  if (!install || !sender)
    return refuse(install ?? parts, 404, 'unknown', 'There is nothing at this address.')
  return { install, sender }
}

function toRaw(parts: WebParts, request: Request): RawWebhook {
  return {
    method: request.method,
    // As the provider called it: a proxy may have changed what we see of host and scheme.
    url: parts.baseUrl + request.originalUrl,
    headers: flatHeaders(request),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  }
}

async function readEvents(
  parts: WebParts,
  install: WebInstall,
  { provider, credentials }: WebSender,
  webhook: RawWebhook,
): Promise<ProviderEvent[]> {
  const verdict = await provider.verify(webhook, credentials)
  if (verdict.kind === 'refused') refuse(install, 401, 'unsigned', 'The webhook is not signed as agreed.')
  const parsed = await provider.parse(webhook, parts.now())
  if (parsed.kind === 'malformed')
    return refuse(install, 400, 'malformed', `The webhook is refused: ${parsed.because}.`)
  return parsed.events
}

/**
 * One webhook may speak for several numbers of one account: then the event is that number's, if the webhook proves itself
 * to it too. Whatever names no number of ours stays with the sender that was called.
 */
async function ownerOf(
  install: WebInstall,
  called: WebSender,
  webhook: RawWebhook,
  event: ProviderEvent,
): Promise<WebSender> {
  const named = addressIn(event)
  if (!named || named === called.address) return called
  const other = install.senders.find(
    ({ provider, address }) => provider.id === called.provider.id && address === named,
  )
  if (!other || other.channel !== called.channel) return called
  const verdict = await other.provider.verify(webhook, other.credentials)
  return verdict.kind === 'valid' ? other : called
}

function addressIn(event: ProviderEvent): Address | undefined {
  if (event.kind === 'inbound') return event.to
  return event.kind === 'delivery' ? event.sender : undefined
}

async function take(install: WebInstall, sender: WebSender, event: ProviderEvent): Promise<void> {
  switch (event.kind) {
    case 'delivery':
      return install.jobs.add({ kind: 'record', sender: sender.id, event })
    case 'hint':
      return install.jobs.add({ kind: 'hint', sender: sender.id, hint: event })
    case 'inbound':
      await sender.receive(event)
      return
    case 'template':
      return install.jobs.add({ kind: 'approvals' })
    case 'ignored':
      return install.tally.count('refused', 'webhook-ignored')
  }
}

function answer(response: Response, { status, contentType, body }: DictatedAnswer): void {
  response.status(status).type(contentType).send(body)
}

function refuse(
  { tally }: Pick<WebInstall, 'tally'>,
  status: number,
  label: string,
  sentence: string,
): never {
  tally.count('refused', `webhook-${label}`)
  throw new RefusedRequest(status, sentence)
}
