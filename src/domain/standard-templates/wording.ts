/** What a language has to bring: a text for every standard template on every channel, in Liquid. */
import type { Channel } from '../channel.ts'
import type { Language } from '../language.ts'

export type StandardTemplateName =
  | 'visit-reminder'
  | 'visit-reminder-confirmed'
  /** Of several visits on one day: its question is about the first. */
  | 'visit-reminder-several'
  /** From numbers that cannot be answered: it asks for nothing. */
  | 'visit-reminder-one-way'
  | 'reply-confirmed'
  | 'reply-cancel-staff'
  | 'reply-cancelled'
  | 'reply-stop'
  | 'reply-start'
  | 'reply-start-unknown'
  | 'reply-help'

interface Body {
  body: string
}

export interface Wording extends Record<Channel, Body> {
  email: Body & { subject: string }
}

/** Only SMS come from numbers that cannot be answered. */
export type Wordings = Record<
  Language,
  Record<Exclude<StandardTemplateName, 'visit-reminder-one-way'>, Wording> & {
    'visit-reminder-one-way': Pick<Wording, 'sms'>
  }
>

/** The answers that the texts advertise; `keywords.ts` reads every one of them. */
export const replyWords: Record<Language, Record<'confirm' | 'cancel' | 'stop' | 'start', string>> = {
  en: { confirm: '1', cancel: 'X', stop: 'STOP', start: 'START' },
  ar: { confirm: '1', cancel: 'X', stop: 'إيقاف', start: 'ابدأ' },
  hi: { confirm: '1', cancel: 'X', stop: 'रोकें', start: 'शुरू' },
}
