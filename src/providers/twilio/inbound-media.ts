/**
 * Files that patients sent: they lie with the company, behind the account's own door, and further on behind signed links. Only
 * the company's own hosts are asked, so that a webhook, or a redirect, leads to nobody else.
 */
import type { InboundFile } from '../../domain/outcome.ts'
import { type Answer, call, type Silence } from '../call.ts'
import type { FetchedFile, Provider } from '../provider.ts'
import { type Account, byKeyOrToken } from './account.ts'

/** More than the company takes from anyone, so that nothing is cut that is only larger than wanted. */
const largestEver = 32 * 1024 * 1024
const mostRedirects = 3

/** Hosts, with all that ends with a dot and their name. */
export interface Places {
  /** Of the company itself: they get the account's key. */
  doors: readonly string[]
  /** Where the doors lead to. What stands there is opened by signed links, and refused when a key comes with them. */
  stores: readonly string[]
}

export function createFileFetch(places: Places): NonNullable<Provider<Account>['fetchFile']> {
  return async (file, account, most) => {
    let place: string | undefined = file.location
    let answer: Answer | Silence | undefined
    for (let hop = 0; place && hop <= mostRedirects; hop += 1) {
      const kind = kindOf(place, account, places)
      if (!kind) return { kind: 'refused', because: 'gone' }
      answer = await get(place, hop === 0 && kind === 'door' ? byKeyOrToken(account) : {})
      place = redirectOf(answer, place)
    }
    return answer ? toFile(answer, file, most) : { kind: 'refused', because: 'gone' }
  }
}

export function kindOf(
  url: string,
  { baseUrl }: Pick<Account, 'baseUrl'>,
  { doors, stores }: Places,
): 'door' | 'store' | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, origin } = new URL(url)
  const isOf = (host: string) => hostname === host || hostname.endsWith(`.${host}`)
  if (/^https?:$/.test(protocol) && origin === new URL(baseUrl).origin) return 'door'
  if (protocol !== 'https:') return undefined
  return doors.some(isOf) ? 'door' : stores.some(isOf) ? 'store' : undefined
}

function get(url: string, headers: Record<string, string>): Promise<Answer | Silence> {
  return call({ method: 'GET', url, headers, expects: 'bytes', most: largestEver })
}

function redirectOf(answer: Answer | Silence, from: string): string | undefined {
  if (answer.kind !== 'answer' || ![301, 302, 303, 307, 308].includes(answer.status)) return undefined
  const { location } = answer.headers
  return typeof location === 'string' ? URL.parse(location, from)?.href : undefined
}

export function toFile(answer: Answer | Silence, file: InboundFile, most: number): FetchedFile {
  if (answer.kind !== 'answer') return { kind: 'unreachable', code: answer.code }
  const { status, headers, body } = answer
  if (status === 410) return { kind: 'refused', because: 'gone' }
  // 404 too: a file may come to its place a moment after the webhook that names it.
  if (status !== 200 || !(body instanceof Uint8Array)) return { kind: 'unreachable', code: `http-${status}` }
  if (body.length > most) return { kind: 'refused', because: 'too-large' }
  const [contentType = ''] = String(headers['content-type'] ?? '').split(';')
  return { kind: 'file', contentType: contentType.trim() || file.contentType, bytes: body }
}
