/**
 * Reads an answer of one word or two. Only a whole message counts: "please stop by my house" is for a human.
 * A word that carriers take as an opt-out wins over everything that we may have asked.
 */
import type { ReplyOption } from './message-request.ts'

export const replyIntents = ['confirm', 'cancel', 'reschedule', 'stop', 'start', 'help', 'unclear'] as const

export type ReplyIntent = (typeof replyIntents)[number]

export interface KeywordPolicy {
  /** What CANCEL alone means while no question about a visit is open: carriers in some countries take it as STOP. */
  cancelWord: 'visit' | 'stop'
}

/** `asked` is what the open question offered, in the order shown; empty when none is open. */
export function readKeyword(text: string, asked: ReplyOption[], policy: KeywordPolicy): ReplyIntent {
  const said = foldWords(text)
  if (said === '' || said.length > longestKeyword) return 'unclear'
  if (isOneOf(said, stopWords)) return 'stop'
  const answer = readAnswer(said, asked)
  if (answer) return answer
  if (isOneOf(said, cancelWords)) return policy.cancelWord === 'stop' ? 'stop' : 'cancel'
  return anytimeWords.find(({ words }) => isOneOf(said, words))?.intent ?? 'unclear'
}

/** `1` is the first option offered, `2` the second. */
function readAnswer(said: string, asked: ReplyOption[]): ReplyOption | undefined {
  if (/^\d+$/.test(said)) return asked[Number(said) - 1]
  return asked.find((option) => isOneOf(said, answerWords[option]))
}

function isOneOf(said: string, words: string[]): boolean {
  return words.some((word) => foldWords(word) === said)
}

/** In folded characters; free text is longer. */
const longestKeyword = 40

/**
 * The letters and digits that are left when everything that people vary is taken away: case, width, spaces,
 * punctuation, emoji, invisible characters, Latin accents, Arabic vowel marks and hamza seats, tatweel, nukta,
 * chandrabindu and anusvara. Arabic-Indic, Persian and Devanagari digits become 0–9.
 */
export function foldWords(text: string): string {
  // Decomposed, so that accents, hamza and nukta stand alone and fall away with the other marks.
  return Array.from(text.normalize('NFKD').toLowerCase().normalize('NFKD'), foldCharacter).join('')
}

function foldCharacter(character: string): string {
  const variant = sameLetter[character]
  if (variant !== undefined) return variant
  if (/\p{Nd}/u.test(character)) return foldDigit(character)
  return /[\p{L}\u093E-\u094D]/u.test(character) ? character : ''
}

/** Where a script's digits begin: ASCII, Arabic-Indic, Persian and Urdu, Devanagari. */
const zeros = [0x30, 0x660, 0x6f0, 0x966]

function foldDigit(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const zero = zeros.find((start) => start <= code && code <= start + 9)
  return zero === undefined ? character : String(code - zero)
}

/** Letters that are typed for one another, and what is no letter at all. */
const sameLetter: Record<string, string> = {
  // Arabic
  ٱ: 'ا',
  ى: 'ي',
  ة: 'ه',
  // Persian and Urdu keyboards
  ی: 'ي',
  ې: 'ي',
  ک: 'ك',
  ہ: 'ه',
  ھ: 'ه',
  ە: 'ه',
  // the multiplication sign of Arabic keyboards, for X
  '×': 'x',
  // tatweel only stretches a word
  ـ: '',
}

