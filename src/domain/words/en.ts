/** English, for cards in the EMR; one shape for all languages, so that a missing wording does not compile. */
import type { Channel } from '../channel.ts'
import type { Language } from '../language.ts'

export interface AdviceWords {
  noReminder: string
  wrongAddress: string
  /** `channels` as one phrase. */
  goesBy(channels: string): string
  /** `language` as in `languages`. */
  otherLanguage(language: string): string
  noLanguage(language: string): string
  unread(count: number): string
  failed: string
  uncertain: string
  openMessages: string
  /** Between the last two of a list. */
  and: string
  channels: Record<Channel, string>
  languages: Record<Language, string>
}

export const adviceInEnglish: AdviceWords = {
  noReminder: 'No reminder will reach this patient.',
  wrongAddress: 'An address on file for this patient cannot be used for messages.',
  goesBy: (channels) => `Reminders go by ${channels}.`,
  otherLanguage: (language) => `Reminders go out ${language}: we have no words in this patient’s language.`,
  noLanguage: (language) => `Reminders go out ${language}: the chart names no language for this patient.`,
  unread: (count) =>
    count === 1
      ? 'A message from this patient waits for an answer.'
      : `${count} messages from this patient wait for an answer.`,
  failed: 'The last reminder did not reach this patient.',
  uncertain: 'It is not known whether the last reminder reached this patient.',
  openMessages: 'Open Messages',
  and: ' and ',
  channels: { sms: 'SMS', whatsapp: 'WhatsApp', email: 'e-mail' },
  languages: { en: 'in English', ar: 'in Arabic', hi: 'in Hindi' },
}
