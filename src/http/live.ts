/** `/live`: server-sent references of what changed for the session's patient. The app reads each again from the host. */
import type { LiveChange } from '../contract/api.ts'
import { second } from '../domain/time.ts'
import type { WebParts } from './parts.ts'
import type { Route } from './route.ts'
import { requireSession } from './session-guard.ts'

/** Below the idle timeout of usual proxies. */
const beatsEvery = 15 * second

export function liveRoutes(parts: WebParts): Route[] {
  return [
    {
      method: 'get',
      path: '/live',
      guard: { kind: 'session' },
      async handle(request, response) {
        const { session, install } = await requireSession(parts, request)
        const unsubscribe = await install.subscribe(session.patient, ({ reference }) => {
          response.write(`data: ${JSON.stringify({ reference } satisfies LiveChange)}\n\n`)
        })
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        response.write(': listening\n\n')
        const beat = setInterval(() => response.write(': beat\n\n'), beatsEvery)
        response.on('close', () => {
          clearInterval(beat)
          unsubscribe()
        })
      },
    },
  ]
}
