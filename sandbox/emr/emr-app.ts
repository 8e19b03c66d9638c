/** Puts the EMR together as the host that it is like: records, who hears of changes, and what is mounted where. */
import express, { type Express, type RequestHandler } from 'express'
import type { FhirResource } from 'fhir/r4'
import { type Authorize, everything } from './access.ts'
import { createAnswerListener } from './appointment-responses.ts'
import { capabilityStatement } from './capability-statement.ts'
import { createCdsClient } from './cds/cds-client.ts'
import { createFaults, tokenPath } from './faults.ts'
import { createFhirRouter } from './fhir-interactions.ts'
import { type Change, EmrRepository, type Records } from './fhir-repository.ts'
import { createFhirRoutes } from './fhir-routes.ts'
import type { Like } from './likes/like.ts'
import { createPages } from './pages/pages.ts'
import { createRepository } from './record-repository.ts'
import { createRecordStore } from './record-store.ts'
import type { Repository } from './repository.ts'
import { createSandboxRecords } from './sandbox-records.ts'
import { createSearchPages } from './search-page.ts'
import { loadSearchParameters } from './search-parameters.ts'
import { createSmartServer, type SmartServer } from './smart/smart-server.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTraffic } from './traffic.ts'
import { createTurns } from './turns.ts'
import { inUtc } from './utc-times.ts'

export interface EmrAppParts {
  url: string
  fhirUrl: string
  qasidUrl: string
  phonesUrl: string
  like: Like
  resources: readonly FhirResource[]
  clock: () => Date
  retryDelays: readonly number[]
}

export interface EmrApp {
  app: Express
  stop(): void
}

export function createEmrApp(parts: EmrAppParts): EmrApp {
  const { qasidUrl, phonesUrl, clock, like } = parts
  const now = () => clock().getTime()
  loadSearchParameters()
  const { records, listeners } = createRecords(parts)
  const emr = new EmrRepository(records, everything)
  const repository = createRepository(emr)
  const form = like.notifications
  const subscriptions =
    form === 'none' ? undefined : createSubscriptions({ repository, retryDelays: parts.retryDelays, form })
  if (subscriptions) listeners.push(subscriptions.hear)
  listeners.push(createAnswerListener(repository))

  const smart = createSmart(parts, records, repository, now)
  const cds = createCdsClient({ origin: parts.url, fhirUrl: parts.fhirUrl, qasidUrl, now })
  const faults = createFaults()
  const traffic = createTraffic()
  const clients = () => smart?.clients.all() ?? []

  const app = express()
  app.disable('x-powered-by').disable('etag')
  if (smart) app.use(tokenPath, faults.strike).use(smart.router)
  app.use('/cds', cds.router)
  app.use('/sandbox/faults', faults.routes)
  app.use('/sandbox/traffic', traffic.routes)
  app.use('/sandbox/records', createSandboxRecords({ store: records.store, emr, like, clients }))
  app.use('/fhir', allowBrowsers, traffic.count, faults.strike, createFhir(parts, records, smart, now))
  app.use('/', createPages({ repository, smart, cds, like, qasidUrl, phonesUrl, now }))
  return { app, stop: () => subscriptions?.stop() }
}

function createFhir(
  { fhirUrl, like, clock }: EmrAppParts,
  records: Records,
  smart: SmartServer | undefined,
  now: () => number,
): RequestHandler {
  const startedAt = clock()
  const pages = createSearchPages({ fhirUrl, reusedFor: like.searchesReusedFor, now })
  return createFhirRoutes({
    fhirUrl,
    fhir: createFhirRouter({ fhirUrl, pages, like }),
    records,
    authorize: smart?.authorize ?? allowAnybody,
    capabilityStatement: () =>
      capabilityStatement({ fhirUrl, like, smart: smart?.smartConfiguration(), startedAt }),
    smartConfiguration: () => smart?.smartConfiguration(),
  })
}

/** A host without security of its own serves whoever reaches it. */
const allowAnybody: Authorize = async () => ({ kind: 'allowed', ...everything })

function createSmart(
  { url, fhirUrl, qasidUrl, like }: EmrAppParts,
  { store }: Records,
  { read, search }: Repository,
  now: () => number,
): SmartServer | undefined {
  if (like.smart === 'none') return undefined
  const applications = () => store.search('ClientApplication', [])
  return createSmartServer({
    ...{ origin: url, fhirUrl, qasidUrl, read, search, now, applications },
    ability: like.smart,
  })
}

/** Nobody is told of what was there at the start; what this host has no type for is not there. */
function createRecords({ clock, like, resources }: EmrAppParts) {
  const listeners: ((change: Change) => Promise<void>)[] = []
  let lastId = 0
  const records: Records = {
    store: createRecordStore({ now: clock, ...(like.utcOnly && { rewrite: inUtc }) }),
    exclusive: createTurns(),
    async announce(change) {
      for (const hear of listeners) await hear(change)
    },
    ...(like.ids === 'number' && { newId: () => String(++lastId) }),
  }
  for (const resource of resources) {
    if (!resource.id) throw new Error(`A ${resource.resourceType} of the clinic has no id`)
    if (resource.resourceType in like.types) records.store.put({ ...resource, id: resource.id })
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
