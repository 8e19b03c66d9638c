/** Waits for a fact, not for a while. */

export interface Patience {
  /** Milliseconds. */
  within?: number
  /** Milliseconds between two looks. */
  every?: number
}

/** Looks until there is something to see; throws, saying what was not seen, when the time is over. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { within = 15_000, every = 50 }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + within
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > deadline) throw new Error(`After ${within / 1000} s: not seen that ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}
