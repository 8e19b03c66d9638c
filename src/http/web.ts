/** The web process: an Express app over a list of routes. What a route needs it is given; it knows no room but its own. */
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { apiRoutes } from './api/api-routes.ts'
import { appRoutes } from './app-files.ts'
import { cdsHookRoutes } from './cds-hooks.ts'
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
    ...cdsHookRoutes(parts),
    ...appRoutes(parts),
  ]
}

export function createWeb(parts: WebParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(secureHeaders(parts))
  app.use((request, _response, next) => {
    // A proxy's form names a host of its own choice, and `*` no path at all.
    if (!request.url.startsWith('/')) throw new RefusedRequest(400, 'The request line names no path of ours.')
    next()
  })
  for (const route of webRoutes(parts))
    app[route.method](route.path, ...hearing(route), (request, response) => route.handle(request, response))
  app.use('/app-assets', express.static(`${parts.appFolder}/app-assets`, { maxAge: '1h' }))
  app.use(() => {
    throw new RefusedRequest(404, 'There is nothing at this address.')
  })
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    answerProblem(parts, error, request, response),
  )
  return app
}

/** First who calls, then what is said: nothing is read from a stranger. */
function hearing({ admit, guard, body, limit }: Route): RequestHandler[] {
  const admitted: RequestHandler = async (request, _response, next) => {
    await admit?.(request)
    next()
  }
  const type = () => true
  // A signature is over the bytes as they came; a few of them, packed, would be many before it could be checked.
  const inflate = guard.kind !== 'provider-signature'
  const read: RequestHandler = (request, response, next) => {
    const reader =
      body === 'raw'
        ? express.raw({ type, limit: limit?.(request) ?? 1024 * 1024, inflate })
        : express.json({ type, limit: limit?.(request) ?? 64 * 1024 })
    reader(request, response, next)
  }
  return [...(admit ? [admitted] : []), ...(body ? [read] : [])]
}
