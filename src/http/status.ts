/** How we are, and who we are: `/ready`, `/health`, `/metrics`, the manifest and our public keys. */
import type { WebParts } from './parts.ts'
import type { Route } from './route.ts'

export function statusRoutes(parts: WebParts): Route[] {
  return [
    {
      method: 'get',
      path: '/ready',
      guard: { kind: 'open', because: 'load balancers ask it; it names parts, never contents' },
      async handle(_request, response) {
        const checks = await parts.readiness()
        const ready = checks.every((check) => check.ok)
        response.status(ready ? 200 : 503).json({ ready, checks })
      },
    },
    {
      method: 'get',
      path: '/health',
      guard: { kind: 'open', because: 'monitors ask it; it holds pids, times and counts only' },
      async handle(_request, response) {
        const { healthy, report } = await parts.health()
        response.status(healthy ? 200 : 503).json(report)
      },
    },
    {
      method: 'get',
      path: '/metrics',
      guard: { kind: 'open', because: 'Prometheus asks it; labels come from closed lists' },
      async handle(_request, response) {
        response.type('text/plain; version=0.0.4').send(await parts.metrics())
      },
    },
    {
      method: 'get',
      path: '/plugin.manifest.json',
      guard: { kind: 'open', because: 'hosts read it before they know us' },
      handle(_request, response) {
        response.json(parts.manifest)
      },
    },
    {
      method: 'get',
      path: '/.well-known/jwks.json',
      guard: { kind: 'open', because: 'public keys' },
      handle(_request, response) {
        response.set('cache-control', 'public, max-age=300').json(parts.jwks)
      },
    },
  ]
}
