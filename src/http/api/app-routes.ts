/** What the app asks of us. It talks FHIR to the host by itself. */
import { nudge, type Session, sessionRequest } from '../../contract/api.ts'
import type { WebParts } from '../parts.ts'
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
      handle(request, response) {
        const install = findByIssuer(parts, request.query.iss)
        if (!install.app)
          throw new RefusedRequest(
            404,
            'Messages is not registered in this EMR: the install is not finished.',
          )
        response.json(install.app)
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

function findByIssuer(parts: WebParts, iss: unknown) {
  const wanted = typeof iss === 'string' ? iss.replace(/\/+$/, '') : undefined
  const install = parts.installs.find((one) => one.fhirBase.replace(/\/+$/, '') === wanted)
  if (!install) throw new RefusedRequest(404, 'Qasid is not installed in this EMR.')
  return install
}
