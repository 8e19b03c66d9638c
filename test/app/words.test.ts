import { describe, expect, it } from 'vitest'
import {
  birthDay,
  clockTime,
  dayAndTime,
  dayName,
  fromNow,
  lengthOf,
  zoneNameBeside,
} from '../../smart-app/src/words/dates.ts'
import { createWords, initialLanguage, words } from '../../smart-app/src/words/words.ts'
import { type Language, languages } from '../../src/domain/language.ts'
import { reasons } from '../../src/domain/reason.ts'
import { day, hour, instant } from '../../src/domain/time.ts'
import { now } from './chart-sample.ts'

/** Every string by its path, `thread.empty`. */
function strings(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : strings(value, `${path}${key}.`),
  )
}

const english = new Map(strings(words.en))
const placeholders = (text = '') => text.match(/{{\w+}}/g)?.toSorted() ?? []

describe.each(languages)('the words in %s', (language) => {
  it('are all there, with the same placeholders', () => {
    const own = new Map(strings(words[language]))
    expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted())
    for (const [key, text] of own) {
      expect(text.trim(), key).not.toBe('')
      expect(placeholders(text), key).toEqual(placeholders(english.get(key)))
    }
  })

  it('name every reason', () => {
    expect(Object.keys(words[language].reasons).toSorted()).toEqual(Object.keys(reasons).toSorted())
  })

  it('are found by the screen', () => {
    const i18n = createWords(language)
    for (const [key, text] of strings(words[language].reasons))
      expect(i18n.t(`reasons.${key}` as 'reasons.expired')).toBe(text)
  })
})

it.each([
  ['ar', 'en', ['hi-IN'], 'ar'],
  [null, 'hi', ['en-GB'], 'hi'],
  [null, null, ['fr-FR', 'ar-AE'], 'ar'],
  ['xx', null, ['ja'], 'en'],
] as const)('the language asked for (%s), else remembered (%s), else the browser’s (%s): %s', (asked, remembered, browser, language) => {
  expect(initialLanguage(asked, remembered, browser)).toBe(language)
})

describe('times', () => {
  it('stand in the zone that is asked for', () => {
    expect(clockTime(now, 'en', 'Asia/Dubai')).toBe('16:00')
    expect(clockTime(now, 'en', 'America/New_York')).toBe('07:00')
  })

  it.each(languages)('are Gregorian in %s', (language: Language) => {
    const other = instant(now + 400 * day)
    expect(dayAndTime(other, now, language, 'UTC')).toMatch(/2027|٢٠٢٧|२०२७/)
    expect(birthDay('1984-03-07', language)).toMatch(/1984|١٩٨٤|१९८४/)
  })

  it('keep a birth date as vague as it is', () => {
    expect(birthDay('1984-03-07', 'en')).toBe('7 March 1984')
    expect(birthDay('1984-03', 'en')).toBe('March 1984')
    expect(birthDay('1984', 'en')).toBe('1984')
  })

  it('know today and yesterday by the reader’s clock', () => {
    expect(dayName(instant(now - 14 * hour), now, 'en', 'UTC')).toEqual({ kind: 'yesterday' })
    expect(dayName(instant(now - 14 * hour), now, 'en', 'Asia/Dubai')).toEqual({ kind: 'today' })
    expect(dayName(instant(now - 3 * day), now, 'en', 'UTC')).toEqual({
      kind: 'date',
      text: 'Tuesday 17 November',
    })
  })

  it('say how far away something is', () => {
    expect(fromNow(instant(now + 2 * day), now, 'en')).toBe('in 2 days')
    expect(fromNow(instant(now - 3 * hour), now, 'en')).toBe('3 hours ago')
    expect(lengthOf(48 * hour, 'en')).toBe('48 hours')
    expect(lengthOf(7 * day, 'en')).toBe('7 days')
    expect(lengthOf(hour / 2, 'en')).toBe('30 minutes')
  })

  it('name the zone only where the reader’s clock differs', () => {
    expect(zoneNameBeside(now, 'en', 'Asia/Dubai', 'Asia/Muscat')).toBeUndefined()
    expect(zoneNameBeside(now, 'en', 'Asia/Dubai', 'Asia/Kolkata')).toBeDefined()
  })
})
