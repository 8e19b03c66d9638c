/**
 * What the flows need from the world. Ports belong to their user: `emr`, `queue` and `providers` fit themselves to
 * these, and `test/fakes` holds in-memory ones that pass the same contract suites.
 */
import type { FhirResource } from 'fhir/r4'
import type { Address } from '../domain/address.ts'
import type { Submitted, TemplateState, TemplateSubmission } from '../domain/approval.ts'
import type { Channel } from '../domain/channel.ts'
import type { Lane } from '../domain/lane.ts'
import type { Reference } from '../domain/message-request.ts'
import type { DeliveryEvent, DeliveryHint, InboundFile, Outcome } from '../domain/outcome.ts'
import type { Carries, OutgoingContent } from '../domain/outgoing.ts'
import type { FetchedFile, Health, LookedUp, LookUp, Redaction } from '../domain/question.ts'
import type { RateCard } from '../domain/rate-card.ts'
import type { Reason } from '../domain/reason.ts'
import type { SenderRecord } from '../domain/sender-health.ts'
import type { CapVerdict, SenderLimits } from '../domain/sender-limits.ts'
import type { ClinicSettings } from '../domain/settings.ts'
import type { Template } from '../domain/template.ts'
import type { Duration, Instant } from '../domain/time.ts'
import type { Emr } from './emr-port.ts'
import type { Feed } from './feed-ports.ts'

export type { Identifier, OpenBinary, ResourceOf, SearchParameters, Stored } from './emr-port.ts'
export { ConflictError, type Emr, EmrError } from './emr-port.ts'

/** Work waiting in Redis: references and codes only, never text, names, numbers or addresses. */
export type Job =
  | { kind: 'plan'; visit: Reference }
  /** Fast where no lane is named. Whose it is, where that is known, saves asking the store one thing after the other. */
  | { kind: 'dispatch'; request: Reference; patient?: Reference; lane?: Lane }
  | { kind: 'send'; request: Reference; patient?: Reference; sender: string; lane: Lane }
  | { kind: 'record'; sender: string; event: DeliveryEvent }
  | { kind: 'answer'; message: Reference }
  /** Of a message that may have left, or of which a company hinted something. */
  | { kind: 'look-up'; attempt: Reference }
  /** The same, where only the company's words for it are known. */
  | { kind: 'hint'; sender: string; hint: DeliveryHint }
  /** A patient's message whose files are still at the company. */
  | { kind: 'fetch'; message: Reference }
  /** A company decided about a template, or soon will. */
  | { kind: 'approvals' }
  /** The host said that something changed, but not what. */
  | { kind: 'sweep' }
  /** A patient's consent changed in the EMR. */
  | { kind: 'consent'; consent: Reference }

export type { Lane }

export interface Jobs {
  /** Adding the same job twice while the first waits is the same as adding it once. */
  add(job: Job, options?: { notBefore?: Instant }): Promise<void>
  addAll(jobs: { job: Job; notBefore?: Instant }[]): Promise<void>
  /** How many jobs wait for one of these senders, for their time, or run. */
  depth(senders: string[]): Promise<number>
  /** Which of these wait, for their turn or their time, or run: adding one of them again would be for nothing. */
  held(jobs: Job[]): Promise<boolean[]>
}

/** References that changed, for screens that are open. */
export interface LiveFeed {
  publish(change: { patient: Reference; reference: Reference }): Promise<void>
}

/** A number or mailbox that we may write from, ready to use. */
export interface Sender {
  id: string
  channel: Channel
  address: Address
  /** Whose API it goes through. */
  provider: string
  /** NamingSystem of its provider's message ids. */
  messageIdSystem: string
  carries: Carries
  /** ISO 3166 alpha-2 of the numbers that it may write to; absent means all. */
  countries?: string[]
  /** Calls, or segments, that its company takes in a second; 1 where nobody says. */
  perSecond?: number
  /** Beside its speed. */
  limits?: SenderLimits
  /** Its share beside other senders of the channel; 1 unless the admin says otherwise. */
  weight: number
  /** "Test connection"; sends nothing. */
  checkHealth(): Promise<Health>
  /** Missing where the company has no such question. */
  lookUp?(wanted: Omit<LookUp, 'channel' | 'from'>): Promise<LookedUp>
  fetchFile?(file: InboundFile, most: number): Promise<FetchedFile>
  /** By the company's id of a message in either direction. Missing where the company keeps what it has. */
  redact?(providerId: string): Promise<Redaction>
  desk?: {
    submit(template: TemplateSubmission): Promise<Submitted>
    list(): Promise<{ kind: 'templates'; templates: TemplateState[] } | { kind: 'unreachable'; code: string }>
  }
  send(message: {
    attemptId: string
    to: Address
    content: OutgoingContent
    replyTo?: string
  }): Promise<Outcome>
}

