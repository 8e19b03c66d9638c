/** Files in both directions: ours are uploaded and then sent by id, a patient's are found by id and then downloaded. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { InboundFile, Outcome } from '../../domain/outcome.ts'
import type { FileKind, OutgoingFile } from '../../domain/outgoing.ts'
import { second } from '../../domain/time.ts'
import { type Answer, call, within } from '../call.ts'
import type { FetchedFile } from '../provider.ts'
import { toRefusal } from '../refusal.ts'
import { type Account, authorization, endpoint } from './account.ts'
import { refusedIn } from './codes.ts'

const megabyte = 1024 * 1024

/** As the media API documents them. */
const largest: Record<FileKind, number> = {
  document: 100 * megabyte,
  image: 5 * megabyte,
  voice: 16 * megabyte,
  video: 16 * megabyte,
}

// Up

export type Uploaded = { kind: 'uploaded'; id: string } | { kind: 'failed'; outcome: Outcome }

/** Reading and uploading together, so that there is time left for the message itself. */
const uploadFor = 16 * second

/** Whatever goes wrong here, no message was sent. */
export function upload(file: OutgoingFile, account: Account): Promise<Uploaded> {
  const most = largest[file.kind]
  if ((file.size ?? 0) > most) return Promise.resolve(failed(tooLarge))
  return within(uploadFor, undefined, async (until) => {
    const bytes = await Promise.race([file.read(most).catch(() => undefined), endOf(until)])
    if (!bytes) return failed({ kind: 'unreachable', code: 'file-unread' })
    if (bytes.length > most) return failed(tooLarge)
    const answer = await call({
      method: 'POST',
      url: endpoint(account, [account.phoneNumberId, 'media']),
      headers: authorization(account),
      body: toForm(file, bytes),
      timeoutFor: uploadFor,
      until,
    })
    if (answer.kind === 'answer') return toUploaded(answer)
    return failed({ kind: 'unreachable', code: until.aborted ? 'upload-too-slow' : answer.code })
  })
}

function endOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
}

const tooLarge: Outcome = { kind: 'rejected', reason: 'file-refused', code: 'too-large' }

/** The name that the patient sees goes with the message, not with the upload. */
export function toForm({ contentType }: OutgoingFile, bytes: Uint8Array): FormData {
  // Ogg is taken with this codec only, and only when it is named.
  const type = contentType === 'audio/ogg' ? 'audio/ogg; codecs=opus' : contentType
  const form = new FormData()
  form.append('messaging_product', 'whatsapp')
  form.append('type', type)
  form.append('file', new Blob([new Uint8Array(bytes)], { type }), 'file')
  return form
}

const uploadAnswer = z.object({ id: z.string().min(1) })

export function toUploaded(answer: Omit<Answer, 'kind'>): Uploaded {
  const parsed = uploadAnswer.safeParse(answer.body)
  if (answer.status < 300)
    return parsed.success
      ? { kind: 'uploaded', id: parsed.data.id }
      : failed({ kind: 'unreachable', code: 'no-file-id' })
  const { meaning, code, waitFor } = refusedIn(answer)
  if (meaning === 'unknown') return failed({ kind: 'unreachable', code })
  // Nothing but the file can be wrong in this request.
  return failed(toRefusal(meaning === 'rejected' ? 'file-refused' : meaning, code, waitFor))
}

function failed(outcome: Outcome): Uploaded {
  return { kind: 'failed', outcome }
}

// Down

/** The URL lives for five minutes. */
const found = z.object({
  url: z.url(),
  mime_type: z.string().min(1),
  file_size: z.coerce.number().optional().catch(undefined),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .catch(undefined),
})

export async function fetchFile(file: InboundFile, account: Account, most: number): Promise<FetchedFile> {
  const answer = await call({
    method: 'GET',
    url: endpoint(account, [file.location], { phone_number_id: account.phoneNumberId }),
    headers: authorization(account),
  })
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  if (answer.status >= 300) return toNotFound(answer)
  const place = found.safeParse(answer.body)
  if (!place.success) return { kind: 'unreachable', code: 'no-file-url' }
  const { url, mime_type, file_size = 0, sha256 } = place.data
  if (file_size > most) return { kind: 'refused', because: 'too-large' }
  if (!mayHaveToken(url, account)) return { kind: 'unreachable', code: 'insecure-file-url' }
  const contentType = mime_type.replace(/;.*/, '').trim()
  const got = await call({ method: 'GET', url, headers: authorization(account), expects: 'bytes', most })
  if (got.kind !== 'answer') return { kind: 'unreachable', code: got.code }
  // The webhook was signed; what is told now is the next best.
  return toFile(got, { contentType, sha256: file.sha256 ?? sha256 }, most)
}

/** Files lie on another host than the API; the company wants its token there too. */
export function mayHaveToken(url: string, { baseUrl }: Account): boolean {
  const { protocol, origin } = new URL(url)
  return protocol === 'https:' || origin === new URL(baseUrl).origin
}

function toNotFound(answer: Answer): FetchedFile {
  const { meaning, code } = refusedIn(answer)
  // Ids live for days only; that one is gone looks like one that never was.
  const isGone = answer.status === 404 || code === '100' || meaning === 'file-refused'
  return isGone ? { kind: 'refused', because: 'gone' } : { kind: 'unreachable', code }
}

function toFile(
  { status, body }: Answer,
  file: Pick<InboundFile, 'contentType' | 'sha256'>,
  most: number,
): FetchedFile {
  if (status === 404 || status === 410) return { kind: 'refused', because: 'gone' }
  if (status !== 200 || !(body instanceof Uint8Array)) return { kind: 'unreachable', code: `http-${status}` }
  if (body.length > most) return { kind: 'refused', because: 'too-large' }
  const hash = createHash('sha256').update(body).digest('hex')
  if (file.sha256 !== undefined && hash !== file.sha256) return { kind: 'refused', because: 'altered' }
  return { kind: 'file', contentType: file.contentType, bytes: body }
}
