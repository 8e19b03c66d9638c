import { describe, expect, it } from 'vitest'
import { type RungChoice, rungs } from '../../src/domain/change-feed.ts'
import { describeRung, readRung, writeRung } from '../../src/domain/describe-rung.ts'
import { languages } from '../../src/domain/language.ts'
import { reported, reportWords, wordsFor } from '../../src/domain/report-words.ts'
import { sayRemedy, sayRow } from '../../src/domain/say-report.ts'
import { sampleReport } from '../report-sample.ts'

/** Every string by its path, `rows.batch.missing`. */
function strings(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : strings(value, `${path}${key}.`),
  )
}
const english = new Map(strings(reportWords.en))
const holes = (text = '') => text.split('{}').length - 1

describe.each(languages)('the words of the report in %s', (language) => {
  it('are all there, and take the same details', () => {
    const own = new Map(strings(reportWords[language]))
    expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted())
    for (const [path, text] of own) {
      expect(text.trim(), path).not.toBe('')
      expect([path, holes(text)]).toEqual([path, holes(english.get(path))])
    }
  })

  it('are no English where another language is meant', () => {
    const own = strings({ ...reportWords[language].rows, ...reportWords[language].remedies })
    const script = { en: /\p{Script=Latin}/u, ar: /\p{Script=Arabic}/u, hi: /\p{Script=Devanagari}/u }[
      language
    ]
    expect(own.filter(([, text]) => !script.test(text))).toEqual([])
  })

  it('say every line of a report, and leave no hole', () => {
    for (const row of sampleReport.rows) {
      const said = sayRow(row, language)
      expect(said.language).toBe(language)
      expect(said.text).not.toMatch(/\{\}|undefined/)
      if (language === 'en') expect(said.text).toBe(row.says)
    }
  })

  it('advise on whatever can be missing', () => {
    for (const [need, ways] of Object.entries(reported)) {
      if (!ways.includes('missing')) continue
      const advice = sayRemedy({ need, way: 'missing', says: '' }, language)
      expect([need, advice ?? '']).toEqual([need, expect.stringMatching(/\S/)])
      expect(advice).not.toContain('{}')
    }
    for (const detail of ['unregistered', 'impossible'])
      expect(sayRemedy({ need: 'launch', way: 'missing', says: '', detail }, language)).toBeDefined()
  })

  it('describe every rung, with and without a reason', () => {
    const because = Object.keys(reportWords.en.because) as RungChoice['because']
    for (const rung of rungs) {
      expect(describeRung({ rung, because: [] }, language)).not.toContain('undefined')
      for (const why of because)
        expect(describeRung({ rung, because: [why] }, language)).toContain(reportWords[language].because[why])
    }
  })
})

describe('a line of the report', () => {
  it('names channels as people do', () => {
    expect(wordsFor('channels', 'native', 'whatsapp, sms, email')).toBe(
      'Messages go by WhatsApp, SMS and e-mail.',
    )
  })

  it('says why nobody can open the app', () => {
    expect(wordsFor('launch', 'missing', 'unregistered')).toMatch(/not registered yet/)
    expect(wordsFor('launch', 'missing', 'impossible')).toMatch(/launches no apps/)
  })

  it.each([
    ['its need is a new one', { need: 'clock', way: 'missing', says: 'Its clock is wrong.' } as const],
    [
      'its detail is not told',
      { need: 'scopes', way: 'missing', says: 'Not granted: system/Task.crus.' } as const,
    ],
  ])('stands as it was written where %s', (_when, row) => {
    expect(sayRow(row, 'ar')).toEqual({ text: row.says, language: 'en' })
  })

  it('has no advice where nothing is missing', () => {
    expect(
      sampleReport.rows.filter(({ way }) => way !== 'missing').map((row) => sayRemedy(row, 'en')),
    ).toEqual(sampleReport.rows.filter(({ way }) => way !== 'missing').map(() => undefined))
  })
})

describe('a rung as a detail', () => {
  it.each<RungChoice>([
    { rung: 'criteria', because: [] },
    { rung: 'window', because: ['no-subscriptions', 'no-last-updated'] },
  ])('is read as it was written: %j', (choice) => {
    expect(readRung(writeRung(choice))).toEqual(choice)
  })

  it.each([undefined, '', 'ladder', 'poll because'])('is not read from %j', (detail) => {
    expect(readRung(detail)).toBeUndefined()
  })
})
