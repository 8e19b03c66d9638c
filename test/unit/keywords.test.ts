import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldWords, type KeywordPolicy, type ReplyIntent, readKeyword } from '../../src/domain/keywords.ts'
import type { ReplyOption } from '../../src/domain/message-request.ts'

const visitPolicy: KeywordPolicy = { cancelWord: 'visit' }
const stopPolicy: KeywordPolicy = { cancelWord: 'stop' }
const both: ReplyOption[] = ['confirm', 'cancel']

const stops = [
  'STOP',
  'stop',
  'Stop.',
  'stop!!',
  ' STOP \n',
  'ＳＴＯＰ',
  '"STOP"',
  'S T O P',
  'stop 🙏',
  '🛑 STOP',
  'St\u00f6p',
  'stopall',
  'STOP ALL',
  'Unsubscribe',
  'END',
  'quit',
  'opt-out',
  'إيقاف',
  'ايقاف',
  'أيقاف',
  'إيقَاف',
  'إيقـــاف',
  'إيقاف.',
  '\u200fإيقاف\u200f',
  'توقف',
  'أوقف',
  'إلغاء الاشتراك',
  'रोकें',
  'रोके',
  'रोकेँ',
  'रोकें।',
  'रो\u200bकें',
  'बंद',
  'बन्द',
  'बंद करें',
  'बँद',
]

const confirms = [
  '1',
  ' 1 ',
  '1.',
  '1️⃣',
  '(1)',
  '١',
  '۱',
  '१',
  '１',
  'C',
  'c',
  'y',
  'Yes',
  'YES!',
  'ok',
  'OK 👍',
  'Okay',
  'confirm',
  'نعم',
  'نَعَم',
  'نعم.',
  'تأكيد',
  'تاكيد',
  'موافق',
  'हाँ',
  'हां',
  'हा',
  'जी',
  'जी हाँ',
  'जी हां',
  'हाँ जी',
  'ठीक है',
  'haan',
]

const cancels = [
  '2',
  '٢',
  '२',
  'X',
  'x',
  '×',
  'X.',
  'N',
  'no',
  'No, thanks',
  'CANCEL',
  'cancel',
  'لا',
  'لا شكراً',
  'إلغاء',
  'الغاء',
  'إلغاء.',
  'नहीं',
  'नही',
  'नहिं',
  'जी नहीं',
  'रद्द',
  'रद्द करें',
  'nahi',
]

const anytime: [ReplyIntent, string[]][] = [
  ['start', ['START', 'start', 'unstop', 'ابدأ', 'ابدا', 'إبدأ', 'शुरू', 'शुरु', 'शुरू करें']],
  ['help', ['HELP', 'help?', 'Info', 'مساعدة', 'مساعده', 'मदद', 'मदद!']],
  ['reschedule', ['reschedule', 'تأجيل', 'تغيير الموعد', 'समय बदलें']],
  ['cancel', ['cancel my appointment', 'إلغاء الموعد', 'अपॉइंटमेंट रद्द करें']],
]

const forHumans = [
  'please stop by my house',
  'I will stop the medicine',
  'yes but later',
  'no. 1',
  '1 or 2?',
  '12',
  '3',
  '0',
  'لا أستطيع الحضور غدا',
  'हाँ लेकिन देर से',
  'रुको',
  'thanks',
  '👍',
  '???',
  '',
  ' ',
  'x'.repeat(50),
]

describe('keywords', () => {
  it.each(stops)('takes "%s" as stop, whatever was asked', (text) => {
    expect(readKeyword(text, both, visitPolicy)).toBe('stop')
    expect(readKeyword(text, [], stopPolicy)).toBe('stop')
  })

  it.each(confirms)('takes "%s" as confirm when asked', (text) => {
    expect(readKeyword(text, both, stopPolicy)).toBe('confirm')
  })

  it.each(cancels)('takes "%s" as cancel when asked', (text) => {
    expect(readKeyword(text, both, stopPolicy)).toBe('cancel')
  })

  it.each(confirms)('takes "%s" as unclear when nothing was asked', (text) => {
    expect(readKeyword(text, [], visitPolicy)).toBe('unclear')
  })

  it.each(anytime)('knows the words for %s with and without a question', (intent, words) => {
    for (const word of words) {
      expect(readKeyword(word, [], stopPolicy), word).toBe(intent)
      expect(readKeyword(word, both, stopPolicy), word).toBe(intent)
    }
  })

  it.each(forHumans)('leaves "%s" to a human', (text) => {
    expect(readKeyword(text, both, visitPolicy)).toBe('unclear')
  })

  it('counts in the order in which the options were shown', () => {
    expect(readKeyword('1', ['cancel', 'confirm'], visitPolicy)).toBe('cancel')
    expect(readKeyword('2', ['cancel', 'confirm'], visitPolicy)).toBe('confirm')
    expect(readKeyword('2', ['confirm'], visitPolicy)).toBe('unclear')
  })

  it.each([
    'CANCEL',
    'cancel!',
    'إلغاء',
    'الغاء',
    'रद्द',
  ])('lets the policy say what "%s" alone means', (text) => {
    expect(readKeyword(text, [], visitPolicy)).toBe('cancel')
    expect(readKeyword(text, [], stopPolicy)).toBe('stop')
    expect(readKeyword(text, ['confirm'], stopPolicy)).toBe('stop')
  })
})

describe('the reading of a keyword', () => {
  const known = [...stops, ...confirms, ...cancels, ...anytime.flatMap(([, words]) => words)]

  it('does not change with case, spaces, punctuation, emoji, marks or invisible characters', () => {
    const between = fc.constantFrom(
      '',
      ' ',
      '.',
      '!',
      '-',
      '"',
      '،',
      '؟',
      '।',
      '\u200b',
      '\u200d',
      '\u200f',
      '\u0640',
      '\u064e',
      '\u0651',
      '\u0301',
      '\u093c',
      '\u0901',
      '🙂',
      '\n',
      '\u00a0',
    )
    const anyCase = fc.constantFrom('toLowerCase', 'toUpperCase', 'normalize')
    fc.assert(
      fc.property(
        fc.constantFrom(...known),
        anyCase,
        fc.array(between, { maxLength: 60 }),
        (text, change, noise) => {
          const disguised = Array.from(text[change](), (letter, index) => letter + (noise[index] ?? '')).join(
            '',
          )
          for (const asked of [both, []]) {
            expect(readKeyword((noise[0] ?? '') + disguised, asked, visitPolicy)).toBe(
              readKeyword(text, asked, visitPolicy),
            )
          }
        },
      ),
    )
  })

  it('is unclear for every text of more than 40 letters', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'stopendxyn1إيقافلارोकबद'), minLength: 41 })
    fc.assert(
      fc.property(letters, (text) => {
        fc.pre(foldWords(text).length > 40)
        expect(readKeyword(text, both, stopPolicy)).toBe('unclear')
      }),
    )
  })

  it('never throws and is always one of the closed list', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(['confirm', 'cancel', 'reschedule', 'stop', 'start', 'help', 'unclear']).toContain(
          readKeyword(text, both, visitPolicy),
        )
      }),
    )
  })

  it('gives the same when what it folded is folded again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => foldWords(foldWords(text)) === foldWords(text)),
    )
  })
})
