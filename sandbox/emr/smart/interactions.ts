/**
 * Between the authorization request and its answer. An EHR launch is answered at once: the practitioner is already
 * working in the EMR and has chosen the patient by opening the chart. A standalone launch asks for both on one page.
 */
import { type NextFunction, type Request, type Response, Router, urlencoded } from 'express'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { z } from 'zod'
import { html } from '../pages/html.ts'
import { plainPage } from '../pages/layout.ts'
import type { Repository } from '../repository.ts'
import { type GrantContext, sessionCookie } from './authorization-server.ts'
import type { LaunchTokens } from './launch-tokens.ts'
import { pickerPage } from './picker-page.ts'
import { contextScopes, splitScope } from './scopes.ts'

export interface InteractionParts {
  provider: Provider
  fhirUrl: string
  launchTokens: LaunchTokens
  grantable: (requested: readonly string[], clientId: string) => string[]
  keepContext: (grantId: string, context: GrantContext) => void
  read: Repository['read']
  search: Repository['search']
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

const choice = z.object({ practitioner: z.string().min(1), patient: z.string().min(1).optional() })

export function createInteractions(parts: InteractionParts): Router {
  const { provider } = parts
  const router = Router()
  router.get('/interaction/:uid', async (request, response) => {
    const details = await provider.interactionDetails(request, response)
    const launch = stringOf(details.params.launch)
    if (launch === undefined) {
      response.type('html').send(await picker(parts, details))
      return
    }
    await finish(parts, request, response, details, parts.launchTokens.redeem(launch))
  })
  router.post('/interaction/:uid', urlencoded({ extended: false }), async (request, response) => {
    const details = await provider.interactionDetails(request, response)
    await finish(parts, request, response, details, choice.safeParse(request.body).data)
  })
  router.use(explainLostInteraction)
  router.use(forgetSession, provider.callback())
  return router
}

async function finish(
  parts: InteractionParts,
  request: Request,
  response: Response,
  details: Details,
  context: GrantContext | undefined,
): Promise<void> {
  const { provider } = parts
  if (!context || !(await isKnown(parts, context, details))) {
    const refusal = { error: 'access_denied', error_description: 'no such patient or practitioner' }
    await provider.interactionFinished(request, response, refusal)
    return
  }
  const grantId = await saveGrant(parts, details, context)
  parts.keepContext(grantId, context)
  await provider.interactionFinished(request, response, {
    login: { accountId: context.practitioner, remember: false },
    consent: { grantId },
  })
}

async function isKnown(parts: InteractionParts, context: GrantContext, details: Details): Promise<boolean> {
  if (!(await parts.read('Practitioner', context.practitioner))) return false
  if (context.patient) return (await parts.read('Patient', context.patient)) !== undefined
  return !needsPatient(details)
}

async function saveGrant(
  { provider, fhirUrl, grantable }: InteractionParts,
  { params }: Details,
  { practitioner }: GrantContext,
): Promise<string> {
  const scopes = grantable(splitScope(stringOf(params.scope)), stringOf(params.client_id) ?? '')
  const grant = new provider.Grant({ accountId: practitioner, clientId: stringOf(params.client_id) })
  grant.addOIDCScope(scopes.filter((scope) => contextScopes.some((known) => known === scope)))
  // The context scopes once more, so that the token response lists all that was granted.
  grant.addResourceScope(fhirUrl, scopes)
  return grant.save()
}

async function picker(parts: InteractionParts, details: Details): Promise<string> {
  const [practitioners, patients] = await Promise.all([
    parts.search('Practitioner'),
    needsPatient(details) ? parts.search('Patient') : [],
  ])
  return pickerPage({ practitioners, patients, action: `/oauth/interaction/${details.uid}` })
}

function needsPatient({ params }: Details): boolean {
  const scopes = splitScope(stringOf(params.scope))
  return scopes.some((scope) => scope === 'launch/patient' || scope.startsWith('patient/'))
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function explainLostInteraction(
  error: unknown,
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (!(error instanceof errors.SessionNotFound)) {
    next(error)
    return
  }
  const text = html`<p>This launch is over or belongs to another browser. Open the app from the chart again.</p>`
  response.status(400).type('html').send(plainPage('This app could not be opened', text))
}

function forgetSession(request: Request, _response: Response, next: NextFunction): void {
  const cookies = request.headers.cookie?.split(';').map((cookie) => cookie.trim()) ?? []
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith(sessionCookie)).join('; ')
  next()
}
