/** Prices and counts as companies write them. */
import { describe, expect, it } from 'vitest'
import { toMoney, toSegments } from '../../src/providers/amount.ts'

describe('toMoney', () => {
  it.each<[unknown[], string | undefined]>([
    [[0.04], '0.04'],
    [['0.0400'], '0.04'],
    [[12], '12'],
    [['100'], '100'],
    [[0.1, 0.2], '0.3'],
    [[0.09582, 0], '0.09582'],
    [[0.0000001], '0.0000001'],
    [[0], undefined],
    [[-0.04], undefined],
    [[null], undefined],
    [[undefined], undefined],
    [[''], undefined],
    [['free'], undefined],
    [[Number.NaN], undefined],
    [[Number.POSITIVE_INFINITY], undefined],
    [[1e22], undefined],
    [[{}], undefined],
    [[], undefined],
  ])('%j is %s', (given, amount) => {
    expect(toMoney(given, 'USD')).toEqual(amount === undefined ? undefined : { amount, currency: 'USD' })
  })

  it.each([undefined, null, '', 'usd', 'US', 'Dollars', 840])('no price in %s', (currency) => {
    expect(toMoney([1], currency)).toBeUndefined()
  })
})

describe('toSegments', () => {
  it.each<[unknown, number | undefined]>([
    [1, 1],
    ['3', 3],
    [0, undefined],
    ['0', undefined],
    [-1, undefined],
    [1.5, undefined],
    ['', undefined],
    ['two', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is %s', (given, count) => {
    expect(toSegments(given)).toBe(count)
  })
})
