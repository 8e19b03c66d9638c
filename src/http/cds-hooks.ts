/**
 * `/cds-services`: CDS Hooks 2.0 (https://cds-hooks.hl7.org/2.0/). The EMR asks while its user waits: what is not known in
 * time gives no card, and neither does an EMR that does not answer us; only a caller who is not believed gets an error.
 */
import { randomUUID } from 'node:crypto'
import type { Request, Response } from 'express'
import {
  type Card,
  type CdsService,
  cdsServices,
  feedbackRequest,
  type HookRequest,
  hookRequests,
  toCard,
} from '../contract/cds-hooks.ts'
import { type ReadBody, readBody } from '../contract/read-body.ts'
import type { AdviceAsk, AdviceGiven } from '../domain/cds-advice.ts'
import { EmrError } from '../flows/ports.ts'
import type { WebInstall, WebParts } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'

const path = '/cds-services'

/** Milliseconds for reading and deciding; the EMR's user waits 500 at most. */
const answersWithin = 400

/** Bytes. An EMR sends what it likes beside what we read. */
const largestCall = 512 * 1024

export function cdsHookRoutes(parts: WebParts): Route[] {
  /** Who may ask about which installs: a token is good for one look. */
  const admitted = new WeakMap<Request, string[]>()
  const admit = async (request: Request) => void admitted.set(request, await findCaller(parts, request))
  const installsOf = (request: Request) => admitted.get(request) ?? []
  const guarded = { guard: { kind: 'cds-token' }, admit, body: 'json', limit: () => largestCall } as const
  return [
    {
      ...{
        method: 'get',
        path,
        guard: { kind: 'open', because: 'EMRs read it before they call; it lists services' },
      },
      handle: (_request, response) => void mayBeRead(response).json({ services: cdsServices }),
    },
    ...[path, `${path}/:id`, `${path}/:id/feedback`].map(toPreflight),
    {
      ...{ method: 'post', path: `${path}/:id`, ...guarded },
      handle: (request, response) => call(parts, installsOf(request), request, response),
    },
    {
      ...{ method: 'post', path: `${path}/:id/feedback`, ...guarded },
      handle: (request, response) => takeFeedback(parts, installsOf(request), request, response),
    },
  ]
}

/** Some EMRs call from the browser; the token, not the origin, says who it is. */
function toPreflight(path: string): Route {
  return {
    method: 'options',
    path,
    guard: { kind: 'open', because: 'browsers ask it before they call' },
    handle(_request, response) {
      mayBeRead(response).set({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '600',
      })
      response.status(204).end()
    },
  }
}

function mayBeRead(response: Response): Response {
  return response.set('access-control-allow-origin', '*')
}

/** Throws `RefusedRequest` 401 unless a listed EMR signed this very call. */
async function findCaller(parts: WebParts, request: Request): Promise<string[]> {
  const token = /^Bearer ([\w.-]{1,8192})$/i.exec(request.headers.authorization ?? '')?.[1]
  const installs = token && (await parts.verifyCdsToken(token, `${parts.baseUrl}${request.path}`))
  return installs || refuse(parts, 401, 'token', 'The call is not signed by an EMR that is listed here.')
}

async function call(
  parts: WebParts,
  installs: string[],
  request: Request,
  response: Response,
): Promise<void> {
  const service = findService(parts, request)
  const schema = hookRequests[service.hook]
  const asked: HookRequest = heard(parts, readBody<HookRequest>(schema, request.body, 'A call'))
  const install = chooseInstall(parts, installs, asked.fhirServer)
  const given = await inTime(install, toAsk(asked))
  for (const { kind } of given?.advice ?? []) install.tally.count('advised', kind)
  if (given?.advice.length === 0) install.tally.count('advised', 'none')
  mayBeRead(response).json({ cards: toCards(parts, given) })
}

function findService(parts: WebParts, request: Request): CdsService {
  const service = cdsServices.find(({ id }) => id === request.params.id)
  return service ?? refuse(parts, 404, 'unknown', 'There is no such service.')
}

function heard<T>(parts: WebParts, read: ReadBody<T>): T {
  return read.kind === 'read' ? read.value : refuse(parts, 400, 'malformed', read.error)
}

/** The one whose FHIR base the EMR names. What installs there are is nobody's business. */
function chooseInstall(parts: WebParts, installs: string[], fhirServer: string | undefined): WebInstall {
  const own = parts.installs.filter(({ id }) => installs.includes(id))
  const named = own.filter(
    ({ fhirBase }) => fhirServer === undefined || withoutSlash(fhirBase) === withoutSlash(fhirServer),
  )
  const [install, another] = named
  return install && !another ? install : refuse(parts, 403, 'install', 'This EMR is not served here.')
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '')
}

function toAsk(asked: HookRequest): AdviceAsk {
  const patient = `Patient/${asked.context.patientId}`
  if (asked.hook === 'patient-view') return { hook: asked.hook, patient }
  return { hook: asked.hook, patient, appointments: asked.context.appointments.entry }
}

/** `undefined` when it was not known in time, or could not be. */
async function inTime({ advise, tally }: WebInstall, ask: AdviceAsk): Promise<AdviceGiven | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(resolve, answersWithin, 'late')
  const asked = advise(ask).catch((error: unknown) => {
    if (error instanceof EmrError) return 'unknown' as const
    throw error
  })
  try {
    const given = await Promise.race([asked, late])
    if (typeof given !== 'string') return given
    // It may yet end, and nobody waits for it.
    asked.catch(() => undefined)
    tally.count('advised', given)
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function toCards({ baseUrl }: WebParts, given: AdviceGiven | undefined): Card[] {
  if (!given) return []
  const { advice, language } = given
  return advice.map((one) => toCard(one, { language, baseUrl, uuid: randomUUID() }))
}

/** Counted, and nothing else: which card, whose, and why stay where they are. */
function takeFeedback(parts: WebParts, installs: string[], request: Request, response: Response): void {
  findService(parts, request)
  const { feedback } = heard(parts, readBody(feedbackRequest, request.body, 'Feedback'))
  const [install, another] = parts.installs.filter(({ id }) => installs.includes(id))
  const { tally } = install && !another ? install : parts
  for (const { outcome } of feedback) tally.count('advised', `feedback-${outcome}`)
  mayBeRead(response).status(200).end()
}

function refuse({ tally }: Pick<WebParts, 'tally'>, status: number, label: string, sentence: string): never {
  tally.count('refused', `cds-${label}`)
  throw new RefusedRequest(status, sentence)
}
