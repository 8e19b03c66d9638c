/**
 * The sorted-form signature: base64 of HMAC-SHA1 over the public URL and, after it, every form field as name and value in
 * the order of the names. A body that is no form is signed by its hash, which then stands in the URL.
 */
import { createHash, createHmac } from 'node:crypto'
import { isSame, readText } from '../webhook.ts'

export interface SignedCall {
  /** Public, as it was called. */
  url: string
  body: Uint8Array
  signature: string
}

/** More than the company ever posts; what is larger is a stranger's, and is not worth the work of a hash. */
const longestBody = 64 * 1024
const mostFields = 500

export function isRightlySigned({ url, body, signature }: SignedCall, token: string): boolean {
  const text = body.length <= longestBody ? readText({ body }) : undefined
  if (text === undefined || text.split('&', mostFields + 1).length > mostFields) return false
  const hash = hashIn(url)
  if (hash !== undefined && !isSame(hash, createHash('sha256').update(body).digest('hex'))) return false
  const said = sortedForm(hash === undefined ? text : '')
  return spellingsOf(url).some((spelling) => isSame(signature, signatureOf(spelling, said, token)))
}

function signatureOf(url: string, said: string, token: string): string {
  return createHmac('sha1', token)
    .update(url + said)
    .digest('base64')
}

/** A field that comes several times counts once for each of its values, in their order. */
function sortedForm(text: string): string {
  const fields = [...valuesByName(text)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return fields
    .flatMap(([name, values]) => [...new Set(values)].toSorted().map((value) => name + value))
    .join('')
}

/** In one walk: a stranger may send thousands of names. */
function valuesByName(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) {
    const values = found.get(name)
    if (values) values.push(value)
    else found.set(name, [value])
  }
  return found
}

function hashIn(url: string): string | undefined {
  return URL.canParse(url) ? (new URL(url).searchParams.get('bodySHA256') ?? undefined) : undefined
}

/**
 * The URL that was signed may differ in spelling from the one that arrived: with the port or without it, and with its
 * query escaped as browsers do, or as older servers do.
 */
export function spellingsOf(url: string): string[] {
  const received = url.replace(/#.*$/s, '')
  const normal = URL.canParse(received) ? new URL(received).href : received
  return [...new Set([received, normal, escapedAnew(normal)].flatMap(withAndWithoutPort))]
}

function withAndWithoutPort(url: string): string[] {
  const [, scheme = '', user = '', host = '', port = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?(\[[^\]/?#]*\]|[^:/?#]*)(:[^/?#]*)?(.*)$/is.exec(url) ?? []
  if (!scheme) return [url]
  const usual = scheme.toLowerCase() === 'https://' ? ':443' : ':80'
  return [`${scheme}${user}${host}${rest}`, `${scheme}${user}${host}${port || usual}${rest}`]
}

/** Fields of one name come together, and spaces are `%20`. */
function escapedAnew(url: string): string {
  const at = url.indexOf('?')
  if (at === -1 || at === url.length - 1) return url
  // Names that are whole numbers first, in their order: those servers keep fields in an object, which does that.
  const grouped: Record<string, string[]> = Object.create(null)
  for (const [name, values] of valuesByName(url.slice(at))) grouped[name] = values
  const pairs = Object.entries(grouped).flatMap(([name, values]) => values.map((value) => [name, value]))
  return `${url.slice(0, at)}?${pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`
}
