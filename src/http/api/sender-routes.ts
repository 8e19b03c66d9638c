/** `/api/senders`: how the clinic's senders are, and a test of one. */
import { requireApiKey } from '../api-key.ts'
import type { WebParts } from '../parts.ts'
import { RefusedRequest } from '../problem.ts'
import type { Route } from '../route.ts'

export function senderRoutes(parts: WebParts): Route[] {
  return [
    {
      method: 'get',
      path: '/api/senders',
      guard: { kind: 'api-key' },
      async handle(request, response) {
        const { desk } = requireApiKey(parts, request)
        response.json(await desk.senders())
      },
    },
    {
      method: 'post',
      path: '/api/senders/:sender/test',
      guard: { kind: 'api-key' },
      async handle(request, response) {
        const { desk } = requireApiKey(parts, request)
        const tested = await desk.testSender(String(request.params.sender))
        if (tested.kind === 'missing') throw new RefusedRequest(404, tested.error)
        const { kind: _kind, ...answer } = tested
        response.json(answer)
      },
    },
  ]
}
