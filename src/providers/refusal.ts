/** From a company's codes to our outcomes: each company has its table of meanings, this file what a meaning makes. */
import type { DeliveryEvent, Outcome } from '../domain/outcome.ts'
import { isReason, type Reason } from '../domain/reason.ts'
import { type Duration, hour, second } from '../domain/time.ts'

/** `throttled-for-long`: a cap of the day or of the account, not of the second. */
export type Meaning =
  | 'throttled'
  | 'throttled-for-long'
  | 'unreachable'
  | 'unknown'
  | 'opted-out'
  | 'misconfigured'
  | Reason

/** Code, or `200-299`, to its meaning. Written as rows, so that each can say why. */
export function tableOf(
  rows: readonly (readonly [Meaning, ...string[]])[],
): (code: string) => Meaning | undefined {
  const single = new Map<string, Meaning>()
  const ranges: { from: number; to: number; meaning: Meaning }[] = []
  for (const [meaning, ...codes] of rows)
    for (const code of codes.flatMap((one) => one.split(' '))) {
      const [, from, to] = /^(\d+)-(\d+)$/.exec(code) ?? []
      if (from && to) ranges.push({ from: Number(from), to: Number(to), meaning })
      else single.set(code, meaning)
    }
  return (code) =>
    single.get(code) ??
    ranges.find(({ from, to }) => /^\d+$/.test(code) && Number(code) >= from && Number(code) <= to)?.meaning
}

/** Where a code is in no table. A 5xx that does not say "not taken" may have been taken. */
export function meaningOfStatus(status: number): Meaning {
  if (status === 429) return 'throttled'
  // The company gave up waiting for the request, or would not look at it yet.
  if (status === 408 || status === 425) return 'unreachable'
  if (status === 401 || status === 403) return 'misconfigured'
  return status >= 500 ? 'unknown' : 'rejected'
}

const restForLong = hour

/** The outcome of a refused send. `waitFor` is what the company asked for, if it did. */
export function toRefusal(meaning: Meaning, code: string, waitFor?: Duration): Outcome {
  switch (meaning) {
    case 'throttled':
      return { kind: 'throttled', waitFor: waitFor ?? second }
    case 'throttled-for-long':
      return { kind: 'throttled', waitFor: waitFor ?? restForLong }
    case 'unknown':
      return { kind: 'unknown', because: code }
    case 'unreachable':
    case 'misconfigured':
    case 'opted-out':
      return { kind: meaning, code }
    default:
      return { kind: 'rejected', reason: meaning, code }
  }
}

/** Why a message that was taken did not arrive, for a delivery event. */
export function reasonOf(meaning: Meaning | undefined): NonNullable<DeliveryEvent['reason']> {
  if (meaning === 'opted-out') return 'provider-opt-out'
  if (meaning === 'misconfigured') return 'sender-misconfigured'
  return isReason(meaning) ? meaning : 'undelivered'
}

/**
 * `Retry-After`, in seconds or as a date, which is read by the clock of whoever wrote it: the answer's own `Date`. `undefined`
 * where there is none. Never more than an hour.
 */
export function retryAfter({ 'retry-after': given, date }: Record<string, unknown>): Duration | undefined {
  const isPlain = typeof given === 'number' || (typeof given === 'string' && given.trim() !== '')
  const seconds = isPlain ? Number(given) : Number.NaN
  const wait = Number.isNaN(seconds) ? momentOf(given) - momentOf(date) : seconds * second
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, hour) : undefined
}

/** `Fri, 20 Nov 2026 05:00:00 GMT`; else no number. */
function momentOf(given: unknown): number {
  return typeof given === 'string' && /^\w{3,9}, .* GMT$/.test(given) ? Date.parse(given) : Number.NaN
}

/** A company's code as it may stand in resources, logs and metrics: what is no code might hold anything. */
export function codeOf(given: unknown): string | undefined {
  const text = typeof given === 'number' ? String(given) : given
  return typeof text === 'string' && /^[\w.-]{1,64}$/.test(text) ? text : undefined
}
