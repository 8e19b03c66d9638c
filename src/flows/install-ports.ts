/** What installing needs from the world, before there is an install. */

import type { Registered } from '../domain/registration.ts'
import type { ServerFacts, ServerStatement } from '../domain/server-facts.ts'
import type { Clock } from './ports.ts'

/** A host's SMART configuration, as far as an install depends on it. */
export interface SmartFacts {
  tokenEndpoint: string
  authorizationEndpoint?: string
  registrationEndpoint?: string
  capabilities: string[]
}

/** OAuth's own way (RFC 7591 and 7592). Throws `EmrError` with OAuth's code where the host refuses. */
export interface Registrar {
  register(
    endpoint: string,
    clients: { app?: Record<string, unknown>; worker: Record<string, unknown> },
    adminToken?: string,
  ): Promise<Registered>
  /** The clients that could not be taken back. */
  unregister(registered: Registered): Promise<string[]>
}

/** Clients as resources of the host. Throws `EmrError`. */
export interface ResourceRegistrar {
  register(fhirBase: string, resources: ClientResource[], adminToken: string): Promise<Registered>
  /** The references that could not be taken back. */
  unregister(fhirBase: string, made: string[], adminToken: string): Promise<string[]>
}

/** `id` where the host lets us choose it; `as` says which of them is the client's own. */
export interface ClientResource {
  as?: 'app' | 'worker'
  resource: { resourceType: string; id?: string } & Record<string, unknown>
}

/** Throws `EmrError` in each way that a server may fail to say what it is. */
export interface Examiner {
  statement(fhirBase: string): Promise<ServerStatement>
  /** `undefined` where there is no SMART configuration at all. */
  smart(fhirBase: string): Promise<SmartFacts | undefined>
  /** Whether the web process answers at the address that hosts are told. */
  isReachable(url: string): Promise<boolean>
}

/** One server, as somebody or as nobody. */
export interface Way {
  /** The scopes that were granted, where the server says so. Throws `EmrError` with OAuth's code. */
  signIn(): Promise<string[] | undefined>
  probe: Probing
}

export interface SignedUp {
  fhirBase: string
  clientId?: string
  scope?: string
  clientSecret?: string
}

export interface InstallParts {
  examiner: Examiner
  registrar: Registrar
  resourceRegistrar: ResourceRegistrar
  open(place: SignedUp): Way
  /** Progress, one short line each. */
  say(line: string): void
  now: Clock
}

export interface ProbeWish {
  statement: ServerStatement
  role: 'host' | 'store'
  /** Our records are to stand there. */
  keepsRecords: boolean
  /** Of the host, where this is a store beside it. */
  hostBase?: string
  /** What a worker would subscribe to: criteria or topic, and an address of ours that nobody listens at. */
  visits: { criteria: string; topics: string[]; endpoint: string }
  mayRemove(type: string): boolean
  onProbe(probe: ServerFacts['probes'][number]): void
}

export type Probing = (wish: ProbeWish) => Promise<Pick<ServerFacts, 'probes' | 'left'>>
