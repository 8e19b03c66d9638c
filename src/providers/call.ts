/**
 * One call to a company, at most once. Whatever happens is a value: it answered, it surely never got the call, or nobody
 * knows. Redirects are not followed, so that credentials go nowhere else.
 */
import axios, { AxiosError } from 'axios'
import type { Outcome } from '../domain/outcome.ts'
import { second } from '../domain/time.ts'

/** Below the queue's lock, so that a call never outlives its job. */
const timeoutFor = 10 * second
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
}

export interface Answer {
  kind: 'answer'
  status: number
  /** Names in lower case. */
  headers: Record<string, unknown>
  body: unknown
}

/** No answer. `never-left`: no connection ever stood, so nothing was taken. */
export type Silence = { kind: 'never-left'; code: string } | { kind: 'never-seen'; code: string }

export async function call({
  method,
  url,
  headers,
  body,
  expects,
  most = longestAnswer,
}: Call): Promise<Answer | Silence> {
  // The client's own timeout begins anew with every byte that comes.
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), timeoutFor)
  try {
    const answer = await axios.request<unknown>({
      ...{ method, url, headers, data: body },
      ...(expects === 'bytes' && { responseType: 'arraybuffer' }),
      signal: tooLate.signal,
      maxRedirects: 0,
      maxContentLength: most,
      validateStatus: () => true,
      // Absolute and ours: no variable of the machine sends it elsewhere.
      proxy: false,
    })
    return { kind: 'answer', status: answer.status, headers: { ...answer.headers }, body: answer.data }
  } catch (error) {
    return silenceOf(error)
  } finally {
    clearTimeout(timer)
  }
}

/** Only what failed before a connection stood is surely not sent. */
const beforeAnything = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

export function silenceOf(error: unknown): Silence {
  const code = error instanceof AxiosError ? (error.code ?? 'no-code') : 'no-code'
  return { kind: beforeAnything.includes(code) ? 'never-left' : 'never-seen', code }
}

/** What a send makes of no answer. */
export function unanswered({ kind, code }: Silence): Outcome {
  return kind === 'never-left' ? { kind: 'unreachable', code } : { kind: 'unknown', because: code }
}
