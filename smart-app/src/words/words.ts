/** The screen's words: one shape, so that a missing string does not compile. The language follows the person. */
import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { chooseLanguage, type Language } from '../../../src/domain/language.ts'
import { ar } from './ar.ts'
import { en, type Words } from './en.ts'
import { hi } from './hi.ts'

export type { Words } from './en.ts'

export const words: Record<Language, Words> = { en, ar, hi }

/** As its own speakers write it: whoever looks for their language may not read the present one. */
export const languageNames: Record<Language, string> = { en: 'English', ar: 'العربية', hi: 'हिन्दी' }

export function directionOf(language: Language): 'rtl' | 'ltr' {
  return language === 'ar' ? 'rtl' : 'ltr'
}

/** What the address asks for (`?lang=ar`), else what was chosen here before, else what the browser speaks. */
export function initialLanguage(
  asked: string | null,
  remembered: string | null,
  browser: readonly string[],
): Language {
  const wishes = [asked, remembered, ...browser].filter((tag): tag is string => Boolean(tag))
  return chooseLanguage(wishes, 'en').language
}

export function createWords(language: Language): i18n {
  const instance = createInstance()
  instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {
      en: { translation: en },
      ar: { translation: ar },
      hi: { translation: hi },
    },
    // React escapes already.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  return instance
}
