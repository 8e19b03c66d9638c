/** `/api/report`: what the session's EMR can do, and how its install is now. */
import type { InstallReport } from '../../contract/report.ts'
import type { WebParts } from '../parts.ts'
import { RefusedRequest } from '../problem.ts'
import type { Route } from '../route.ts'
import { requireSession } from '../session-guard.ts'

export function reportRoutes(parts: WebParts): Route[] {
  return [
    {
      method: 'get',
      path: '/api/report',
      guard: { kind: 'session' },
      async handle(request, response) {
        const { install } = await requireSession(parts, request)
        const report = await install.report()
        if (!report) throw new RefusedRequest(404, 'This EMR was never examined: run qasid doctor.')
        response.set('cache-control', 'no-store').json(report satisfies InstallReport)
      },
    },
  ]
}
