/**
 * One call to a company, at most once. Whatever happens is a value: it answered, it surely never got the call, or nobody
 * knows. Redirects are not followed, so that credentials go nowhere else.
 */
import axios, { AxiosError } from 'axios'
import type { Outcome } from '../domain/outcome.ts'
import { type Duration, second } from '../domain/time.ts'
import { watchDeparture } from './departure.ts'

/** Below the queue's lock, so that a call never outlives its job. */
const usualTimeout = 10 * second
const longestAnswer = 1_000_000

export interface Call {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers?: Record<string, string>
  /** Text as it goes out; a `FormData` writes its own content type. */
  body?: string | FormData
  /** `bytes` for files; else the text is read as JSON where it is JSON. */
  expects?: 'bytes'
  /** Largest answer in bytes. */
  most?: number
  /** From the first step to the last byte; for uploads, which need longer than the usual 10 seconds. */
  timeoutFor?: Duration
  /** Ends it sooner, with whatever it is a part of. */
  until?: AbortSignal
}

export interface Answer {
  kind: 'answer'
  status: number
  /** Names in lower case. */
  headers: Record<string, unknown>
  body: unknown
}

/** No answer. `never-left`: no connection ever stood that could be trusted, so nothing was taken. */
export type Silence = { kind: 'never-left'; code: string } | { kind: 'never-seen'; code: string }

export async function call(given: Call): Promise<Answer | Silence> {
  const { method, url, headers, body, expects, most = longestAnswer, timeoutFor = usualTimeout } = given
  const departure = watchDeparture()
  return within(timeoutFor, given.until, async (signal) => {
    try {
      const answer = await axios.request<unknown>({
        ...{ method, url, headers, data: body, signal },
        ...(expects === 'bytes' && { responseType: 'arraybuffer' }),
        transport: departure.transport,
        maxRedirects: 0,
        maxContentLength: most,
        validateStatus: () => true,
        // Absolute and ours: no variable of the machine sends it elsewhere.
        proxy: false,
      })
      return { kind: 'answer', status: answer.status, headers: { ...answer.headers }, body: answer.data }
    } catch (error) {
      return silenceOf(error, departure.mayHaveLeft())
    }
  })
}

/** The signal comes when the time is over. The client's own timeout would begin anew with every byte that comes. */
export async function within<T>(
  most: Duration,
  until: AbortSignal | undefined,
  story: (over: AbortSignal) => Promise<T>,
): Promise<T> {
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), most)
  try {
    return await story(until ? AbortSignal.any([tooLate.signal, until]) : tooLate.signal)
  } finally {
    clearTimeout(timer)
  }
}

export function silenceOf(error: unknown, mayHaveLeft: boolean): Silence {
  const code = error instanceof AxiosError ? (error.code ?? 'no-code') : 'no-code'
  return { kind: mayHaveLeft ? 'never-seen' : 'never-left', code }
}

/** What a send makes of no answer. */
export function unanswered({ kind, code }: Silence): Outcome {
  return kind === 'never-left' ? { kind: 'unreachable', code } : { kind: 'unknown', because: code }
}