/** What carriers and regulators take as "never again", without a second reading. */
const stopWords = [
  // English: the carriers' common list without CANCEL; REVOKE and OPT OUT since the FCC's rule of 2025
  ...['STOP', 'STOP ALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'REVOKE', 'OPT OUT'],
  // Arabic: "stopping", "stop" (to one, to many), "halt", "stop the messages", "cancel the subscription"
  ...['إيقاف', 'أوقف', 'أوقفوا', 'توقف', 'قف', 'إيقاف الرسائل', 'أوقفوا الرسائل', 'إلغاء الاشتراك'],
  // Hindi: "stop" (formal, familiar, stem), "closed", "close" (formal, familiar); not रुको, which is "wait"
  ...['रोकें', 'रोकिए', 'रोको', 'रोक', 'बंद', 'बन्द', 'बंद करें', 'बन्द करें', 'बंद करो', 'संदेश बंद करें', 'स्टॉप'],
  // Hindi in Latin letters
  ...['roken', 'roko', 'band karen', 'band karo'],
]

/** Answers to a question; they mean nothing without one. */
const answerWords: Record<ReplyOption, string[]> = {
  confirm: [
    // English
    ...['C', 'Y', 'YES', 'YES PLEASE', 'OK', 'OKAY', 'CONFIRM', 'CONFIRMED', 'I CONFIRM'],
    // Arabic: yes (written, spoken), confirmation, I confirm, confirmed, agreed, I agree, surely, fine, OK
    ...['نعم', 'ايوه', 'تأكيد', 'أؤكد', 'مؤكد', 'موافق', 'موافقة', 'أوافق', 'أكيد', 'تمام', 'حسنا', 'أوكي'],
    // Hindi: yes and its polite forms, "all right", "confirmation", "confirm", OK
    ...['हाँ', 'जी', 'जी हाँ', 'हाँ जी', 'ठीक है', 'पुष्टि', 'पुष्टि करें', 'ओके', 'कन्फर्म'],
    // Hindi in Latin letters
    ...['haan', 'han', 'ji', 'ji haan', 'haan ji', 'theek hai', 'thik hai'],
  ],
  cancel: [
    // English
    ...['X', 'N', 'NO', 'NO THANKS', 'CANCEL', 'CANCELLED'],
    // Arabic: no (two words), no thanks, cancellation, cancel (to one), I cancel
    ...['لا', 'كلا', 'لا شكرا', 'إلغاء', 'ألغ', 'ألغي', 'إلغي'],
    // Hindi: no and its spellings and polite forms, "cancelled", "cancel"
    ...['नहीं', 'नहि', 'ना', 'जी नहीं', 'नहीं जी', 'रद्द', 'रद्द करें', 'रद्द करो', 'कैंसल', 'कैंसिल'],
    // Hindi in Latin letters
    ...['nahi', 'nahin', 'ji nahi', 'ji nahin'],
  ],
}

/** Both an answer about a visit and, to some carriers, an opt-out. */
const cancelWords = [
  // English
  'CANCEL',
  // Arabic: cancellation
  'إلغاء',
  // Hindi: cancelled, cancel
  ...['रद्द', 'रद्द करें'],
]

/** Understood without a question. */
const anytimeWords: { intent: ReplyIntent; words: string[] }[] = [
  {
    intent: 'start',
    words: [
      // English; not YES, which some carriers take as START: to us it is an answer
      ...['START', 'UNSTOP'],
      // Arabic: start (to one, to many), starting, resuming
      ...['ابدأ', 'ابدأوا', 'ابدؤوا', 'بدء', 'استئناف'],
      // Hindi: "begun", "begin", "on", "start"
      ...['शुरू', 'शुरु', 'शुरू करें', 'शुरू करो', 'चालू', 'चालू करें', 'स्टार्ट'],
    ],
  },
  {
    intent: 'help',
    words: [
      // English
      ...['HELP', 'INFO'],
      // Arabic: help, the help, information
      ...['مساعدة', 'المساعدة', 'معلومات'],
      // Hindi: help (two words), information, "help"
      ...['मदद', 'सहायता', 'जानकारी', 'हेल्प'],
    ],
  },
  {
    intent: 'reschedule',
    words: [
      // English
      ...['RESCHEDULE', 'CHANGE TIME', 'CHANGE APPOINTMENT'],
      // Arabic: postponing, postponing the visit, changing the visit
      ...['تأجيل', 'تأجيل الموعد', 'تغيير الموعد'],
      // Hindi: change the time, change the date, another time
      ...['समय बदलें', 'तारीख बदलें', 'दूसरा समय'],
    ],
  },
  {
    intent: 'cancel',
    words: [
      // English; these name the visit, so the policy for CANCEL alone does not matter
      ...['CANCEL APPOINTMENT', 'CANCEL MY APPOINTMENT', 'CANCEL VISIT', 'CANCEL MY VISIT'],
      // Arabic: cancelling the visit, cancelling my visit
      ...['إلغاء الموعد', 'إلغاء موعدي'],
      // Hindi: cancel the appointment (two words for it)
      ...['अपॉइंटमेंट रद्द करें', 'मुलाकात रद्द करें'],
    ],
  },
]
