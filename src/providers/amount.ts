/** Prices as companies give them, numbers or text, to the decimal strings of ours. Zero is no price: it means "not known yet". */
import type { Money } from '../domain/outcome.ts'

/** The sum of what is given; `undefined` where any of it is no amount, or there is no currency (ISO 4217). */
export function toMoney(given: readonly unknown[], currency: unknown): Money | undefined {
  const amounts = given.map((one) => (typeof one === 'string' && one.trim() ? Number(one) : one))
  if (!amounts.every((one) => typeof one === 'number' && Number.isFinite(one))) return undefined
  // Eight places: finer than any tariff, coarser than what adding binary fractions leaves behind.
  const sum = amounts.reduce<number>((all, one) => all + Number(one), 0).toFixed(8)
  const amount = sum.replace(/\.?0+$/, '')
  if (!/^\d+(\.\d+)?$/.test(amount) || Number(amount) === 0) return undefined
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? { amount, currency } : undefined
}

/** How many SMS it was; `undefined` for what is no count. */
export function toSegments(given: unknown): number | undefined {
  const count = typeof given === 'string' && given.trim() ? Number(given) : given
  return typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : undefined
}
