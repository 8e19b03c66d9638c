/**
 * Whether a mail is from whom it says, as the clinic's own mail server found (RFC 8601). Of the headers that bear that
 * server's name only the topmost counts: what stands below may have come with the mail.
 */
import type { Email } from 'postal-mime'
import type { Address } from '../../domain/address.ts'

export function isProven(mail: Email, from: Address, authservId: string): boolean {
  // Of two, the server may have looked at the other one.
  if (mail.headers.filter(({ key }) => key === 'from').length !== 1) return false
  const domain = domainIn(from)
  const results = resultsOf(mail, authservId.toLowerCase())
  const told = results.filter(({ method }) => method === 'dmarc')
  const hasPolicy = told.some(({ result }) => !withoutPolicy.includes(result))
  if (hasPolicy) return told.every((one) => one.result === 'pass' && domainOf(one, 'header.from') === domain)
  // A domain without a policy may sign all the same.
  return results.some((one) => one.result === 'pass' && isAbove(signerOf(one), domain))
}

/** `bestguesspass`: one large provider's word for what would have passed. */
const withoutPolicy = ['none', 'bestguesspass']

interface Result {
  /** `dmarc`, `dkim`, `spf` … */
  method: string
  /** `pass`, `fail`, `none` … */
  result: string
  /** `header.from`, `smtp.mailfrom` … */
  properties: Record<string, string>
}

/** In characters; a server that has more to say is not heard to the end. */
const longest = 10_000

function resultsOf(mail: Email, authservId: string): Result[] {
  const [, ...said] =
    mail.headers
      .filter(({ key }) => key === 'authentication-results')
      .map(({ value }) => plain(value.slice(0, longest)).split(';'))
      .find(([server = '']) => server.trim().split(/\s+/)[0] === authservId) ?? []
  return said.flatMap((one) => {
    const [, method, result] = /^\s*([a-z-]+)(?:\s*\/\s*\d+)?\s*=\s*([a-z]+)(?=\s|$)/.exec(one) ?? []
    return method && result ? { method, result, properties: propertiesIn(one) } : []
  })
}

function propertiesIn(text: string): Record<string, string> {
  const found = text.matchAll(/(?<=\s)([a-z]{1,20}\.[a-z-]{1,20})\s{0,5}=\s{0,5}(\S+)/g)
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value]))
}

/** In small letters, without comments, and no sign within quotation marks that could end or begin a result. */
function plain(text: string): string {
  let said = ''
  let depth = 0
  let isQuoted = false
  for (const [sign] of text.toLowerCase().matchAll(/\\.|[\s\S]/g)) {
    if (sign === '"' && depth === 0) isQuoted = !isQuoted
    else if (isQuoted) said += /^[\w.@+-]$/.test(sign) ? sign : '_'
    else if (sign === '(') depth += 1
    else if (sign === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) said += sign.length > 1 ? '_' : sign
  }
  return said
}

/** Whose word for the mail it is; of the others none stands for the writer. */
function signerOf(one: Result): string {
  if (one.method === 'dkim') return domainOf(one, 'header.d') || domainOf(one, 'header.i')
  return one.method === 'spf' ? domainOf(one, 'smtp.mailfrom') : ''
}

function domainOf({ properties }: Result, name: string): string {
  return domainIn(properties[name] ?? '')
}

function domainIn(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).replace(/\.$/, '')
}

/** Who owns a domain owns what is below it; the other way round it may be anyone's (`ada.pages.example`). */
function isAbove(signer: string, domain: string): boolean {
  return signer.includes('.') && (signer === domain || domain.endsWith(`.${signer}`))
}