/** What the clinic decided, as the store holds it; may lag behind a change by seconds. */
export interface ClinicShelf {
  settings(): Promise<ClinicSettings>
  /** The active template with this name, newest version. */
  templateByName(name: string): Promise<Template | undefined>
  /** The very version that a message pins, `url|version`. */
  templateByCanonical(canonical: string): Promise<Template | undefined>
  /** What we changed ourselves is read anew at once. */
  forgetTemplates(): void
}

/** How the senders fare, for all processes of an install; a hint that may be lost, never the truth about a message. */
export interface SenderBoard {
  read(): Promise<Record<string, SenderRecord>>
  /** Reads, changes and writes one record; `undefined` from `change` leaves it. */
  change(
    sender: string,
    change: (record: SenderRecord | undefined) => SenderRecord | undefined,
  ): Promise<void>
}

/**
 * The speed of each sender, kept for all processes together: in no second do its calls cost more segments than its company
 * allows. Rejects while nobody can tell; then nothing may be called.
 */
export interface Pace {
  /** How long a message that comes now would wait; asked before its facts are read, so that they are fresh at the call. */
  expect(ask: { sender: string; lane: Lane }): Promise<{ wait: Duration; isTooLong: boolean }>
  /** Asked just before the call. Answers `go` when it is to be made, at once; `later` at once where that is too far off. */
  turn(ask: PaceAsk): Promise<PaceAnswer>
  /** The company said too fast: nobody gets a turn for so long. */
  rest(sender: string, waitFor: Duration): Promise<void>
}
export interface PaceAsk {
  sender: string
  lane: Lane
  /** In segments; 1 for what has none. */
  cost: number
}
export type PaceAnswer = { kind: 'go' } | { kind: 'later'; waitFor: Duration }

/**
 * What each sender has used of its company's caps, for all processes together; when nothing is known, as after a wipe of
 * Redis, it is first read from the store. Rejects while nobody can tell; then nothing may be called.
 */
export interface Caps {
  /** Whether the sender may write to this person now; uses nothing. */
  judge(use: CapUse): Promise<CapVerdict>
  /** The same, and uses it up in one step: of two who ask at once for the last place one gets it. */
  take(
    use: CapUse,
  ): Promise<{ kind: 'taken'; giveBack(): Promise<void> } | Exclude<CapVerdict, { kind: 'free' }>>
}
export interface CapUse {
  sender: string
  to: Address
  /** It begins a conversation in the company's eyes: nobody wrote within its window. */
  opens: boolean
}

/** Makes the short-lived address at which a company may fetch one file for one attempt. */
export type OfferFile = (offer: { attemptId: string; file: Reference }) => string

export type Clock = () => Instant

/** Codes and references only; the type has no room for anything else. */
export interface Log {
  info(what: string, facts?: LogFacts): void
  warn(what: string, facts?: LogFacts): void
  error(what: string, facts?: LogFacts & { cause?: unknown }): void
}
export interface LogFacts {
  reference?: Reference
  reason?: Reason
  code?: string
  count?: number
  tookFor?: Duration
}

/** Counted facts; names and label values come from closed lists. */
export interface Tally {
  count(
    what:
      | 'planned'
      | 'dispatched'
      | 'sent'
      | 'not_sent'
      | 'received'
      | 'delivery'
      | 'unplannable'
      | 'language'
      | 'refused'
      | 'advised'
      | 'written_back',
    label: string,
    by?: number,
  ): void
}

/** What becomes of a job; a thrown error is tried again with backoff. */
export type JobResult =
  | { kind: 'done' }
  /** Put back until then; no attempt is burned. */
  | { kind: 'later'; at: Instant }
  /** Put back, and slow this sender only, on both lanes or on the one named; no attempt is burned. */
  | { kind: 'slow-down'; waitFor: Duration; lane?: Lane }

/** https://hl7.org/fhir/R4/valueset-type-restful-interaction.html */
export type HostInteraction = 'read' | 'search-type' | 'create' | 'update'

/** Everything a flow gets for one install. */
export interface World {
  install: string
  host: Emr
  store: Emr
  /** The store is another server beside the host. */
  isSidecar: boolean
  /** What the host says of itself; whether our token may, it says only when asked. Rejects with `EmrError` while it does not say. */
  hostCan(interaction: HostInteraction, type: FhirResource['resourceType']): Promise<boolean>
  /** Whether it lists this search parameter. */
  hostFindsBy(parameter: string, type: FhirResource['resourceType']): Promise<boolean>
  feed: Feed
  clinic: ClinicShelf
  jobs: Jobs
  live: LiveFeed
  senders: Sender[]
  board: SenderBoard
  pace: Pace
  caps: Caps
  offerFile: OfferFile
  /** The operator's; empty where companies tell what they charge. */
  rateCards: RateCard[]
  now: Clock
  /** Another word each time, that nobody can guess. */
  mint(): string
  log: Log
  tally: Tally
}
