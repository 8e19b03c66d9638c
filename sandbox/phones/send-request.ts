/** What the carrier is asked to carry, its parser, and its price. */
import { z } from 'zod'
import { countSegments } from './segments.ts'

export const phoneChannels = ['sms', 'whatsapp', 'email'] as const
export type PhoneChannel = (typeof phoneChannels)[number]

const schema = z.object({
  channel: z.enum(phoneChannels),
  from: z.string().min(1),
  to: z.string().min(1),
  text: z.string().min(1).max(65_536),
  subject: z.string().optional(),
  correlation: z.string().min(1),
  callbackUrl: z.url({ protocol: /^https?$/ }),
})

export type SendRequest = z.infer<typeof schema>

export type ParsedRequest = { kind: 'request'; request: SendRequest } | { kind: 'malformed'; because: string }

export function parseSendRequest(body: unknown): ParsedRequest {
  const parsed = schema.safeParse(body)
  if (parsed.success) return { kind: 'request', request: parsed.data }
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'body'))]
  return { kind: 'malformed', because: `Missing or not understood: ${fields.join(', ')}` }
}

/** Ten-thousandths of XTS, the currency that ISO 4217 keeps for tests. */
const tariff: Record<PhoneChannel, number> = { sms: 75, whatsapp: 50, email: 1 }

export function priceOf(request: SendRequest): {
  segments: number
  price: { amount: string; currency: string }
} {
  const segments = request.channel === 'sms' ? countSegments(request.text) : 1
  return {
    segments,
    price: { amount: ((tariff[request.channel] * segments) / 10_000).toFixed(4), currency: 'XTS' },
  }
}
