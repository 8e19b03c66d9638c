/**
 * How many requests /fhir had since it was last told to forget them, by `METHOD Type` (`Bundle` for batches and
 * transactions). `GET /sandbox/traffic` tells, `DELETE /sandbox/traffic` forgets, both with `sandbox-admin`; requests
 * with the header `x-sandbox-watcher` do not count.
 */
import express, { type RequestHandler, type Router } from 'express'
import { isAdmin } from './access.ts'

export interface Traffic {
  /** Mount at /sandbox/traffic. */
  routes: Router
  /** Mount before /fhir. */
  count: RequestHandler
}

export function createTraffic(): Traffic {
  const counted = new Map<string, number>()
  const routes = express.Router()
  routes.use((request, response, next) => {
    if (isAdmin(request.headers.authorization)) next()
    else response.status(401).json({ error: 'Only sandbox-admin may watch the traffic' })
  })
  routes.get('/', (_request, response) => {
    const requests = [...counted.values()].reduce((sum, one) => sum + one, 0)
    response.json({ requests, by: Object.fromEntries([...counted].toSorted()) })
  })
  routes.delete('/', (_request, response) => {
    counted.clear()
    response.status(204).end()
  })
  return {
    routes,
    count(request, _response, next) {
      if (!request.headers['x-sandbox-watcher']) {
        const key = `${request.method} ${request.path.split('/')[1] || 'Bundle'}`
        counted.set(key, (counted.get(key) ?? 0) + 1)
      }
      next()
    },
  }
}
