/** The imitated media API: files go up as a form, come down in two steps, and are checked for type and size. */
import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import type { CarrierDesk, WireAnswer } from '../phones/wire.ts'
import { graphError, invalidParameter, noSuchObject } from './meta-errors.ts'

const megabyte = 1024 * 1024

/** Each row: the types, and the most bytes; whatever is not here is a document. */
const limits: [RegExp, number][] = [
  [/^image\/(jpeg|png)$/, 5 * megabyte],
  [/^audio\/(aac|mp4|mpeg|amr|ogg; ?codecs=opus)$/, 16 * megabyte],
  [/^video\/(mp4|3gpp)$/, 16 * megabyte],
  [/^(application|text)\/[\w.+-]+$/, 100 * megabyte],
]

export async function takeFile(request: Request, { files }: CarrierDesk): Promise<WireAnswer> {
  const form = await readForm(request)
  const file = form?.get('file')
  if (form?.get('messaging_product') !== 'whatsapp' || !(file instanceof Blob))
    return invalidParameter('messaging_product and file are needed')
  const [, most] = limits.find(([types]) => types.test(file.type)) ?? []
  if (most === undefined) return invalidParameter('Param file must be a file with one of the supported types')
  if (file.size > most) {
    const title = 'Media upload error'
    return graphError({ status: 400, code: 131053, title, details: 'The file is too large' })
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  return { status: 200, body: { id: files.put({ contentType: file.type.replace(/;.*/, ''), bytes }) } }
}

async function readForm({ headers, body }: Request): Promise<FormData | undefined> {
  if (!Buffer.isBuffer(body)) return undefined
  const given = new globalThis.Response(new Uint8Array(body), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  })
  return given.formData().catch(() => undefined)
}

/** The URL is good for a while, and only with the token. */
export function tellFile({ params }: Request<{ id: string }>, { files, baseUrl }: CarrierDesk): WireAnswer {
  const { id } = params
  const file = files.get(id)
  if (!file) return noSuchObject
  const body = {
    ...{ messaging_product: 'whatsapp', id, url: `${baseUrl()}/meta/download/${id}` },
    ...{ mime_type: file.contentType, file_size: file.bytes.length },
    sha256: createHash('sha256').update(file.bytes).digest('hex'),
  }
  return { status: 200, body }
}

export function handOver(
  { params }: Request<{ id: string }>,
  response: Response,
  { files }: CarrierDesk,
): void {
  const file = files.get(params.id)
  if (!file) return void response.status(404).end()
  response.set({ 'content-type': file.contentType }).send(Buffer.from(file.bytes))
}
