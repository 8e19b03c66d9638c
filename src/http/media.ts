/**
 * `/media/{token}`: a company fetches the one file that it was told of, within minutes. It streams from the EMR through
 * us and is kept nowhere.
 */
import type { Request, Response } from 'express'
import { answerFile } from './file-answer.ts'
import type { WebParts } from './parts.ts'
import { RefusedRequest } from './problem.ts'
import type { Route } from './route.ts'

/** HEAD comes here too. */
export function mediaRoutes(parts: WebParts): Route[] {
  const handle = (request: Request, response: Response) => serve(parts, request, response)
  return [{ method: 'get', path: '/media/:token', guard: { kind: 'media-token' }, handle }]
}

async function serve(parts: WebParts, request: Request, response: Response): Promise<void> {
  const opened = await parts.openMedia(String(request.params.token))
  if (opened.kind === 'foreign') return refuse(parts, 401, 'foreign', 'This is no link of ours.')
  if (opened.kind === 'gone') return refuse(parts, 404, 'gone', 'There is no file at this address any more.')
  return answerFile(opened.file, request, response)
}

function refuse({ tally }: Pick<WebParts, 'tally'>, status: number, label: string, sentence: string): never {
  tally.count('refused', `media-${label}`)
  throw new RefusedRequest(status, sentence)
}
