/**
 * `/api/chart`: our own records of the session's patient, in FHIR, where they stand beside the host. Whose they are, the
 * session says; what a caller names may only agree with it.
 */
import type { Request, Response } from 'express'
import { type ChartType, chartRequest, chartSearch, chartTypes } from '../../contract/chart.ts'
import { answerFile } from '../file-answer.ts'
import type { WebParts } from '../parts.ts'
import { RefusedRequest } from '../problem.ts'
import type { Route } from '../route.ts'
import { requireSession } from '../session-guard.ts'
import type { SessionFacts } from '../sessions.ts'
import type { ChartDesk } from './chart-desk.ts'

export function chartRoutes(parts: WebParts): Route[] {
  const guard = { kind: 'session' } as const
  return [
    ...chartTypes.flatMap((type): Route[] => [
      {
        ...{ method: 'get', path: `/api/chart/${type}`, guard },
        handle: (request, response) => search(parts, type, request, response),
      },
      {
        ...{ method: 'get', path: `/api/chart/${type}/:id`, guard },
        handle: (request, response) => read(parts, type, request, response),
      },
    ]),
    {
      ...{ method: 'get', path: '/api/chart/Binary/:id', guard },
      handle: (request, response) => open(parts, request, response),
    },
    {
      ...{ method: 'post', path: '/api/chart/CommunicationRequest', guard, body: 'json' },
      admit: (request) => requireChart(parts, request),
      handle: (request, response) => write(parts, request, response),
    },
  ]
}

async function requireChart(
  parts: WebParts,
  request: Request,
): Promise<{ chart: ChartDesk; session: SessionFacts }> {
  const { install, session } = await requireSession(parts, request)
  if (!install.chart) throw new RefusedRequest(404, 'Your EMR keeps these itself: read them there.')
  return { chart: install.chart, session }
}

async function search(parts: WebParts, type: ChartType, request: Request, response: Response): Promise<void> {
  const { chart, session } = await requireChart(parts, request)
  const asked = chartSearch.safeParse(request.query)
  if (!asked.success) throw new RefusedRequest(400, 'This search says something that is not answered here.')
  const { patient, subject, status, _count: count, page: after } = asked.data
  for (const named of [patient, subject])
    if (named !== undefined && toPatient(named) !== session.patient)
      throw new RefusedRequest(403, 'The session is for another patient.')
  answerFhir(response.status(200), await chart.search(type, session.patient, { status, count, after }))
}

async function read(parts: WebParts, type: ChartType, request: Request, response: Response): Promise<void> {
  const { chart, session } = await requireChart(parts, request)
  const resource = await chart.read(type, idIn(request), session.patient)
  if (!resource) throw notThere()
  answerFhir(response.status(200), resource)
}

async function open(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { chart, session } = await requireChart(parts, request)
  const file = await chart.openFile(idIn(request), session.patient)
  if (!file) throw notThere()
  await answerFile(file, request, response)
}

/** Said as FHIR says it, because the same call goes to a host elsewhere. */
async function write(parts: WebParts, request: Request, response: Response): Promise<void> {
  const { chart, session } = await requireChart(parts, request)
  const asked = chartRequest.safeParse(request.body)
  if (!asked.success) return refuse(response, 'This is no message as the app writes it.')
  const { patient, fhirUser: requester } = session
  const written = await chart.write(asked.data, { patient, ...(requester && { requester }) })
  if (written.kind === 'refused') return refuse(response, written.error)
  answerFhir(response.status(written.isNew ? 201 : 200), written.resource)
}

function refuse(response: Response, diagnostics: string): void {
  const issue = [{ severity: 'error', code: 'invalid', diagnostics }]
  answerFhir(response.status(422), { resourceType: 'OperationOutcome', issue })
}

function answerFhir(response: Response, resource: object): void {
  response.set('cache-control', 'no-store').type('application/fhir+json').send(JSON.stringify(resource))
}

function toPatient(named: string): string {
  return named.startsWith('Patient/') ? named : `Patient/${named}`
}

/** What cannot be an id is not asked for. */
function idIn(request: Request): string {
  const { id } = request.params
  if (typeof id !== 'string' || !/^(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}$/.test(id)) throw notThere()
  return id
}

/** The same for what is another patient's. */
function notThere(): RefusedRequest {
  return new RefusedRequest(404, 'There is no such resource.')
}
