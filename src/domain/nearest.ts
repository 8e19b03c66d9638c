/** The word that was probably meant, for sentences that refuse one that nobody knows. */

/** `undefined` when none is near: two letters, or a third of a longer word, may differ. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const most = Math.max(2, Math.floor(word.length / 3))
  const ranked = known.map((one) => ({ one, by: distance(word.toLowerCase(), one.toLowerCase()) }))
  return ranked.filter(({ by }) => by <= most).toSorted((a, b) => a.by - b.by)[0]?.one
}

/** Levenshtein: letters to put in, take out or change. */
function distance(word: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...word].entries()) {
    const next = [index + 1]
    for (const [place, wanted] of [...other].entries()) {
      const [left = 0, above = 0, before = 0] = [next[place], row[place + 1], row[place]]
      next.push(Math.min(left + 1, above + 1, before + (letter === wanted ? 0 : 1)))
    }
    row = next
  }
  return row[other.length] ?? 0
}
