/**
 * The HTTP face of /fhir: metadata, who is calling, JSON in and out, and the headers R4 asks for (ETag,
 * Location, Last-Modified). What a request means is decided in fhir-interactions.ts.
 */
import {
  badRequest,
  contentTooLarge,
  isOk,
  normalizeOperationOutcome,
  notFound,
  unauthorized,
  unsupportedMediaType,
} from '@medplum/core'
import type { FhirRouter, HttpMethod } from '@medplum/fhir-router'
import type { OperationOutcome } from '@medplum/fhirtypes'
import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import type { BundleEntry, FhirResource } from 'fhir/r4'
import { type Authorize, findAccess } from './access.ts'
import { type Bytes, bytesOf, wantsFhir } from './binary-answer.ts'
import { EmrRepository, type Records } from './fhir-repository.ts'
import { statusOf } from './host-limits.ts'

const fhirJson = 'application/fhir+json; charset=utf-8'

export interface FhirRoutesParts {
  fhirUrl: string
  fhir: FhirRouter
  records: Records
  authorize: Authorize
  capabilityStatement(): object
  /** undefined: this host has no SMART server. */
  smartConfiguration(): object | undefined
}

export function createFhirRoutes(parts: FhirRoutesParts): Router {
  const router = express.Router()
  router.get('/metadata', (_request, response) => {
    response.type(fhirJson).send(JSON.stringify(parts.capabilityStatement()))
  })
  router.get('/.well-known/smart-configuration', (_request, response) => {
    const configuration = parts.smartConfiguration()
    if (configuration) response.json(configuration)
    else sendOutcome(response, notFound)
  })
  // A file of 16 MB is a third longer in base64.
  router.use(express.json({ type: ['json', '+json'], limit: '24mb', strict: true }))
  router.use(express.urlencoded({ extended: false }))
  router.use((request, response) => answer(parts, request, response))
  router.use(answerBadBody)
  return router
}

async function answer(parts: FhirRoutesParts, request: Request, response: Response): Promise<void> {
  const access = await findAccess(request.headers.authorization, parts.authorize)
  if (!access) {
    response.set('WWW-Authenticate', 'Bearer')
    return sendOutcome(response, unauthorized)
  }
  const fault = findBodyFault(request)
  if (fault) return sendOutcome(response, fault)
  const repository = new EmrRepository(parts.records, access)
  const method = (request.method === 'HEAD' ? 'GET' : request.method) as HttpMethod
  const { url, body, headers } = request
  const [outcome, resource] = await parts.fhir.handleRequest(
    { method, url, pathname: '', body, params: {}, query: {}, headers },
    repository,
  )
  if (!resource) return sendOutcome(response, outcome)
  sendResource(
    parts.fhirUrl,
    request,
    response.status(statusOf(outcome)),
    resource as unknown as FhirResource,
  )
}

function findBodyFault(request: Request): OperationOutcome | undefined {
  if (!['POST', 'PUT', 'PATCH'].includes(request.method) || request.body !== undefined) return undefined
  if (Number(request.headers['content-length'] ?? 0) > 0) return unsupportedMediaType
  // A search by POST may have all its parameters in the URL.
  return request.path.endsWith('/_search') ? undefined : badRequest('The request has no body')
}

function sendResource(fhirUrl: string, request: Request, response: Response, resource: FhirResource): void {
  const { versionId, lastUpdated } = resource.meta ?? {}
  const method = request.method === 'HEAD' ? 'GET' : request.method
  if (versionId) response.set('ETag', `W/"${versionId}"`)
  if (lastUpdated) response.set('Last-Modified', new Date(lastUpdated).toUTCString())
  if (versionId && ['POST', 'PUT', 'PATCH'].includes(request.method)) {
    const location = `${fhirUrl}/${resource.resourceType}/${resource.id}/_history/${versionId}`
    response.set('Location', location).set('Content-Location', location)
  }
  const asBytes = resource.resourceType === 'Binary' && method === 'GET' && !wantsFhir(request.get('accept'))
  if (resource.resourceType === 'Bundle') finishEntries(fhirUrl, resource.type, resource.entry ?? [])
  if (asBytes) sendBytes(response, bytesOf(resource))
  else if (versionId && request.get('prefer')?.includes('return=minimal')) response.end()
  else response.type(fhirJson).send(JSON.stringify(resource))
}

/** Whatever was uploaded, no browser runs it under the EMR's own address. */
function sendBytes(response: Response, { contentType, bytes, securityContext }: Bytes): void {
  if (securityContext) response.set('X-Security-Context', securityContext)
  response.set({
    'Content-Type': contentType,
    'Content-Length': String(bytes.length),
    'Content-Security-Policy': 'sandbox',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(bytes)
}

/** Medplum's batch answers carry no ETag, no version and not all statuses; R4 clients count on them. */
function finishEntries(fhirUrl: string, type: string, entries: BundleEntry[]): void {
  if (type !== 'batch-response' && type !== 'transaction-response') return
  for (const { response, resource } of entries) {
    const { versionId, lastUpdated } = resource?.meta ?? {}
    const refused = response?.outcome as OperationOutcome | undefined
    if (response && refused && !isOk(refused)) response.status = String(statusOf(refused))
    if (!response || !resource || !versionId) continue
    response.etag = `W/"${versionId}"`
    response.lastModified = lastUpdated
    response.location = `${fhirUrl}/${resource.resourceType}/${resource.id}/_history/${versionId}`
  }
}

function sendOutcome(response: Response, outcome: OperationOutcome): void {
  const { id: _id, ...body } = outcome
  const status = isOk(outcome) ? 200 : statusOf(outcome)
  response.status(status).type(fhirJson).send(JSON.stringify(body))
}

/** Express says what was wrong with a body by the error's type. */
const answerBadBody: ErrorRequestHandler = (
  error: { type?: string; status?: number },
  _request,
  response,
  _next,
) => {
  if (error.type === 'entity.too.large')
    return sendOutcome(response, contentTooLarge('The body is too large'))
  if (error.type?.startsWith('encoding.') || error.type === 'charset.unsupported') {
    return sendOutcome(response, unsupportedMediaType)
  }
  if (error.status && error.status < 500)
    return sendOutcome(response, badRequest('The body is not valid JSON'))
  return sendOutcome(response, normalizeOperationOutcome(error))
}
