/**
 * The sandbox EMR's SMART on FHIR server: EHR launch, standalone launch, backend services and registration.
 * https://hl7.org/fhir/smart-app-launch/STU2.2/
 */
import { Router } from 'express'
import { full } from '../likes/full.ts'
import type { ScopeLevel, SmartAbility } from '../likes/like.ts'
import type { Repository } from '../repository.ts'
import { type Access, createAuthorize } from './access.ts'
import { createAuthorizationServer, type GrantContext } from './authorization-server.ts'
import { toClients } from './client-applications.ts'
import { type Clients, createClients, qasidClients } from './clients.ts'
import { createInteractions } from './interactions.ts'
import { createLaunchTokens, type LaunchContext } from './launch-tokens.ts'
import { createRegistrations, type Registrations } from './registrations.ts'
import { grantableScopes } from './scopes.ts'
import { type SmartConfiguration, smartConfiguration } from './smart-configuration.ts'

export interface SmartServerParts {
  /** `http://localhost:8081`; the issuer is `/oauth` below it. */
  origin: string
  fhirUrl: string
  qasidUrl: string
  read: Repository['read']
  /** For the picker of a standalone launch. */
  search: Repository['search']
  /** All that SMART offers when not given. */
  ability?: SmartAbility
  /** The host's own client resources, where it has such. */
  applications?: () => readonly object[]
  now?: () => number
}

/** An app that the chart can open. */
export interface LaunchableApp {
  clientId: string
  name: string
  launchUrl: string
}

export interface SmartServer {
  fhirUrl: string
  /** Mount at the origin, with no body parser before it. */
  router: Router
  smartConfiguration(): SmartConfiguration
  /** A single-use `launch` value for this patient and practitioner (ids), good for five minutes. */
  mintLaunch(context: LaunchContext): string
  authorize(authorization: string | undefined): Promise<Access>
  /** Everybody who can ask for a token now. */
  clients: Clients
  apps(): LaunchableApp[]
}

export function createSmartServer(parts: SmartServerParts): SmartServer {
  const { origin, fhirUrl, now = Date.now, ability = full.smart as SmartAbility, read, search } = parts
  const issuer = `${origin}/oauth`
  const launchTokens = createLaunchTokens(now)
  const contexts = new Map<string, GrantContext>()
  const registrations = registrationsOf(ability, origin, now)
  const clients = clientsOf(parts, ability, registrations)
  const grantable = createGrantable(clients, ability)
  const { provider, publicKey } = createAuthorizationServer({
    ...{ issuer, fhirUrl, clients, grantable, launchTokens, now },
    contextOf: (grantId) => (grantId ? contexts.get(grantId) : undefined),
  })
  const keepContext = (grantId: string, context: GrantContext) => contexts.set(grantId, context)
  const router = Router()
  if (registrations) router.use(registrations.router)
  router.use(
    '/oauth',
    createInteractions({ provider, fhirUrl, launchTokens, grantable, keepContext, read, search }),
  )
  return {
    fhirUrl,
    router,
    smartConfiguration: () => smartConfiguration(issuer, ability, registrations?.endpoint),
    mintLaunch: launchTokens.mint,
    authorize: createAuthorize({ issuer, fhirUrl, publicKey }),
    clients,
    apps: () => appsOf(clients),
  }
}

function registrationsOf(
  { registration }: SmartAbility,
  origin: string,
  now: () => number,
): Registrations | undefined {
  const hasEndpoint = registration === 'rfc7591' || registration === 'openemr'
  return hasEndpoint ? createRegistrations({ origin, dialect: registration, now }) : undefined
}

/** Who registered itself stands first: the chart opens that one, not the one that was there before. */
function clientsOf(parts: SmartServerParts, ability: SmartAbility, registrations?: Registrations): Clients {
  const known = ability.knowsQasid ? qasidClients(parts.qasidUrl) : []
  const { applications = () => [] } = parts
  return createClients([
    () => registrations?.clients() ?? [],
    () => (ability.registration === 'application' ? toClients(applications()) : []),
    () => known,
  ])
}

function createGrantable(clients: Clients, ability: SmartAbility) {
  return (requested: readonly string[], clientId: string): string[] => {
    const client = clients.find(clientId)
    if (!client) return []
    const ofApps: readonly ScopeLevel[] = client.keys ? ['patient', 'user'] : ability.publicLevels
    const levels = client.grants.includes('client_credentials') ? (['system'] as const) : ofApps
    return grantableScopes(requested, { levels, versions: ability.scopes, registered: client.scope })
  }
}

/** One per launch address: a Qasid that registers anew is not shown twice. */
function appsOf(clients: Clients): LaunchableApp[] {
  const apps = new Map<string, LaunchableApp>()
  for (const { id: clientId, name, launchUrl, grants } of clients.all()) {
    if (!launchUrl || !grants.includes('authorization_code') || apps.has(launchUrl)) continue
    apps.set(launchUrl, { clientId, name, launchUrl })
  }
  return [...apps.values()]
}
