/** Advice in the clinic's language: a sentence, and what is behind it in Markdown. It names no person, number or text. */
import type { Advice } from './cds-advice.ts'
import type { Channel } from './channel.ts'
import type { ClosedHop } from './describe-closed.ts'
import type { Language } from './language.ts'
import { type Reason, reasons } from './reason.ts'
import { adviceInArabic, reasonsInArabic } from './words/ar.ts'
import { type AdviceWords, adviceInEnglish } from './words/en.ts'
import { adviceInHindi, reasonsInHindi } from './words/hi.ts'

export interface SaidAdvice {
  /** Below 140 characters, as CDS Hooks wants it. */
  summary: string
  /** GitHub Flavored Markdown. */
  detail?: string
}

export const adviceWords: Record<Language, AdviceWords> = {
  en: adviceInEnglish,
  ar: adviceInArabic,
  hi: adviceInHindi,
}

const reasonWords: Record<Language, Record<Reason, string>> = {
  en: reasons,
  ar: reasonsInArabic,
  hi: reasonsInHindi,
}

export function sayAdvice(advice: Advice, language: Language): SaidAdvice {
  const words = adviceWords[language]
  switch (advice.kind) {
    case 'no-reminder':
      return { summary: words.noReminder, detail: sayClosed(advice.closed, language) }
    case 'wrong-address': {
      const remaining = advice.open.map((channel) => words.channels[channel])
      const goesBy = remaining.length > 0 ? `\n\n${words.goesBy(inAList(remaining, words.and))}` : ''
      return {
        summary: remaining.length > 0 ? words.wrongAddress : words.noReminder,
        detail: `${sayClosed(advice.closed, language)}${goesBy}`,
      }
    }
    case 'other-language':
      return { summary: words.otherLanguage(words.languages[advice.language]) }
    case 'no-language':
      return { summary: words.noLanguage(words.languages[advice.language]) }
    case 'unread':
      return { summary: words.unread(advice.count) }
    case 'reminder-failed':
      return {
        summary: advice.uncertain ? words.uncertain : words.failed,
        detail: sayReason(advice, language),
      }
  }
}

function sayReason({ channel, reason }: { channel?: Channel; reason: Reason }, language: Language): string {
  const said = reasonWords[language][reason]
  return channel && !isOfPerson(reason) ? `**${adviceWords[language].channels[channel]}**: ${said}` : said
}

/** One reason for all stands alone. */
function sayClosed(closed: ClosedHop[], language: Language): string {
  const [first, ...others] = closed
  if (first && others.every(({ reason }) => reason === first.reason) && isOfPerson(first.reason))
    return reasonWords[language][first.reason]
  return closed.map((hop) => `- ${sayReason(hop, language)}`).join('\n')
}

/** It closes every channel alike. */
function isOfPerson(reason: Reason): boolean {
  return reason.startsWith('patient-')
}

function inAList(items: string[], and: string): string {
  const [last, ...rest] = items.toReversed()
  return rest.length > 0 ? `${rest.toReversed().join(', ')}${and}${last}` : (last ?? '')
}
