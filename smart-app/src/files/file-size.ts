/** `84 kB`, `2.1 MB`, `84 كيلوبايت`: how large a file is, as people say it. */
import type { Language } from '../../../src/domain/language.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

export function fileSize(bytes: number, language: Language): string {
  const step = Math.min(units.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1_000 ** step
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[step],
    // English knows kB and MB; elsewhere the short forms are Latin, or unknown to most.
    unitDisplay: language === 'en' && step > 0 ? 'short' : 'long',
    maximumFractionDigits: amount < 10 && step > 1 ? 1 : 0,
  }).format(amount)
}
