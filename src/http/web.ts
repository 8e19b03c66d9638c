/** The web process: an Express app over a list of routes. What a route needs it is given; it knows no room but its own. */
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { apiRoutes } from './api/api-routes.ts'
import { appRoutes } from './app-files.ts'
import { liveRoutes } from './live.ts'
import { mediaRoutes } from './media.ts'
import { notificationRoutes } from './notifications.ts'
import type { WebParts } from './parts.ts'
import { answerProblem, RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'
import { secureHeaders } from './secure-headers.ts'
import { statusRoutes } from './status.ts'
import { webhookRoutes } from './webhooks.ts'

/** Every route there is; `test/wiring.test.ts` checks that each is guarded, or open for a stated reason. */
export function webRoutes(parts: WebParts): Route[] {
  return [
    ...statusRoutes(parts),
    ...notificationRoutes(parts),
    ...webhookRoutes(parts),
    ...apiRoutes(parts),
    ...liveRoutes(parts),
    ...mediaRoutes(parts),
    ...appRoutes(parts),
  ]
}

export function createWeb(parts: WebParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(secureHeaders(parts))
  for (const route of webRoutes(parts)) {
    const body = route.body === 'raw' ? [express.raw({ type: () => true, limit: route.limit ?? '1mb' })] : []
    const json =
      route.body === 'json' ? [express.json({ limit: route.limit ?? '64kb', type: () => true })] : []
    app[route.method](route.path, ...body, ...json, (request, response) => route.handle(request, response))
  }
  app.use('/app-assets', express.static(`${parts.appFolder}/app-assets`, { maxAge: '1h' }))
  app.use(() => {
    throw new RefusedRequest(404, 'There is nothing at this address.')
  })
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    answerProblem(parts, error, request, response),
  )
  return app
}
