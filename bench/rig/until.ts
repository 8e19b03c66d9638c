/** Waits for a fact, and says which one it waited for when it has had enough. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  { patience = 120_000, every = 100 } = {},
): Promise<void> {
  const deadline = Date.now() + patience
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Waited ${patience / 1_000} s in vain for ${what}`)
    await pause(every)
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
