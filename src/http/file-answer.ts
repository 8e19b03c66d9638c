/** A file of the chart on its way out: it streams through us and is kept nowhere. */
import type { Request, Response } from 'express'
import type { OpenBinary } from '../flows/ports.ts'

export interface FileAnswer {
  /** MIME type. */
  contentType: string
  /** With its ending. */
  name: string
  stream(): Promise<OpenBinary>
}

/** To HEAD without its bytes. */
export async function answerFile(file: FileAnswer, request: Request, response: Response): Promise<void> {
  const { name, contentType } = file
  const { stream, size } = await file.stream()
  response.set({
    'content-type': asHeader(contentType),
    'content-disposition': disposition(name),
    'cache-control': 'no-store',
    // Whatever is in the chart, it runs nothing under our own address.
    'content-security-policy': "default-src 'none'; sandbox",
    'accept-ranges': 'none',
  })
  if (size !== undefined) response.set('content-length', String(size))
  if (request.method !== 'HEAD') return pour(stream, response)
  await stream.cancel()
  response.end()
}

/** As fast as the company takes it, and no faster: no more of a file than a piece is ever in memory. */
async function pour(stream: OpenBinary['stream'], response: Response): Promise<void> {
  const reader = stream.getReader()
  // Who hangs up must not leave the EMR sending.
  response.once('close', () => void reader.cancel().catch(() => undefined))
  for (;;) {
    const { done, value } = await reader.read()
    if (done || response.destroyed) break
    if (!response.write(value)) await emptied(response)
  }
  response.end()
}

function emptied(response: Response): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })
}

function asHeader(contentType: string): string {
  return /^[\w.+-]+\/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$/.test(contentType)
    ? contentType
    : 'application/octet-stream'
}

/** RFC 6266: for old readers once more in ASCII. */
function disposition(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `inline; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
