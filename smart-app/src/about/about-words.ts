/** The words of this screen in the screen's language. They are not among those of the chart, which loads without them. */
import type { Language } from '../../../src/domain/language.ts'
import { useLanguage } from '../words/use-language.ts'
import { about as ar } from './words/ar.ts'
import { type AboutWords, about as en } from './words/en.ts'
import { about as hi } from './words/hi.ts'

export const aboutWords: Record<Language, AboutWords> = { en, ar, hi }

export function useAboutWords(): AboutWords {
  return aboutWords[useLanguage().language]
}

/** Each `{}` takes the next value. */
export function fill(words: string, ...values: (string | number)[]): string {
  const left = [...values]
  return words.replace(/\{\}/g, () => String(left.shift() ?? ''))
}
