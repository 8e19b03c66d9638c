/** `/api`: what the app asks of us, and what the EMR's own scripts do. `contract/openapi.ts` describes every route. */
import { openApi } from '../../contract/openapi.ts'
import type { WebParts } from '../parts.ts'
import type { Route } from '../route.ts'
import { appApiRoutes } from './app-routes.ts'
import { chartRoutes } from './chart-routes.ts'
import { messageRoutes } from './message-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { senderRoutes } from './sender-routes.ts'
import { templateRoutes } from './template-routes.ts'

export function apiRoutes(parts: WebParts): Route[] {
  return [
    ...appApiRoutes(parts),
    ...reportRoutes(parts),
    ...chartRoutes(parts),
    ...messageRoutes(parts),
    ...senderRoutes(parts),
    ...templateRoutes(parts),
    {
      method: 'get',
      path: '/api/openapi.json',
      guard: { kind: 'open', because: 'it describes the API and holds no secrets' },
      handle(_request, response) {
        response.json(openApi(parts.baseUrl))
      },
    },
  ]
}
