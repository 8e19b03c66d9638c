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

export function isRightlySigned({ url, body, signature }: SignedCall, token: string): boolean {
  const hash = hashIn(url)
  const text = readText({ body })
  if (text === undefined) return false
  if (hash !== undefined && !isSame(hash, createHash('sha256').update(body).digest('hex'))) return false
  const fields = new URLSearchParams(hash === undefined ? text : '')
  return spellingsOf(url).some((spelling) => isSame(signature, signatureOf(spelling, fields, token)))
}

/** A field that comes several times counts once for each of its values, in their order. */
export function signatureOf(url: string, fields: URLSearchParams, token: string): string {
  const names = [...new Set(fields.keys())].toSorted()
  const said = names.map((name) => [...new Set(fields.getAll(name))].toSorted().map((value) => name + value))
  return createHmac('sha1', token)
    .update([url, ...said.flat()].join(''))
    .digest('base64')
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
  const given = new URLSearchParams(url.slice(at))
  // Names that are whole numbers first, in their order: those servers keep fields in an object, which does that.
  const grouped: Record<string, string[]> = Object.create(null)
  for (const name of new Set(given.keys())) grouped[name] = given.getAll(name)
  const pairs = Object.entries(grouped).flatMap(([name, values]) => values.map((value) => [name, value]))
  return `${url.slice(0, at)}?${pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')}`
}
