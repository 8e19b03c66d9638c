/**
 * What a provider is: one company's API behind one or more channels. Every provider file has the same shape, see
 * `sandbox.ts`; every provider runs the same contract suite, `test/contract/provider.ts`.
 */
import type { ZodType } from 'zod'
import type { Address } from '../domain/address.ts'
import type { Submitted, TemplateState, TemplateSubmission } from '../domain/approval.ts'
import { type Channel, channels } from '../domain/channel.ts'
import type { InboundFile, Outcome, ProviderEvent } from '../domain/outcome.ts'
import type { Carries, OutgoingContent } from '../domain/outgoing.ts'
import type { FetchedFile, Health, LookedUp, LookUp, Redaction } from '../domain/question.ts'
import type { Instant } from '../domain/time.ts'

export type { Submitted, TemplateState, TemplateSubmission } from '../domain/approval.ts'
export type { FetchedFile, Health, LookedUp, LookUp, Redaction } from '../domain/question.ts'

/** One message as it goes out: already rendered, already allowed. */
export interface OutgoingMessage {
  /** Travels in the provider's correlation field and in the callback URL. */
  attemptId: string
  channel: Channel
  from: Address
  to: Address
  content: OutgoingContent
  /** The provider's id of the patient's message that this one quotes. */
  replyTo?: string
  /** Absolute; the provider reports what becomes of the message there. */
  callbackUrl: string
}

/** A webhook exactly as it came in; `body` is the raw bytes, `url` the public URL the provider called. */
export interface RawWebhook {
  method: string
  url: string
  headers: Record<string, string | undefined>
  body: Uint8Array
}

export type Verdict = { kind: 'valid' } | { kind: 'refused'; because: string }

/** `malformed` is answered with 400; nothing else in a valid webhook is an error. */
export type Parsed = { kind: 'events'; events: ProviderEvent[] } | { kind: 'malformed'; because: string }

/** An answer that the company dictates. */
export interface DictatedAnswer {
  status: number
  contentType: string
  body: string
}

/** Where wordings are approved. */
export interface TemplateDesk<Credentials> {
  submit(template: TemplateSubmission, credentials: Credentials): Promise<Submitted>
  /** All of the account's, or none when the company cannot be asked. */
  list(
    credentials: Credentials,
  ): Promise<{ kind: 'templates'; templates: TemplateState[] } | { kind: 'unreachable'; code: string }>
}

export interface Provider<Credentials = unknown> {
  /** Stands in install files, metrics and NamingSystems. */
  readonly id: string
  /** What it can carry, by channel. */
  readonly carries: Partial<Record<Channel, Carries>>
  /** NamingSystem of the company's message ids. */
  readonly messageIdSystem: string
  /** The settings form is drawn from it; secrets are marked by `.meta({ secret: true })`. */
  readonly credentials: ZodType<Credentials>
  /** One call, no retry, no logging. Never throws for anything the company can answer. */
  send(message: OutgoingMessage, credentials: Credentials): Promise<Outcome>
  /** What became of a message. Missing where the company has no such question. */
  lookUp?(wanted: LookUp, credentials: Credentials): Promise<LookedUp>
  /** "Test connection": are the credentials right, may this address send? Sends nothing. */
  checkHealth(sender: { channel: Channel; address: Address }, credentials: Credentials): Promise<Health>
  /** A file that a patient sent; `most` is the largest size taken, in bytes. */
  fetchFile?(file: InboundFile, credentials: Credentials, most: number): Promise<FetchedFile>
  /** Of a message in either direction, by the company's id. Missing where the company has no such wish. */
  redact?(providerId: string, credentials: Credentials): Promise<Redaction>
  templates?: TemplateDesk<Credentials>
  /** Over the raw bytes, in constant time. */
  verify(webhook: RawWebhook, credentials: Credentials): Verdict | Promise<Verdict>
  /** `receivedAt` is the time of what carries none. */
  parse(webhook: RawWebhook, receivedAt: Instant, credentials: Credentials): Parsed | Promise<Parsed>
  /** A call that is no event but asks for an answer, proven by its own means; `undefined` when it is not one. */
  handshake?(webhook: RawWebhook, credentials: Credentials): Promise<DictatedAnswer | undefined>
  /** Where the company wants another answer to its events than an empty 200. */
  readonly reply?: DictatedAnswer
  /** The header without which a webhook is not even read, in lower case. */
  readonly signatureHeader?: string
  /** Bytes; 1 MB where the company says nothing larger. */
  readonly largestWebhook?: number
}

export function channelsOf({ carries }: Pick<Provider, 'carries'>): Channel[] {
  return channels.filter((channel) => carries[channel] !== undefined)
}
