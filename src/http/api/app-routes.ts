/** What the app asks of us. It talks FHIR to the host by itself. */
import { type LaunchClient, nudge, type Session, sessionRequest } from '../../contract/api.ts'
import type { WebInstall, WebParts } from '../parts.ts'
import { RefusedRequest } from '../problem.ts'
import type { Route } from '../route.ts'
import { requireSession } from '../session-guard.ts'
import { openSession } from './chart-session.ts'

export function appApiRoutes(parts: WebParts): Route[] {
  return [
    {
      method: 'get',
      path: '/api/launch-check',
      guard: {
        kind: 'open',
        because: 'before a launch nobody is known; it answers only for hosts we are installed in',
      },
      async handle(request, response) {
        const { iss, launch } = request.query
        const { fhirBase, app } =
          iss === undefined ? theOnlyInstall(parts.installs) : findByIssuer(parts, iss)
        if (!app)
          throw new RefusedRequest(
            404,
            'Messages is not registered in this EMR: the install is not finished.',
          )
        const scope = await app.scopeFor(launch === 'standalone' ? 'standalone' : 'ehr')
        // The host compares `aud` with what it told us itself.
        response.json({
          iss: typeof iss === 'string' ? iss : fhirBase,
          clientId: app.clientId,
          scope,
        } satisfies LaunchClient)
      },
    },
    {
      method: 'post',
      path: '/api/session',
      guard: { kind: 'open', because: 'the host’s id_token in the body is the proof' },
      body: 'json',
      async handle(request, response) {
        const asked = sessionRequest.safeParse(request.body)
        if (!asked.success) throw new RefusedRequest(400, 'A session needs iss, idToken and patient.')
        const install = findByIssuer(parts, asked.data.iss)
        const opened = await openSession(parts, install, asked.data)
        const clinic = await install.clinic()
        const chart = install.chart ? 'gateway' : 'host'
        response.status(201).json({ ...opened, install: install.id, clinic, chart } satisfies Session)
      },
    },
    {
      method: 'post',
      path: '/api/nudge',
      guard: { kind: 'session' },
      admit: (request) => requireSession(parts, request),
      body: 'json',
      async handle(request, response) {
        const { install, session } = await requireSession(parts, request)
        const asked = nudge.safeParse(request.body)
        if (!asked.success || !asked.data.request.startsWith('CommunicationRequest/'))
          throw new RefusedRequest(400, 'A nudge names one CommunicationRequest.')
        const { patient } = session
        await install.jobs.add({ kind: 'dispatch', request: asked.data.request, patient })
        response.status(202).end()
      },
    },
  ]
}

function findByIssuer(parts: WebParts, iss: unknown): WebInstall {
  const wanted = typeof iss === 'string' ? comparable(iss) : undefined
  const install = wanted && parts.installs.find((one) => comparable(one.fhirBase) === wanted)
  if (!install) throw new RefusedRequest(404, 'Qasid is not installed in this EMR.')
  return install
}

/** Which they are is for nobody to ask: whoever belongs to one has its link. */
function theOnlyInstall([first, ...others]: WebInstall[]): WebInstall {
  if (first && others.length === 0) return first
  throw new RefusedRequest(409, 'Several EMRs are connected here: launch with the iss of yours.')
}

/**
 * The letters of scheme and host name count alike, and one slash at the end for none; all else to the letter, because
 * what a browser would make of the rest is not what the host made its tokens for.
 */
function comparable(base: string): string | undefined {
  const [, origin, path] = /^(https?:\/\/[^/?#@\\\s]+)([^?#\s]*)$/i.exec(base) ?? []
  return origin === undefined ? undefined : `${origin.toLowerCase()}${path?.replace(/\/$/, '')}`
}
