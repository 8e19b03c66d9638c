/**
 * What a provider is: one company's API behind one or more channels. Every provider file has the same shape, see
 * `sandbox.ts`; every provider runs the same contract suite, `test/contract/provider.ts`.
 */
import type { ZodType } from 'zod'
import type { Address } from '../domain/address.ts'
import type { Channel } from '../domain/channel.ts'
import type { Outcome, ProviderEvent } from '../domain/outcome.ts'

/** One message as it goes out: already rendered, already allowed. */
export interface OutgoingMessage {
  /** Travels in the provider's correlation field and in the callback URL. */
  attemptId: string
  channel: Channel
  from: Address
  to: Address
  text: string
  /** E-mail only. */
  subject?: string
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

export interface Provider<Credentials = unknown> {
  /** Stands in install files, metrics and NamingSystems. */
  readonly id: string
  readonly channels: readonly Channel[]
  /** NamingSystem of the company's message ids. */
  readonly messageIdSystem: string
  /** The settings form is drawn from it; secrets are marked by `.meta({ secret: true })`. */
  readonly credentials: ZodType<Credentials>
  /** One call, no retry, no logging. Never throws for anything the company can answer. */
  send(message: OutgoingMessage, credentials: Credentials): Promise<Outcome>
  /** Over the raw bytes, in constant time. */
  verify(webhook: RawWebhook, credentials: Credentials): Verdict
  parse(webhook: RawWebhook): Parsed
}
