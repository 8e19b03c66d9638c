/**
 * Whom an EMR's script means by what it wrote: a patient, or an address that leads to exactly one. Sentences name what to
 * do and never repeat a number or mailbox.
 */
import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/max'
import { type Address, parseAddress } from './address.ts'
import { type Channel, channelsOfSameAddress } from './channel.ts'
import type { Reference } from './message-request.ts'
import type { Person } from './person.ts'
import { type Reason, reasons } from './reason.ts'

export interface Refusal {
  reason: Reason
  /** One sentence for people. */
  error: string
}

export type Recipient =
  | { kind: 'patient'; patient: Reference }
  /** Searched for in the charts; `channels` are those it can be reached by. */
  | { kind: 'address'; address: Address; channels: Channel[] }
  | ({ kind: 'refused' } & Refusal)

/** `country` (ISO 3166 alpha-2) is the clinic's: it only helps to say how a number is to be written. */
export function readRecipient(text: string, country: string): Recipient {
  const wanted = text.trim()
  if (/^Patient\/[A-Za-z0-9.-]{1,64}$/.test(wanted)) return { kind: 'patient', patient: wanted }
  if (wanted.includes('@')) return readAddress('email', wanted, 'This is not a mailbox.')
  if (wanted.startsWith('+')) return readAddress('sms', wanted, 'This is not a number that can be reached.')
  if (/^00[\s().-]*[1-9]/.test(wanted))
    return refused('invalid-address', 'This is a number with its country: write 00 as +.')
  if (/^[\d\s().-]{3,}$/.test(wanted)) return refused('invalid-address', withoutCountry(country))
  return refused('invalid-address', 'This is neither a patient (Patient/…) nor a number nor a mailbox.')
}

function readAddress(channel: Channel, text: string, otherwise: string): Recipient {
  const parsed = parseAddress(channel, text)
  if (parsed.kind === 'address')
    return { kind: 'address', address: parsed.address, channels: channelsOfSameAddress(channel) }
  return refused(parsed.reason, parsed.reason === 'not-a-mobile' ? reasons['not-a-mobile'] : otherwise)
}

function withoutCountry(country: string): string {
  const code = getCountryCallingCode(country as CountryCode)
  return `This is a number without its country: write it as +${code}….`
}

/** Of those whom the EMR found for the address; it may have found more than were asked for. */
export function choosePatient(address: Address, found: Person[]): Recipient {
  const own = found.filter((person) =>
    person.addresses.some(({ parsed }) => parsed.kind === 'address' && parsed.address === address),
  )
  const [person, ...others] = own.filter(({ active, deceased }) => active && !deceased)
  if (!person) return refused('patient-missing', 'The address stands in no patient’s chart.')
  if (others.length > 0)
    return refused('patient-missing', 'The address stands in several charts: name the patient (Patient/…).')
  return { kind: 'patient', patient: person.reference }
}

function refused(reason: Reason, error: string): Recipient {
  return { kind: 'refused', reason, error }
}
