/**
 * What a server asks for in `Retry-After` (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after), and the gate that
 * keeps to it: while it is closed nobody asks, and whoever wants to hears the same refusal at once.
 */
/** Milliseconds, all here. Whoever asks waits so long by himself; more is for the queue to wait. */
export const longestWait = 5_000
const waitUnlessTold = 1_000
/** A server that names next year is asked again before. */
const longestClosed = 15 * 60_000

/** Milliseconds; `undefined` where the server says nothing. A date is taken against the server's own clock, not ours. */
export function readRetryAfter(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim()
  if (!text) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000
  const until = readHttpDate(text)
  const present = readHttpDate(headers.get('date'))
  if (until === undefined) return undefined
  // Without a clock to compare with it is some time, and too long to wait for here.
  return present === undefined ? longestWait + 1 : Math.max(until - present, 0)
}

/** `Fri, 20 Nov 2026 06:00:00 GMT` in milliseconds since 1970. */
export function readHttpDate(text: string | null): number | undefined {
  const at = /^[A-Z][a-z]+, .+ GMT$/.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** How long whoever asked waits before the one further try; `undefined`: there is none. */
export function waitBeforeRetry({
  status,
  headers,
}: {
  status: number
  headers: Headers
}): number | undefined {
  if (status !== 429) return undefined
  const wished = readRetryAfter(headers) ?? waitUnlessTold
  return wished <= longestWait ? wished : undefined
}

export interface RetryGate<T> {
  /** The answer that closed it; `undefined` while it is open. */
  closedBy(): T | undefined
  /** Closes for as long as the answer asks, where that is longer than anybody waits by himself. */
  note(answer: T): void
}

export function createRetryGate<T extends { status: number; headers: Headers }>(): RetryGate<T> {
  let closed: T | undefined
  return {
    closedBy: () => closed,
    note(answer) {
      if (answer.status !== 429 && answer.status !== 503) return
      const wished = readRetryAfter(answer.headers) ?? 0
      if (wished <= longestWait) return
      closed = answer
      const open = () => {
        if (closed === answer) closed = undefined
      }
      setTimeout(open, Math.min(wished, longestClosed)).unref()
    },
  }
}
