/** What each line of the capability report means for the clinic, in one sentence of a language we have words in. */
import type { Language } from './language.ts'
import { reportInArabic } from './report-words/ar.ts'
import { type ReportWords, reportInEnglish } from './report-words/en.ts'
import { reportInHindi } from './report-words/hi.ts'

/** As the EMR has it · asked for at intervals, or done with more care · kept in a store beside it · not at all. */
export type ReportWay = 'native' | 'polled' | 'sidecar' | 'missing'

export const reportWords: Record<Language, ReportWords> = {
  en: reportInEnglish,
  ar: reportInArabic,
  hi: reportInHindi,
}

const ways: readonly string[] = ['native', 'polled', 'sidecar', 'missing'] satisfies ReportWay[]

/** Each need that has words, with the ways for which it has them. */
export const reported: Record<string, ReportWay[]> = Object.fromEntries(
  Object.entries(reportInEnglish.rows).map(([need, words]) => [
    need,
    Object.keys(words).filter((key): key is ReportWay => ways.includes(key)),
  ]),
)

export function wordsFor(need: string, way: ReportWay, detail = '', language: Language = 'en'): string {
  const { unknown } = reportWords[language]
  const sentence = findWords(need, way, detail, language)
  return sentence ?? (way === 'missing' ? unknown.missing : unknown.there).replace('{}', need)
}

/** The same; `undefined` of what is not in the words, or where they need a detail that is not told. */
export function findWords(
  need: string,
  way: ReportWay,
  detail: string | undefined,
  language: Language,
): string | undefined {
  const known: Record<string, Partial<Record<string, string>>> = reportWords[language].rows
  const sentence = known[need]?.[detail ?? ''] ?? known[need]?.[way]
  if (detail === undefined && sentence?.includes('{}')) return undefined
  return sentence?.replace('{}', need === 'channels' ? listChannels(detail, language) : (detail ?? ''))
}

/** `sms, email` as people say it: `SMS and e-mail`. */
function listChannels(detail = '', language: Language): string {
  const names: Partial<Record<string, string>> = reportWords[language].channels
  const list = new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'conjunction' })
  return list.format(detail.split(', ').map((channel) => names[channel] ?? channel))
}
