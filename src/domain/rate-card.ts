/**
 * What messages cost where the company tells no sum: a dated card per provider that the operator keeps, because
 * companies publish their rates and change them.
 */
import { z } from 'zod'
import { type Address, countryOf } from './address.ts'
import type { Channel } from './channel.ts'
import type { Money } from './outcome.ts'
import { type Instant, toIso } from './time.ts'

const decimal = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, { error: 'is no decimal such as "0.0075"' })

const rate = z.strictObject({
  /** ISO 3166 alpha-2, or `*` for all others. */
  market: z.string().regex(/^([A-Z]{2}|\*)$/, { error: 'is neither a country such as AE nor *' }),
  /** `sms`, `email`; for WhatsApp the company's own: `utility`, `service`, `marketing` … */
  category: z.string().regex(/^[a-z][a-z_]{1,40}$/),
  rate: decimal,
  per: z.enum(['message', 'segment']).default('message'),
})

export const rateCard = z.strictObject({
  /** Whose rates these are. */
  provider: z.string().min(1),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** From this day on, UTC; of several cards the latest that has begun counts. */
  effectiveFrom: z.iso.date(),
  rates: z.array(rate).min(1),
})
export type RateCard = z.infer<typeof rateCard>

export interface PriceAsk {
  provider: string
  to: Address
  category: string
  /** For SMS; 1 unless told. */
  segments?: number
  at: Instant
}

/** `undefined` where no card knows it. */
export function priceOf(cards: RateCard[], ask: PriceAsk): Money | undefined {
  const card = cardFor(cards, ask)
  const country = countryOf(ask.to)
  const fitting = card?.rates.filter(({ category }) => category === ask.category) ?? []
  const found =
    fitting.find(({ market }) => market === country) ?? fitting.find(({ market }) => market === '*')
  if (!card || !found) return undefined
  const amount = times(found.rate, found.per === 'segment' ? (ask.segments ?? 1) : 1)
  return { amount, currency: card.currency, source: 'rate-card' }
}

/** Only where the cards know both; equal is not cheaper. */
export function isCheaper(
  cards: RateCard[],
  ask: Omit<PriceAsk, 'category'>,
  { category, than }: { category: string; than: string },
): boolean {
  const price = (one: string) => Number(priceOf(cards, { ...ask, category: one })?.amount ?? Number.NaN)
  return price(category) < price(than)
}

/** What is charged for a channel where the company has no categories; WhatsApp's are told with each message. */
export const plainCategory: Partial<Record<Channel, string>> = { sms: 'sms', email: 'email' }

/** For comparing senders: the price of one message or segment by country. */
export interface Prices {
  currency: string
  /** By country, and `*`. */
  byMarket: Record<string, number>
}

export function pricesOf(
  cards: RateCard[],
  { provider, category, at }: Pick<PriceAsk, 'provider' | 'at'> & { category: string },
): Prices | undefined {
  const card = cardFor(cards, { provider, at })
  const rates = card?.rates.filter((one) => one.category === category) ?? []
  if (!card || rates.length === 0) return undefined
  const byMarket = Object.fromEntries(rates.map(({ market, rate: text }) => [market, Number(text)]))
  return { currency: card.currency, byMarket }
}

function cardFor(
  cards: RateCard[],
  { provider, at }: Pick<PriceAsk, 'provider' | 'at'>,
): RateCard | undefined {
  const today = toIso(at).slice(0, 10)
  return cards
    .filter((card) => card.provider === provider && card.effectiveFrom <= today)
    .toSorted((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))[0]
}

/** Without floating point: `0.0075` × 3 is `0.0225`. */
function times(text: string, count: number): string {
  const [whole = '0', fraction = ''] = text.split('.')
  const digits = String(BigInt(whole + fraction) * BigInt(count)).padStart(fraction.length + 1, '0')
  if (fraction === '') return digits
  return `${digits.slice(0, -fraction.length)}.${digits.slice(-fraction.length)}`
}
