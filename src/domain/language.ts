/** Languages we have words in. Anything else falls back by the clinic's order, never by guessing. */
export const languages = ['en', 'ar', 'hi'] as const

export type Language = (typeof languages)[number]

/**
 * The first language we can speak, from BCP 47 tags in order of preference (`ar-AE` counts as `ar`).
 * `fits` is false when it had to be the clinic's own: the share of fits is a metric.
 */
export function chooseLanguage(
  preferred: string[],
  clinic: Language,
): { language: Language; tag: string; fits: boolean } {
  for (const tag of preferred) {
    const language = languages.find((known) => known === tag.toLowerCase().split(/[-_]/)[0])
    if (language) return { language, tag: tag.replaceAll('_', '-'), fits: true }
  }
  return { language: clinic, tag: clinic, fits: false }
}
