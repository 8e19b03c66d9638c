/** How we are, and who we are: `/ready`, `/health`, `/metrics`, the manifest and our public keys. */
import type { Response } from 'express'
import type { PublicKey, WebParts } from './parts.ts'
import { RefusedRequest } from './problem.ts'
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
    ...keyRoutes(parts),
  ]
}

/** All keys under the one address that most hosts are given, and each install's own for those that shall see no other. */
function keyRoutes({ installs, newKeys }: Pick<WebParts, 'installs' | 'newKeys'>): Route[] {
  const guard = { kind: 'open', because: 'public keys' } as const
  return [
    {
      ...{ method: 'get', path: '/.well-known/jwks.json', guard },
      async handle(_request, response) {
        const served = await Promise.all(installs.map((one) => one.publicKeys()))
        answerKeys([...served, ...(await newKeys()).values()].flat(), response)
      },
    },
    {
      ...{ method: 'get', path: '/.well-known/jwks/:install.json', guard },
      async handle(request, response) {
        const install = installs.find(({ id }) => id === request.params.install)
        const keys = install
          ? await install.publicKeys()
          : (await newKeys()).get(String(request.params.install))
        if (!keys) throw new RefusedRequest(404, 'There is nothing at this address.')
        answerKeys(keys, response)
      },
    },
  ]
}

/** Installs that took over the same keys share them. */
function answerKeys(all: PublicKey[], response: Response): void {
  const keys = new Map(all.map((key): [string | undefined, PublicKey] => [key.kid, key]))
  response.set('cache-control', 'public, max-age=300').json({ keys: [...keys.values()] })
}
