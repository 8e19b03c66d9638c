/** One answer for all who ask at about the same time, so that callers nobody knows cannot hammer what is behind it. */
import type { Duration, Instant } from '../domain/time.ts'
import type { Clock } from '../flows/ports.ts'

/** Asks again once the last answer is older than `goodFor`. A failure is told to whoever waited for it, and forgotten. */
export function answerBriefly<T>(ask: () => Promise<T>, goodFor: Duration, now: Clock): () => Promise<T> {
  let asked: Promise<T> | undefined
  let answeredAt: Instant | undefined
  return () => {
    if (asked && (answeredAt === undefined || now() < answeredAt + goodFor)) return asked
    answeredAt = undefined
    asked = ask().then(
      (answer) => {
        answeredAt = now()
        return answer
      },
      (error: unknown) => {
        asked = undefined
        throw error
      },
    )
    return asked
  }
}
