/** `/api/messages`: an EMR's script has something said, asks what became of it, and has it tried again. */
import type { Request, Response } from 'express'
import { type MessageOrder, messageOrder, mostRecipients, retryOrder } from '../../contract/messages.ts'
import { type ReadBody, readBody } from '../../contract/read-body.ts'
import { requireApiKey } from '../api-key.ts'
import type { WebParts } from '../parts.ts'
import { RefusedRequest } from '../problem.ts'
import type { Route } from '../route.ts'
import { identifyCall } from './call-identity.ts'

export function messageRoutes(parts: WebParts): Route[] {
  const admit = (request: Request) => requireApiKey(parts, request)
  return [
    {
      method: 'post',
      path: '/api/messages',
      guard: { kind: 'api-key' },
      admit,
      body: 'json',
      // As many recipients as may be, each by a long id.
      limit: () => mostRecipients * 270,
      handle: (request, response) => order(parts, request, response),
    },
    {
      method: 'get',
      path: '/api/messages/:id',
      guard: { kind: 'api-key' },
      async handle(request, response) {
        const { desk } = requireApiKey(parts, request)
        const status = await desk.status(idIn(request))
        if (!status) throw noSuchMessage()
        response.json(status)
      },
    },
    {
      method: 'post',
      path: '/api/messages/:id/retry',
      guard: { kind: 'api-key' },
      admit,
      body: 'json',
      async handle(request, response) {
        const { desk } = requireApiKey(parts, request)
        const wish = readOr400(readBody(retryOrder, request.body ?? {}, 'A retry'))
        const retried = await desk.retry(idIn(request), wish)
        if (retried.kind === 'missing') throw noSuchMessage()
        if (retried.kind === 'refused') throw new RefusedRequest(409, retried.error)
        const { kind: _kind, ...answer } = retried
        response.json(answer)
      },
    },
  ]
}

async function order(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { desk } = requireApiKey(parts, request)
  const wanted = withKey(
    readOr400(readBody(messageOrder, request.body, 'A message')),
    request.get('idempotency-key'),
  )
  const written = await desk.write(wanted, identifyCall(wanted))
  switch (written.kind) {
    case 'written':
      response.status(written.isNew ? 201 : 200).json({ messages: written.messages })
      return
    case 'conflict':
      throw new RefusedRequest(409, written.error)
    case 'refused': {
      const { error, refused } = written
      response.status(422).json({ error, ...(refused.length > 0 && { refused }) })
    }
  }
}

function withKey(wanted: MessageOrder, header: string | undefined): MessageOrder {
  if (header === undefined) return wanted
  if (wanted.key !== undefined && wanted.key !== header)
    throw new RefusedRequest(400, 'The key in the body is another than the header Idempotency-Key.')
  if (header.length < 1 || header.length > 255)
    throw new RefusedRequest(400, 'The header Idempotency-Key is longer than 255 characters.')
  return { ...wanted, key: header }
}

function readOr400<T>(read: ReadBody<T>): T {
  if (read.kind === 'refused') throw new RefusedRequest(400, read.error)
  return read.value
}

/** What cannot be an id is not asked for. */
function idIn(request: Request): string {
  const { id } = request.params
  if (typeof id !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(id)) throw noSuchMessage()
  return id
}

function noSuchMessage(): RefusedRequest {
  return new RefusedRequest(404, 'There is no such message.')
}
