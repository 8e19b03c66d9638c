/** Work that has to succeed once, with whatever the world needs meanwhile. */
import type { Duration } from '../domain/time.ts'

export interface Trying {
  /** Resolves after the first try, however it ended. */
  first: Promise<void>
  /** No try begins after this; one that runs is the last. */
  stop(): void
}

/** Tries until `work` says true, with a pause in between. What it throws is told, and is a no. */
export function keepTrying(
  work: () => Promise<boolean>,
  { pauseFor, onFailure }: { pauseFor: Duration; onFailure: (cause: unknown) => void },
): Trying {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  const attempt = async (): Promise<void> => {
    const done = await work().catch((cause: unknown) => {
      if (!stopped) onFailure(cause)
      return false
    })
    if (!done && !stopped) timer = setTimeout(() => void attempt(), pauseFor)
  }
  return {
    first: attempt(),
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
