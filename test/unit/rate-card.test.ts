import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCheaper, priceOf, type RateCard, rateCard } from '../../src/domain/rate-card.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { address } from '../people.ts'

const card = (
  effectiveFrom: string,
  rate: string,
  more: Partial<RateCard['rates'][number]> = {},
): RateCard => ({
  ...{ provider: 'carrier', currency: 'XTS', effectiveFrom },
  rates: [
    { market: 'AE', category: 'sms', rate, per: 'segment', ...more },
    { market: '*', category: 'sms', rate: '1', per: 'segment' },
  ],
})
const dubai = address('+971501234567')
const at = (text: string) => parseInstant(text) ?? (0 as never)
const ask = { provider: 'carrier', to: dubai, category: 'sms', at: at('2026-11-20T08:00:00Z') }

describe('a price', () => {
  it('is the country’s, times the segments', () => {
    expect(priceOf([card('2026-01-01', '0.0075')], { ...ask, segments: 3 })).toEqual({
      ...{ amount: '0.0225', currency: 'XTS', source: 'rate-card' },
    })
  })

  it('is that of all others where the country has none', () => {
    const riyadh = address('+966501234567')
    expect(priceOf([card('2026-01-01', '0.0075')], { ...ask, to: riyadh })).toMatchObject({ amount: '1' })
  })

  it('is that of the message where it is not charged by the segment', () => {
    const cards = [card('2026-01-01', '0.05', { per: 'message' })]
    expect(priceOf(cards, { ...ask, segments: 4 })).toMatchObject({ amount: '0.05' })
  })

  it('is that of the latest card that has begun', () => {
    const cards = [card('2026-10-01', '2'), card('2026-11-21', '3'), card('2026-01-01', '1')]
    expect(priceOf(cards, ask)).toMatchObject({ amount: '2' })
    expect(priceOf(cards, { ...ask, at: at('2026-11-21T00:00:00Z') })).toMatchObject({ amount: '3' })
    expect(priceOf(cards, { ...ask, at: at('2025-12-31T23:59:59Z') })).toBeUndefined()
  })

  it.each([{ provider: 'another' }, { category: 'utility' }])('is not known for %o', (differs) => {
    expect(priceOf([card('2026-01-01', '1')], { ...ask, ...differs })).toBeUndefined()
  })

  it('is exact however many there are', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999 }),
        fc.integer({ min: 1, max: 1_000 }),
        (units, segments) => {
          const rate = `0.${String(units).padStart(5, '0')}`
          const price = priceOf([card('2026-01-01', rate)], { ...ask, segments })
          expect(Math.round(Number(price?.amount) * 100_000)).toBe(units * segments)
        },
      ),
    )
  })
})

describe('a card', () => {
  it.each([
    ['a rate that is a number', { rate: 0.01 }],
    ['a country by its name', { market: 'Dubai' }],
    ['an unknown field', { tier: 1 }],
  ])('is refused for %s', (_, odd) => {
    const given = card('2026-01-01', '1')
    expect(rateCard.safeParse(given).success).toBe(true)
    expect(rateCard.safeParse({ ...given, rates: [{ ...given.rates[0], ...odd }] }).success).toBe(false)
  })
})

describe('one category', () => {
  const rates = (utility: string, service: string) =>
    ({
      ...{ provider: 'carrier', currency: 'XTS', effectiveFrom: '2026-01-01' },
      rates: [
        { market: '*', category: 'utility', rate: utility, per: 'message' },
        { market: '*', category: 'service', rate: service, per: 'message' },
      ],
    }) satisfies RateCard

  it.each([
    ['lower', [rates('0.01', '0.02')], true],
    ['equal', [rates('0.02', '0.02')], false],
    ['higher', [rates('0.10', '0.02')], false],
    ['known alone', [card('2026-01-01', '0.01', { category: 'utility' })], false],
    ['on no card', [], false],
  ])('%s: is it cheaper than another?', (_, cards, isIt) => {
    expect(isCheaper(cards, ask, { category: 'utility', than: 'service' })).toBe(isIt)
  })
})
