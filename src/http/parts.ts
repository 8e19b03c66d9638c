/** What the web process is made of. `compose` fills it. */
import type { ClinicFacts } from '../contract/api.ts'
import type { Address } from '../domain/address.ts'
import type { Channel } from '../domain/channel.ts'
import type { Reference } from '../domain/message-request.ts'
import type { InboundMessage } from '../domain/outcome.ts'
import type { Clock, Jobs, Log, Tally } from '../flows/ports.ts'
import type { Provider } from '../providers/provider.ts'
import type { ChartDesk } from './api/chart-desk.ts'
import type { MessageDesk } from './api/message-desk.ts'
import type { FileAnswer } from './file-answer.ts'
import type { Sessions } from './sessions.ts'

export interface WebSender {
  id: string
  channel: Channel
  address: Address
  provider: Provider
  credentials: unknown
  /** Resolves when the message is in the store; throws `EmrError` while it cannot be. */
  receive(event: InboundMessage): Promise<unknown>
}

export interface WebInstall {
  id: string
  /** FHIR base URL; a launch's `iss`. */
  fhirBase: string
  /** Where the app talks to the host, as far as it is known by now: FHIR base and token endpoint. */
  origins(): string[]
  /** Absent where the host launches no app. */
  app?: { clientId: string; scope: string }
  frameAncestors: string[]
  /** Of the EMR's own scripts; each opens this install and no other. */
  apiKeys: { id: string; key: string }[]
  /** What those scripts, and only those, may do. */
  desk: MessageDesk
  /** Subscription key → resource type it is about, and the secret its notifications carry. */
  subscriptions: Record<string, { type: string; secret: string }>
  senders: WebSender[]
  jobs: Jobs
  tally: Tally
  subscribe(patient: Reference, listener: (change: { reference: Reference }) => void): Promise<() => void>
  /** Throws `EmrError` while the store cannot tell. */
  clinic(): Promise<ClinicFacts>
  /**
   * Signature, issuer, audience and expiry against the host's keys; `undefined` when any of them is wrong. Throws
   * `EmrError` while the host cannot give its keys.
   */
  verifyIdToken(idToken: string): Promise<{ subject: string; fhirUser?: string } | undefined>
  /** What is ours of the patients' charts, where it stands beside the host; absent where the app reads it from the host. */
  chart?: ChartDesk
}

export interface Check {
  /** `redis`, `store sample-clinic` … */
  name: string
  ok: boolean
}

/** What a link to a file leads to. `foreign`: it is none of ours. `gone`: its time is over, or its file is. */
export type OpenedMedia = { kind: 'file'; file: FileAnswer } | { kind: 'gone' } | { kind: 'foreign' }
export type OpenMedia = (token: string) => Promise<OpenedMedia>

export interface WebParts {
  baseUrl: string
  installs: WebInstall[]
  sessions: Sessions
  /** Resolved plugin.manifest.json. */
  manifest: unknown
  jwks: { keys: unknown[] }
  /** Built app. */
  appFolder: string
  /** Throws `EmrError` while the EMR cannot tell. */
  openMedia: OpenMedia
  readiness(): Promise<Check[]>
  health(): Promise<{ healthy: boolean; report: unknown }>
  metrics(): Promise<string>
  /** What concerns no install that we know. */
  tally: Tally
  now: Clock
  log: Log
}
