/** The rung that is in force, in a sentence for whoever runs the install; and as a detail of the capability report. */
import { type RungChoice, rungs } from './change-feed.ts'
import type { Language } from './language.ts'
import { reportWords } from './report-words.ts'

/** `We ask the host every minute what changed, because it takes no Subscriptions.` */
export function describeRung({ rung, because }: RungChoice, language: Language = 'en'): string {
  const words = reportWords[language]
  // That the best of all is missing is worth a word only where there is nothing else to say.
  const told = [...new Set(because)].filter((one) => one !== 'no-topic' || because.length === 1)
  const reasons = told.map((one) => words.because[one])
  const { because: since, and, end } = words.joints
  return reasons.length === 0
    ? `${words.how[rung]}${end}`
    : `${words.how[rung]}${since}${reasons.join(and)}${end}`
}

/** `poll no-subscriptions`; `readRung` reads it again. */
export function writeRung({ rung, because }: RungChoice): string {
  return [rung, ...because].join(' ')
}

/** `undefined` of what `writeRung` did not write. */
export function readRung(detail = ''): RungChoice | undefined {
  const [first, ...rest] = detail.split(' ')
  const rung = rungs.find((one) => one === first)
  const reasons = Object.keys(reportWords.en.because) as RungChoice['because']
  if (!rung || rest.some((one) => !reasons.includes(one as (typeof reasons)[number]))) return undefined
  return { rung, because: rest as RungChoice['because'] }
}
