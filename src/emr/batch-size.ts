/**
 * How many interactions go into the next batch. A server that slows down gets smaller ones, and fewer of them: whoever
 * asks waits for the one before. It gets larger ones again step by step.
 */
export interface BatchTold {
  /** How many were in it. */
  of: number
  /** Milliseconds. */
  tookFor: number
  failed: boolean
}

/** Longer, and a batch comes too near to the time after which nobody waits for it. */
const tooLong = 2_000
const quick = 500
const fewest = 4
const step = 16

export function nextBatchSize(size: number, { of, tookFor, failed }: BatchTold, most: number): number {
  if (failed || tookFor > tooLong) return Math.max(fewest, Math.floor(Math.min(size, of) / 2))
  return tookFor < quick && of >= size ? Math.min(most, size + step) : size
}
