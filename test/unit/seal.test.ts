import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveSecret, isSealed, seal, unseal } from '../../src/seal.ts'

const key = Buffer.alloc(32, 1)
const otherKey = Buffer.alloc(32, 2)
const anyText = fc.string({ unit: 'grapheme' })

describe('a sealed text', () => {
  it('opens to what it was, and only with its key', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const sealed = seal(key, text)
        expect(unseal(key, sealed)).toBe(text)
        expect(() => unseal(otherKey, sealed)).toThrow()
      }),
    )
  })

  it('is known as one, and shows nothing of the text', () => {
    const sealed = seal(key, 'sesame')
    expect(isSealed(sealed)).toBe(true)
    expect(isSealed('sesame')).toBe(false)
    expect(sealed).toMatch(/^sealed:[\w-]+$/)
    expect(Buffer.from(sealed.slice(7), 'base64url').toString()).not.toContain('sesame')
  })

  it('is never the same twice', () => {
    expect(seal(key, 'sesame')).not.toBe(seal(key, 'sesame'))
  })

  it('does not open when one bit of it was changed', () => {
    const bytes = Buffer.from(seal(key, 'sesame').slice(7), 'base64url')
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (index, bit) => {
        const altered = Buffer.from(bytes)
        altered[index] = (altered[index] ?? 0) ^ (1 << bit)
        expect(() => unseal(key, `sealed:${altered.toString('base64url')}`)).toThrow()
      }),
    )
  })

  it('does not open when some of it is missing, of its proof too', () => {
    // An empty text is nonce and proof alone: a shorter proof would be easier to guess.
    const bytes = Buffer.from(seal(key, '').slice(7), 'base64url')
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => unseal(key, `sealed:${bytes.subarray(0, length).toString('base64url')}`)).toThrow()
  })
})

describe('a derived secret', () => {
  it('is the same each time, and another for each key and purpose', () => {
    const all = [
      deriveSecret(key, 'session'),
      deriveSecret(otherKey, 'session'),
      deriveSecret(key, 'notification', 'a', 'b'),
      deriveSecret(key, 'notification', 'ab'),
      deriveSecret(key, 'notification', 'b', 'a'),
    ]
    expect(deriveSecret(key, 'session')).toBe(all[0])
    expect(new Set(all).size).toBe(all.length)
    for (const one of all) expect(one).toMatch(/^[\w-]{43}$/)
  })
})
