/** What the carrier is asked to carry, whichever company's words it came in, and its price. */
import { countSegments } from './segments.ts'

export const phoneChannels = ['sms', 'whatsapp', 'email'] as const
export type PhoneChannel = (typeof phoneChannels)[number]

/** A file that lies on the file shelf. */
export interface CarriedFile {
  /** Of the shelf. */
  id: string
  contentType: string
  name?: string
  /** Bytes. */
  size: number
  /** Hex. */
  sha256?: string
}

export interface Reaction {
  /** Empty: the reaction is taken back. */
  emoji: string
  /** The company's id of the message that it belongs to. */
  toMessage: string
}

export interface SendRequest {
  /** Where the sender gives the id, as in e-mail; else the carrier makes one. */
  id?: string
  channel: PhoneChannel
  from: string
  to: string
  /** Empty for a reaction, a file without a caption, and a template, whose wording the carrier fills in. */
  text: string
  subject?: string
  template?: { name: string; language: string; values: string[] }
  file?: CarriedFile
  reaction?: Reaction
  /** The company's id of the patient's message that this one quotes. */
  replyTo?: string
  /** Missing where the company keeps none. */
  correlation?: string
  /** Missing where the company has one fixed webhook: then it is the sender's `inboundUrl`. */
  callbackUrl?: string
}

/** Ten-thousandths of XTS, the currency that ISO 4217 keeps for tests. */
const tariff: Record<PhoneChannel, number> = { sms: 75, whatsapp: 50, email: 1 }

export function priceOf(request: Pick<SendRequest, 'channel' | 'text'>): {
  segments: number
  price: { amount: string; currency: string }
} {
  const segments = request.channel === 'sms' ? countSegments(request.text) : 1
  return {
    segments,
    price: { amount: ((tariff[request.channel] * segments) / 10_000).toFixed(4), currency: 'XTS' },
  }
}
