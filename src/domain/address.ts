/** Phone numbers and mailboxes. An `Address` is only ever made by the parsers here, so it is always in one form. */
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max'
import type { Channel } from './channel.ts'
import type { Reason } from './reason.ts'

declare const addressBrand: unique symbol
/** E.164 (`+966501234567`), a mailbox in lower case, or a user id for people on WhatsApp who hide their number. */
export type Address = string & { readonly [addressBrand]: true }

export type ParsedAddress = { kind: 'address'; address: Address } | { kind: 'refused'; reason: Reason }

/** Reads an address as people write it; `country` (ISO 3166 alpha-2) helps numbers without one. */
export function parseAddress(channel: Channel, text: string, country?: string): ParsedAddress {
  return channel === 'email' ? parseMailbox(text) : parseMobile(text, country)
}

function parseMailbox(text: string): ParsedAddress {
  const trimmed = text.trim().toLowerCase()
  return mailbox.test(trimmed) && trimmed.length <= 254
    ? { kind: 'address', address: trimmed as Address }
    : { kind: 'refused', reason: 'invalid-address' }
}

/** One plain mailbox: what mail programs read as a list, a name, a group or a route has no place in it. */
const mailbox = /^[^\s\p{C}@<>"(),:;\\[\]]+@([^\s\p{C}@<>"(),:;\\[\].]+\.)+[^\s\p{C}@<>"(),:;\\[\].]{2,}$/u

function parseMobile(text: string, country?: string): ParsedAddress {
  try {
    const number = parsePhoneNumberWithError(text, { defaultCountry: country as CountryCode, extract: false })
    if (isMagic(number.number)) return { kind: 'address', address: number.number as string as Address }
    if (!number.isValid()) return { kind: 'refused', reason: 'invalid-address' }
    if (number.getType() === 'FIXED_LINE') return { kind: 'refused', reason: 'not-a-mobile' }
    return { kind: 'address', address: number.number as string as Address }
  } catch {
    return { kind: 'refused', reason: 'invalid-address' }
  }
}

/**
 * One of the clinic's own, as an admin writes it: a number with its country, a short code, a mailbox; for SMS also a name
 * that the company has registered, which nobody can answer.
 */
export function parseSenderAddress(channel: Channel, text: string): Address | undefined {
  const plain = text.trim()
  if (channel === 'sms' && isSenderName(plain)) return plain as Address
  const isWhole = channel === 'email' || plain.startsWith('+') || /^\d{3,6}$/.test(plain)
  return isWhole ? parseInboundAddress(channel, plain) : undefined
}

/** Up to eleven letters and digits, of which one is a letter. */
export function isSenderName(text: string): boolean {
  return /^(?=.*[A-Za-z])[A-Za-z0-9 ._-]{1,11}$/.test(text)
}

/**
 * The address someone wrote to us from, as a provider gives it. Whoever can write has an address, so a landline, a number
 * of an unknown plan or a short code is taken as it is; only what is no address at all is `undefined`.
 */
export function parseInboundAddress(channel: Channel, text: string): Address | undefined {
  const parsed = parseAddress(channel, text)
  if (parsed.kind === 'address') return parsed.address
  if (channel === 'whatsapp' && isUserId(text)) return text as Address
  const plain = text.replace(/[\s().-]/g, '')
  // Some providers write numbers without the plus.
  const international = /^\d{8,15}$/.test(plain) ? parseAddress(channel, `+${plain}`) : parsed
  if (international.kind === 'address') return international.address
  return channel !== 'email' && /^\+?\d{3,15}$/.test(plain) ? (plain as Address) : undefined
}

/** A person of WhatsApp's without a number, known to one business only: `SA.10000000000000000001`. */
export function isUserId(text: string): boolean {
  return /^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/.test(text)
}

/** ISO 3166 alpha-2 of a number; mailboxes and short codes are of none. */
export function countryOf(address: Address): string | undefined {
  return address.includes('@') ? undefined : parsePhoneNumberFromString(address)?.country
}

/** Whether numbers of this country (ISO 3166 alpha-2) can be read when they are written without it. */
export function isCountry(code: string): boolean {
  return isSupportedCountry(code)
}

/** The carriers' test numbers, +1 500 555 00xx: no country has given them out, and every test carrier knows them. */
function isMagic(number: string): boolean {
  return /^\+150055500\d\d$/.test(number)
}

/** `+9665•••••567`, `s•••@clinic.example`: for audit and screens of staff without a need to know. */
export function maskAddress(address: Address): string {
  const at = address.indexOf('@')
  if (at > 0) return `${address.slice(0, 1)}•••${address.slice(at)}`
  return `${address.slice(0, 5)}•••••${address.slice(-3)}`
}

/** The ways a number is commonly written in a chart, for servers that match `telecom` only to the letter. */
export function spellings(address: Address): string[] {
  if (address.includes('@')) return [address]
  const number = parsePhoneNumberFromString(address)
  // A short code has one spelling.
  if (!number) return [address]
  return [
    ...new Set([
      address,
      address.slice(1),
      `00${address.slice(1)}`,
      number.formatInternational(),
      number.formatNational(),
      number.formatNational().replace(/\D/g, ''),
      number.nationalNumber as string,
    ]),
  ]
}
