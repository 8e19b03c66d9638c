import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, toBase64 } from '../../src/fhir/base64.ts'

/** What browsers read, by the standard: https://infra.spec.whatwg.org/#forgiving-base64 */
function byStandard(text: string): string | undefined {
  try {
    return Buffer.from(atob(text), 'latin1').toString('hex')
  } catch {
    return undefined
  }
}

const read = (text: string) => {
  const bytes = fromBase64(text)
  return bytes && Buffer.from(bytes).toString('hex')
}

describe('base64', () => {
  it('comes back as the bytes that went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      }),
    )
  })

  it('is read as the standard says, line ends and all, and what is none is refused', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'AQgz+/=_- \n!é'), maxLength: 9 })
    fc.assert(
      fc.property(fc.oneof(odd, fc.base64String()), (text) => {
        expect(read(text)).toBe(byStandard(text))
      }),
      { numRuns: 2_000 },
    )
  })

  it('of sixteen megabytes stops nothing else for long', () => {
    const bytes = new Uint8Array(16 * 1024 * 1024).fill(0xa5)
    const startedAt = performance.now()
    expect(fromBase64(toBase64(bytes))?.length).toBe(bytes.length)
    expect(performance.now() - startedAt).toBeLessThan(300)
  })
})
