/** The screen's language: read, and changed for the whole page with its direction. */
import { useDirection } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '../../../src/domain/language.ts'
import { directionOf } from './words.ts'

/** Remembered in this browser; it holds a language and nothing else. */
export const rememberedLanguage = 'qasid.language'

export function useLanguage(): { language: Language; choose(language: Language): void } {
  const { i18n } = useTranslation()
  return {
    language: i18n.language as Language,
    choose(language) {
      localStorage.setItem(rememberedLanguage, language)
      i18n.changeLanguage(language)
    },
  }
}

/** Once, at the top: what the document says of itself. */
export function usePageLanguage(): void {
  const { t, i18n } = useTranslation()
  const { setDirection } = useDirection()
  const language = i18n.language as Language
  const title = t('app.title')
  useEffect(() => {
    setDirection(directionOf(language))
    document.documentElement.lang = language
    document.documentElement.dir = directionOf(language)
    document.title = title
  }, [language, title, setDirection])
}
