import { describe, expect, it } from 'vitest'
import { chooseLanguage } from '../../src/domain/language.ts'

describe('the language of a patient', () => {
  it.each([
    [['hi'], 'hi', 'hi'],
    [['ar-AE'], 'ar', 'ar-AE'],
    [['AR-ae'], 'ar', 'AR-ae'],
    [['en_US'], 'en', 'en-US'],
    [['ar_Arab_EG'], 'ar', 'ar-Arab-EG'],
    [['ur', 'hi-IN', 'en'], 'hi', 'hi-IN'],
  ])('of %j is %s', (preferred, language, tag) => {
    expect(chooseLanguage(preferred, 'en')).toEqual({ language, tag, fits: true })
  })

  it.each([
    [[]],
    [['fr']],
    [['arc']],
    [['english']],
    [['']],
    [['-ar']],
  ])('of %j is the clinic’s own, and said not to fit', (preferred) => {
    expect(chooseLanguage(preferred, 'ar')).toEqual({ language: 'ar', tag: 'ar', fits: false })
  })

  it('is Hindi for who chose Hindi, whatever the clinic speaks', () => {
    for (const clinic of ['en', 'ar', 'hi'] as const) {
      expect(chooseLanguage(['hi', 'en'], clinic)).toMatchObject({ language: 'hi', fits: true })
    }
  })
})
