/**
 * The sandbox EMR's SMART on FHIR server: EHR launch, standalone launch and backend services, mounted at `/oauth`.
 * https://hl7.org/fhir/smart-app-launch/STU2.2/
 */
import type { Router } from 'express'
import type { Repository } from '../repository.ts'
import { type Access, createAuthorize } from './access.ts'
import { createAuthorizationServer, type GrantContext } from './authorization-server.ts'
import { createInteractions } from './interactions.ts'
import { createLaunchTokens, type LaunchContext } from './launch-tokens.ts'
import { smartConfiguration } from './smart-configuration.ts'

export interface SmartServerParts {
  /** `http://localhost:8081`; the issuer is `/oauth` below it. */
  origin: string
  fhirUrl: string
  qasidUrl: string
  read: Repository['read']
  /** For the picker of a standalone launch. */
  search: Repository['search']
  now?: () => number
}

export interface SmartServer {
  fhirUrl: string
  /** Mount at `/oauth`, with no body parser before it. */
  router: Router
  smartConfiguration(): object
  /** A single-use `launch` value for this patient and practitioner (ids), good for five minutes. */
  mintLaunch(context: LaunchContext): string
  authorize(authorization: string | undefined): Promise<Access>
}

export function createSmartServer(parts: SmartServerParts): SmartServer {
  const { fhirUrl, qasidUrl, now = Date.now } = parts
  const issuer = `${parts.origin}/oauth`
  const launchTokens = createLaunchTokens(now)
  const contexts = new Map<string, GrantContext>()
  const { provider, publicKey } = createAuthorizationServer({
    issuer,
    fhirUrl,
    qasidUrl,
    launchTokens,
    contextOf: (grantId) => (grantId ? contexts.get(grantId) : undefined),
    now,
  })
  return {
    fhirUrl,
    router: createInteractions({
      provider,
      fhirUrl,
      launchTokens,
      keepContext: (grantId, context) => contexts.set(grantId, context),
      read: parts.read,
      search: parts.search,
    }),
    smartConfiguration: () => smartConfiguration(issuer),
    mintLaunch: launchTokens.mint,
    authorize: createAuthorize({ issuer, fhirUrl, publicKey }),
  }
}
