/** A search's parameters, in order, and which of them may stand in a URL: URLs end in access logs. */

export type Pairs = [name: string, value: string][]

/** Servers and proxies begin to refuse URLs at about 2,000 characters. */
const longestQuery = 1_500

/** Parameters whose values say who someone is or how to reach them, also when chained or modified. */
const privateName =
  /(^|[.:])(identifier|telecom|phone|email|name|family|given|phonetic|birthdate|address(-[a-z]+)?)(:|$)/

export function mustBePosted(pairs: Pairs): boolean {
  return isPrivate(pairs) || String(new URLSearchParams(pairs)).length > longestQuery
}

export function isPrivate(pairs: Pairs): boolean {
  return pairs.some(([name]) => privateName.test(name))
}

/** `system|value` for a token search; a comma, bar or dollar in either would be read as more than one. */
export function toToken({ system, value }: { system: string; value: string }): string {
  return [system, value].map((text) => text.replace(/[\\,$|]/g, '\\$&')).join('|')
}
