/** `/api/templates`: what may be sent, and what companies said of it. */
import { requireApiKey } from '../api-key.ts'
import type { WebParts } from '../parts.ts'
import type { Route } from '../route.ts'

export function templateRoutes(parts: WebParts): Route[] {
  return [
    {
      method: 'get',
      path: '/api/templates',
      guard: { kind: 'api-key' },
      async handle(request, response) {
        const { desk } = requireApiKey(parts, request)
        response.json(await desk.templates())
      },
    },
  ]
}
