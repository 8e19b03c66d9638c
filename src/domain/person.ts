/** The patient as far as writing to them is concerned. */
import type { ParsedAddress } from './address.ts'
import type { Channel } from './channel.ts'
import type { Reference } from './message-request.ts'
import type { Instant } from './time.ts'

export interface AddressOnFile {
  channel: Channel
  parsed: ParsedAddress
  /** The EMR says not to use it any more, from then on. */
  validUntil?: Instant
  /** The EMR says not to send notifications there. */
  noNotifications: boolean
  /** 1 is used first (FHIR ContactPoint.rank); 99 where none is given. */
  rank: number
}

export interface Person {
  reference: Reference
  name: { full: string; given: string }
  birthDate?: string
  /** BCP 47, preferred first. */
  preferredLanguages: string[]
  active: boolean
  deceased: boolean
  /** meta.security says restricted or very restricted. */
  restricted: boolean
  addresses: AddressOnFile[]
  /** IANA name of where they live, where the chart tells. */
  zone?: string
}
