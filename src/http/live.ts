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
        let isOpen = false
        const unsubscribe = await install.subscribe(session.patient, ({ reference }) => {
          // Whoever connects reads everything anew, so nothing is missed before this.
          if (isOpen) response.write(`data: ${JSON.stringify({ reference } satisfies LiveChange)}\n\n`)
        })
        // Who left while we were not yet listening has closed already, and will not close again.
        if (response.destroyed) return unsubscribe()
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        isOpen = true
        response.write(': listening\n\n')
        const beat = setInterval(async () => {
          const stillKnown = await requireSession(parts, request).catch(() => undefined)
          // A stream must not outlive the session that opened it.
          if (stillKnown) response.write(': beat\n\n')
          else response.end()
        }, beatsEvery)
        response.on('close', () => {
          clearInterval(beat)
          unsubscribe()
        })
      },
    },
  ]
}
