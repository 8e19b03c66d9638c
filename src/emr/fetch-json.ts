/** A plain request to a host's OAuth endpoints. Its errors never quote the answer: JSON.parse would. */
import { EmrError } from '../flows/ports.ts'

export interface JsonAnswer {
  status: number
  ok: boolean
  headers: Headers
  /** `undefined` when the answer is not a JSON object. */
  body?: Record<string, unknown>
}

export async function fetchJson(
  doing: string,
  url: string,
  request: {
    method?: string
    headers?: Record<string, string>
    /** A form, or JSON as text. */
    body?: URLSearchParams | string
    timeoutFor?: number
  } = {},
): Promise<JsonAnswer> {
  const { timeoutFor = 10_000, ...init } = request
  const signal = AbortSignal.timeout(timeoutFor)
  try {
    const headers = { accept: 'application/json', ...init.headers }
    const response = await fetch(url, { ...init, headers, signal, redirect: 'manual' })
    const { status, ok } = response
    return { status, ok, headers: response.headers, body: toObject(await response.text()) }
  } catch (error) {
    if (signal.aborted) throw new EmrError(`${doing}: no answer within ${timeoutFor} ms`)
    throw new EmrError(`${doing}: it could not be reached`, { cause: error })
  }
}

function toObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
