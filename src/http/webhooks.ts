/**
 * `/webhooks/{install}/{sender}`: providers call. Verified over the raw bytes, parsed, then: what became of a message is
 * queued, inbound messages are in the store before the provider gets its answer.
 */
import type { Request, Response } from 'express'
import type { Address } from '../domain/address.ts'
import type { DeliveryEvent, InboundMessage, ProviderEvent } from '../domain/outcome.ts'
import type { DictatedAnswer, RawWebhook } from '../providers/provider.ts'
import { flatHeaders } from './notifications.ts'
import type { WebInstall, WebParts, WebSender } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'

export function webhookRoutes(parts: WebParts): Route[] {
  const path = '/webhooks/:install/:sender'
  const guard = { kind: 'provider-signature' } as const
  return [
    {
      ...{ method: 'post', path, guard, body: 'raw' },
      admit: (request) => admit(parts, request),
      limit: (request) => find(parts, request).sender.provider.largestWebhook ?? largestWebhook,
      handle: (...call) => receive(parts, ...call),
    },
    {
      ...{ method: 'get', path, guard, body: 'raw' },
      admit: (request) => find(parts, request),
      handle: (...call) => shakeHands(parts, ...call),
    },
  ]
}

/** Of companies that say nothing larger. */
const largestWebhook = 1024 * 1024

/** What lacks its signature need not be read to be refused. */
function admit(parts: WebParts, request: Request): void {
  const { install, sender } = find(parts, request)
  const { signatureHeader } = sender.provider
  if (signatureHeader && request.headers[signatureHeader] === undefined) unsigned(install)
}

async function receive(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { install, sender } = find(parts, request)
  const webhook = toRaw(parts, request)
  const shaken = await sender.provider.handshake?.(webhook, sender.credentials)
  if (shaken) return answer(response, shaken)
  for (const event of await readEvents(parts, install, sender, webhook))
    await take(install, await ownerOf(parts, { install, called: sender, webhook }, event), event)
  const { reply } = sender.provider
  if (reply) answer(response, reply)
  else response.status(200).end()
}

/** Nothing is read from a GET but what the company's own handshake proves. */
async function shakeHands(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { install, sender } = find(parts, request)
  const shaken = await sender.provider.handshake?.(toRaw(parts, request), sender.credentials)
  if (!shaken) return unsigned(install)
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
  if (verdict.kind === 'refused') unsigned(install)
  const parsed = await provider.parse(webhook, parts.now(), credentials)
  if (parsed.kind === 'malformed')
    return refuse(install, 400, 'malformed', `The webhook is refused: ${parsed.because}.`)
  return parsed.events
}

/**
 * One webhook may speak for several numbers of one account: then the event is that number's, if the webhook proves itself
 * to it too. A number nobody wrote down is the called sender's (a pool, an alias of a mailbox), unless the company says that
 * it is another, or another install has it: then `undefined`, because it is, or may be, another clinic's.
 */
async function ownerOf(
  { installs }: WebParts,
  { install, called, webhook }: { install: WebInstall; called: WebSender; webhook: RawWebhook },
  event: ProviderEvent,
): Promise<WebSender | undefined> {
  if (event.kind !== 'inbound' && event.kind !== 'delivery') return called
  const named = addressIn(event)
  if (!named || named === called.address || called.channel === 'email') return called
  const ours = install.senders.filter(({ address }) => address === named)
  if (ours.length === 0) {
    const isAnothers = installs.some(({ senders }) => senders.some(({ address }) => address === named))
    return event.elsewhere || isAnothers ? undefined : called
  }
  const other = ours.find(
    ({ provider, channel }) => provider.id === called.provider.id && channel === called.channel,
  )
  const verdict = await other?.provider.verify(webhook, other.credentials)
  return verdict?.kind === 'valid' ? other : called
}

function addressIn(event: DeliveryEvent | InboundMessage): Address | undefined {
  return event.kind === 'inbound' ? event.to : event.sender
}

async function take(install: WebInstall, sender: WebSender | undefined, event: ProviderEvent): Promise<void> {
  if (!sender) return install.tally.count('refused', 'webhook-foreign')
  switch (event.kind) {
    case 'delivery': {
      // Its number has done its work: no number goes into a job.
      const { sender: _number, elsewhere: _, ...told } = event
      return install.jobs.add({ kind: 'record', sender: sender.id, event: told })
    }
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

function unsigned(install: WebInstall): never {
  return refuse(install, 401, 'unsigned', 'The webhook is not signed as agreed.')
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
