/** Many small pieces of work, a few at a time, with the answers in their order. After a failure nothing more is begun. */

export async function sideBySide<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = new Array(items.length)
  const waiting = items.entries()
  let hasFailed = false
  const takeTurns = async () => {
    for (const [place, item] of waiting) {
      if (hasFailed) return
      answers[place] = await work(item).catch((error: unknown) => {
        hasFailed = true
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, takeTurns))
  return answers
}
