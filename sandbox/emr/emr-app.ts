/** Puts the EMR together: records, who hears of changes, and what is mounted where. */
import express, { type Express, type RequestHandler } from 'express'
import type { FhirResource } from 'fhir/r4'
import { everything } from './access.ts'
import { createAnswerListener } from './appointment-responses.ts'
import { capabilityStatement } from './capability-statement.ts'
import { createCdsClient } from './cds/cds-client.ts'
import { createFaults } from './faults.ts'
import { createFhirRouter } from './fhir-interactions.ts'
import { type Change, EmrRepository, type Records } from './fhir-repository.ts'
import { createFhirRoutes } from './fhir-routes.ts'
import { createPages } from './pages/pages.ts'
import { createRepository } from './record-repository.ts'
import { createRecordStore } from './record-store.ts'
import { createSearchPages } from './search-page.ts'
import { loadSearchParameters } from './search-parameters.ts'
import { createSmartServer } from './smart/smart-server.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTraffic } from './traffic.ts'
import { createTurns } from './turns.ts'

export interface EmrAppParts {
  url: string
  fhirUrl: string
  qasidUrl: string
  phonesUrl: string
  resources: readonly FhirResource[]
  clock: () => Date
  retryDelays: readonly number[]
}

export interface EmrApp {
  app: Express
  stop(): void
}

export function createEmrApp(parts: EmrAppParts): EmrApp {
  const { url, fhirUrl, qasidUrl, phonesUrl, clock } = parts
  const now = () => clock().getTime()
  loadSearchParameters()
  const { records, listeners } = createRecords(clock, parts.resources)
  const repository = createRepository(new EmrRepository(records, everything))
  const subscriptions = createSubscriptions({ repository, retryDelays: parts.retryDelays })
  listeners.push(subscriptions.hear, createAnswerListener(repository))

  const { read, search } = repository
  const smart = createSmartServer({ origin: url, fhirUrl, qasidUrl, read, search, now })
  const { smartConfiguration, authorize } = smart
  const startedAt = clock()
  const fhirRoutes = createFhirRoutes({
    fhirUrl,
    fhir: createFhirRouter({ fhirUrl, pages: createSearchPages({ fhirUrl }) }),
    records,
    authorize,
    capabilityStatement: () => capabilityStatement({ fhirUrl, smart: smartConfiguration(), startedAt }),
    smartConfiguration,
  })
  const cds = createCdsClient({ origin: url, fhirUrl, qasidUrl, now })
  const faults = createFaults()
  const traffic = createTraffic()

  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use('/oauth', smart.router)
  app.use('/cds', cds.router)
  app.use('/sandbox/faults', faults.routes)
  app.use('/sandbox/traffic', traffic.routes)
  app.use('/fhir', allowBrowsers, traffic.count, faults.strike, fhirRoutes)
  app.use('/', createPages({ repository, smart, cds, qasidUrl, phonesUrl, now }))
  return { app, stop: subscriptions.stop }
}

/** Nobody is told of what was there at the start. */
function createRecords(clock: () => Date, resources: readonly FhirResource[]) {
  const listeners: ((change: Change) => Promise<void>)[] = []
  const records: Records = {
    store: createRecordStore({ now: clock }),
    exclusive: createTurns(),
    async announce(change) {
      for (const hear of listeners) await hear(change)
    },
  }
  for (const resource of resources) {
    if (!resource.id) throw new Error(`A ${resource.resourceType} of the clinic has no id`)
    records.store.put({ ...resource, id: resource.id })
  }
  return { records, listeners }
}

/** Apps live on other origins; the bearer token, not the origin, says what they may do. */
const allowBrowsers: RequestHandler = (request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers': 'Authorization, Accept, Content-Type, If-Match, If-None-Exist, Prefer',
    'Access-Control-Expose-Headers': 'ETag, Location, Content-Location, Last-Modified, WWW-Authenticate',
    'Access-Control-Max-Age': '600',
  })
  if (request.method === 'OPTIONS') response.status(204).end()
  else next()
}
