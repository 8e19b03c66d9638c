/** What the web process is made of. `compose` fills it. */
import type { ClinicFacts } from '../contract/api.ts'
import type { InstallReport } from '../contract/report.ts'
import type { Address } from '../domain/address.ts'
import type { AdviceAsk, AdviceGiven } from '../domain/cds-advice.ts'
import type { Channel } from '../domain/channel.ts'
import type { Reference } from '../domain/message-request.ts'
import type { InboundMessage } from '../domain/outcome.ts'
import type { Instant } from '../domain/time.ts'
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

/** `ehr`: the host began it, and knows whose chart is open. `standalone`: we ask the host to let the clinician choose. */
export type LaunchMode = 'ehr' | 'standalone'

export interface PublicKey {
  kid?: string
}

export interface WebInstall {
  id: string
  /** FHIR base URL; a launch's `iss`. */
  fhirBase: string
  /** Where the app talks to the host, as far as it is known by now: FHIR base and token endpoint. */
  origins(): string[]
  /** Absent where the host launches no app. */
  app?: { clientId: string; scopeFor(launch: LaunchMode): Promise<string> }
  /** JWKs of what this install signs with, now and next. */
  publicKeys(): Promise<PublicKey[]>
  frameAncestors: string[]
  /** Of the EMR's own scripts; each opens this install and no other. */
  apiKeys: { id: string; key: string }[]
  /** What those scripts, and only those, may do. */
  desk: MessageDesk
  /** Subscription key → resource type it is about, the secret its notifications carry, and the one they may be signed with. */
  subscriptions: Record<string, { type: string; secret: string; signingSecret?: string }>
  /** Notes that the host called; answers from when on each of these may be looked at. Throws `QueueUnavailable`. */
  hear(key: string, references: Reference[]): Promise<(Instant | undefined)[]>
  senders: WebSender[]
  jobs: Jobs
  tally: Tally
  /** For CDS Hooks. Throws `EmrError` while host or store cannot tell. */
  advise(ask: AdviceAsk): Promise<AdviceGiven>
  subscribe(patient: Reference, listener: (change: { reference: Reference }) => void): Promise<() => void>
  /** Throws `EmrError` while the store cannot tell. */
  clinic(): Promise<ClinicFacts>
  /** What its EMR can do, and how it is now; `undefined` where it was never examined. */
  report(): Promise<InstallReport | undefined>
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
  /** JWKs by install, of those that are being installed and are not served yet: their host fetches the keys first. */
  newKeys(): Promise<Map<string, PublicKey[]>>
  /** Resolved plugin.manifest.json. */
  manifest: unknown
  /** Built app. */
  appFolder: string
  /** Throws `EmrError` while the EMR cannot tell. */
  openMedia: OpenMedia
  /**
   * The installs that may be asked with this token at this address of ours; `undefined` when anything about it is wrong.
   * Throws `EmrError` while the caller's keys cannot be had.
   */
  verifyCdsToken(token: string, audience: string): Promise<string[] | undefined>
  readiness(): Promise<Check[]>
  health(): Promise<{ healthy: boolean; report: unknown }>
  metrics(): Promise<string>
  /** What concerns no install that we know. */
  tally: Tally
  now: Clock
  log: Log
}
