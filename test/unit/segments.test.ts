import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countSegments } from '../../src/domain/segments.ts'

const cases: [what: string, text: string, segments: number, units?: number][] = [
  ['nothing', '', 0, 0],
  ['160 letters', 'a'.repeat(160), 1, 160],
  ['161 letters', 'a'.repeat(161), 2, 161],
  ['306 letters', 'a'.repeat(306), 2],
  ['307 letters', 'a'.repeat(307), 3],
  ['80 extended characters', '['.repeat(80), 1, 160],
  ['81 extended characters', '['.repeat(81), 2, 162],
  ['a euro at the end of the first part', `${'a'.repeat(152)}€${'a'.repeat(20)}`, 2, 174],
  ['a euro that moves to the second part', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 3, 306],
  ['70 Arabic letters', 'ا'.repeat(70), 1, 70],
  ['71 Arabic letters', 'ا'.repeat(71), 2],
  ['134 Arabic letters', 'ا'.repeat(134), 2],
  ['135 Arabic letters', 'ا'.repeat(135), 3],
  ['35 emoji', '😀'.repeat(35), 1, 70],
  ['36 emoji', '😀'.repeat(36), 2],
  ['an emoji that moves to the second part', `${'ا'.repeat(66)}😀${'ا'.repeat(66)}`, 3, 134],
  ['67 emoji', '😀'.repeat(67), 3],
]

describe('SMS segments', () => {
  it.each(cases)('%s', (_what, text, segments, units) => {
    const counted = countSegments(text)
    expect(counted.segments).toBe(segments)
    if (units !== undefined) expect(counted.units).toBe(units)
  })

  it.each([...'ÇàéèùòìñöüΔ£¥€'])('%s stays in the GSM alphabet', (character) => {
    expect(countSegments(character).encoding).toBe('GSM-7')
  })

  it.each([...'सا₹“”–—…\u00a0\u202f\t`ç😀'])('%s needs UCS-2', (character) => {
    expect(countSegments(character).encoding).toBe('UCS-2')
  })

  it('counts an extended character once when the text is UCS-2 anyway', () => {
    expect(countSegments('€₹')).toEqual({ encoding: 'UCS-2', units: 2, segments: 1, perSegment: 70 })
  })

  it('grow with the text and are never fewer than the units need', () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', '€', 'ا', '😀'), maxLength: 400 })
    fc.assert(
      fc.property(anyText, fc.constantFrom('a', '€', 'ا', '😀'), (text, more) => {
        const counted = countSegments(text)
        expect(counted.segments).toBeGreaterThanOrEqual(Math.ceil(counted.units / counted.perSegment))
        expect(countSegments(text + more).segments).toBeGreaterThanOrEqual(counted.segments)
      }),
    )
  })
})
