/** The company's record of one message: what a send answers, and what its list holds. Figures in it are strings. */
import { z } from 'zod'
import type { DeliveryEvent, Money } from '../../domain/outcome.ts'
import { type Instant, instant } from '../../domain/time.ts'
import { stateOf, whyFailed } from './meanings.ts'

/** Odd figures do not make a taken message an unknown one. */
const text = z.string().catch('')

export const messageRecord = z.object({
  sid: z.string().regex(/^[A-Z]{2}[0-9a-f]{32}$/i),
  status: text,
  direction: text,
  body: text,
  num_segments: text,
  num_media: text,
  price: text,
  price_unit: text,
  date_created: text,
  date_updated: text,
  messaging_service_sid: text,
  error_code: z.unknown().optional(),
})

export type MessageRecord = z.infer<typeof messageRecord>

/** `0` segments while no sender is chosen; no price until long after the delivery. A charge is negative there. */
export function figuresOf(record: MessageRecord): { segments?: number; cost?: Money } {
  const { num_segments, price, price_unit } = record
  const segments = /^[1-9]\d{0,3}$/.test(num_segments) ? Number(num_segments) : undefined
  const [, amount] = /^-?(\d+(?:\.\d+)?)$/.exec(price) ?? []
  const currency = price_unit.toUpperCase()
  return {
    ...(segments && { segments }),
    ...(amount && /^[A-Z]{3}$/.test(currency) && { cost: { amount, currency } }),
  }
}

/** `undefined` when it says nothing that we know. */
export function toEvent(
  record: MessageRecord,
  attemptId: string,
  otherwise: Instant,
): DeliveryEvent | undefined {
  const state = stateOf(record.status)
  if (!state) return undefined
  return {
    ...{ kind: 'delivery', attemptId, providerId: record.sid, state },
    at: timeOf(record.date_updated) ?? otherwise,
    ...whyFailed(state, record.error_code),
    ...figuresOf(record),
  }
}

/** RFC 2822, by the second: `Fri, 20 Nov 2026 05:00:00 +0000`. */
export function timeOf(rfc2822: string): Instant | undefined {
  const at = Date.parse(rfc2822)
  return Number.isNaN(at) ? undefined : instant(at)
}
