/**
 * Our segment count against Twilio's own calculator: equal on every text that it counts as the networks do. Where it does
 * not, the cases are listed: it never cuts a cluster of characters that is drawn as one, and counts an empty text as one.
 */
import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import { describe, expect, it } from 'vitest'
import { countSegments } from '../../src/domain/segments.ts'

const gsm = [...'@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà']
const extended = [...'^{}\\[~]|€']
const ascii = Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code))
const arabic = [...'ابتثجحخدذرزسشصضطظعغفقكلمنهوي٠١٢٣٤٥٦٧٨٩؟، ']
/** Each a character of its own, however it stands beside others. */
const emoji = [...'😀🏥📅✅💊']
const hindi = [...'कखगचजटडतदनपबमयरलवशसह', 'क्ष', 'कि', 'की', 'कु', 'हाँ', 'त्र', ' ']
const clusters = ['👩🏽‍⚕️', '👍🏿', '🇦🇪', '👨‍👩‍👧', '❤️']

function theirs(text: string): number {
  return new SegmentedMessage(text).segmentsCount
}

function textOf(units: string[]): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...units), { minLength: 1, maxLength: 480, size: 'max' })
    .map((parts) => parts.join(''))
}

describe('segments agree with the company’s calculator', () => {
  it.each<[string, string[]]>([
    ['GSM', [...gsm, ...extended]],
    ['GSM, mostly extended', [...extended, 'a']],
    ['ASCII', ascii],
    ['Arabic', arabic],
    ['mixed', [...gsm, ...arabic, ...emoji]],
    ['emoji of one character', emoji],
  ])('on random %s texts', (_what, units) => {
    fc.assert(
      fc.property(textOf(units), (text) => {
        expect(countSegments(text).segments).toBe(theirs(text))
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['GSM-7', 159],
    ['GSM-7', 160],
    ['GSM-7', 161],
    ['GSM-7', 306],
    ['GSM-7', 307],
    ['UCS-2', 70],
    ['UCS-2', 71],
    ['UCS-2', 134],
    ['UCS-2', 135],
  ] as const)('on %s texts of %i units', (encoding, length) => {
    const text = (encoding === 'GSM-7' ? 'a' : 'ا').repeat(length)
    expect(countSegments(text)).toMatchObject({ encoding, segments: theirs(text) })
  })
})

describe('where that calculator errs', () => {
  it.each<[string, string[]]>([
    ['emoji of several characters', [...clusters, 'ا']],
    ['Devanagari', hindi],
  ])('on %s it never counts fewer, at most one more for every part', (_what, units) => {
    fc.assert(
      fc.property(textOf(units), (text) => {
        const { segments } = countSegments(text)
        expect(theirs(text)).toBeGreaterThanOrEqual(segments)
        expect(theirs(text)).toBeLessThanOrEqual(segments * 2)
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['a family that would be cut', `${'ا'.repeat(64)}${'👨‍👩‍👧'}${'ا'.repeat(62)}`, 2, 3],
    ['a Hindi letter with its vowel', `${'क'.repeat(66)}${'कि'}${'क'.repeat(66)}`, 2, 3],
    ['nothing', '', 0, 1],
  ])('%s', (_what, text, ours, its) => {
    expect(countSegments(text).segments).toBe(ours)
    expect(theirs(text)).toBe(its)
  })
})
