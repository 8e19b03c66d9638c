/** Files that patients sent: they lie with the company, behind the account's own door, and further on behind a signed link. */
import type { InboundFile } from '../../domain/outcome.ts'
import { type Answer, call, type Silence } from '../call.ts'
import type { FetchedFile } from '../provider.ts'
import { type Account, byKeyOrToken } from './account.ts'

/** More than the company takes from anyone, so that nothing is cut that is only larger than wanted. */
const largestEver = 32 * 1024 * 1024

export async function fetchFile(file: InboundFile, account: Account, most: number): Promise<FetchedFile> {
  if (!URL.canParse(file.location)) return { kind: 'refused', because: 'gone' }
  // The token goes to the company and to nobody else.
  const isTheirs = new URL(file.location).origin === new URL(account.baseUrl).origin
  const first = await get(file.location, isTheirs ? byKeyOrToken(account) : {})
  const further = redirectOf(first, file.location)
  return toFile(further ? await get(further) : first, file, most)
}

function get(url: string, headers: Record<string, string> = {}): Promise<Answer | Silence> {
  return call({ method: 'GET', url, headers, expects: 'bytes', most: largestEver })
}

function redirectOf(answer: Answer | Silence, from: string): string | undefined {
  if (answer.kind !== 'answer' || ![301, 302, 303, 307, 308].includes(answer.status)) return undefined
  const { location } = answer.headers
  if (typeof location !== 'string' || !URL.canParse(location, from)) return undefined
  const to = new URL(location, from)
  return /^https?:$/.test(to.protocol) ? to.href : undefined
}

export function toFile(answer: Answer | Silence, file: InboundFile, most: number): FetchedFile {
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  const { status, headers, body } = answer
  if (status === 404 || status === 410) return { kind: 'refused', because: 'gone' }
  if (status !== 200 || !(body instanceof Uint8Array)) return { kind: 'unreachable', code: `http-${status}` }
  if (body.length > most) return { kind: 'refused', because: 'too-large' }
  const [contentType = ''] = String(headers['content-type'] ?? '').split(';')
  return { kind: 'file', contentType: contentType.trim() || file.contentType, bytes: body }
}
