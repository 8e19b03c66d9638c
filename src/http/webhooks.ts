/**
 * `/webhooks/{install}/{sender}`: providers call. Verified over the raw bytes, parsed, then: delivery events are queued, inbound
 * messages are in the store before the provider gets its 200.
 */
import type { Request } from 'express'
import type { ProviderEvent } from '../domain/outcome.ts'
import type { RawWebhook } from '../providers/provider.ts'
import { flatHeaders } from './notifications.ts'
import type { WebInstall, WebParts, WebSender } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'

export function webhookRoutes(parts: WebParts): Route[] {
  return [
    {
      method: 'post',
      path: '/webhooks/:install/:sender',
      guard: { kind: 'provider-signature' },
      body: 'raw',
      async handle(request, response) {
        const install = parts.installs.find((one) => one.id === request.params.install)
        const sender = install?.senders.find((one) => one.id === request.params.sender)
        if (!install || !sender)
          return refuse(install ?? parts, 404, 'unknown', 'There is nothing at this address.')
        for (const event of readEvents(parts, install, sender, request)) await take(install, sender, event)
        response.status(200).end()
      },
    },
  ]
}

function readEvents(
  parts: WebParts,
  install: WebInstall,
  sender: WebSender,
  request: Request,
): ProviderEvent[] {
  const webhook: RawWebhook = {
    method: request.method,
    // As the provider called it: a proxy may have changed what we see of host and scheme.
    url: parts.baseUrl + request.originalUrl,
    headers: flatHeaders(request),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  }
  const verdict = sender.provider.verify(webhook, sender.credentials)
  if (verdict.kind === 'refused') refuse(install, 401, 'unsigned', 'The webhook is not signed as agreed.')
  const parsed = sender.provider.parse(webhook)
  if (parsed.kind === 'malformed')
    return refuse(install, 400, 'malformed', `The webhook is refused: ${parsed.because}.`)
  return parsed.events
}

async function take(install: WebInstall, sender: WebSender, event: ProviderEvent): Promise<void> {
  switch (event.kind) {
    case 'delivery':
      return install.jobs.add({ kind: 'record', sender: sender.id, event })
    case 'inbound':
      await sender.receive(event)
      return
    case 'ignored':
      return install.tally.count('refused', 'webhook-ignored')
  }
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
