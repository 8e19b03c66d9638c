/** Errors on their way out: one sentence, no detail. The one table from error to status. */
import type { Request, Response } from 'express'
import { EmrError } from '../flows/ports.ts'
import type { WebParts } from './parts.ts'

export class RefusedRequest extends Error {
  readonly status: number
  constructor(status: number, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'RefusedRequest'
    this.status = status
  }
}

export function answerProblem(
  parts: Pick<WebParts, 'log' | 'tally'>,
  error: unknown,
  request: Request,
  response: Response,
): void {
  const { status, sentence } = meaningOf(error)
  if (status >= 500)
    parts.log.error('a request failed', { code: `${request.method} ${status}`, cause: error })
  // Refused by Express before any route could count it.
  if (status === 413) parts.tally.count('refused', 'body-too-large')
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (status === 503) response.setHeader('retry-after', '5')
  response.status(status).json({ error: sentence })
}

function meaningOf(error: unknown): { status: number; sentence: string } {
  if (error instanceof RefusedRequest) return { status: error.status, sentence: error.message }
  if (error instanceof EmrError) return { status: 503, sentence: 'The EMR cannot be reached at the moment.' }
  // Its percent signs say no letters; what Express says of it would be about the body.
  if (error instanceof URIError) return { status: 400, sentence: 'The address cannot be read.' }
  const { name, status } = error as { name?: string; status?: number }
  if (name === 'QueueUnavailable')
    return { status: 503, sentence: 'The queue cannot be reached at the moment.' }
  // What Express itself refuses: a body too large, or one that is not what it says.
  if (status === 413) return { status, sentence: 'The body is too large.' }
  if (status === 415) return { status, sentence: 'The body is packed, or in a script that is not read here.' }
  if (status && status >= 400 && status < 500) return { status: 400, sentence: 'The body cannot be read.' }
  return { status: 500, sentence: 'Something went wrong here. It was noted.' }
}
