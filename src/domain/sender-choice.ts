/**
 * Which of the clinic's senders carries a message: the one that was written to; else, of those that can carry it to that
 * country and are well, the cheapest; and between equals each gets its share, the same one for the same message.
 */
import { type Address, countryOf } from './address.ts'
import type { Channel } from './channel.ts'
import type { RequestContent } from './message-request.ts'
import type { Carries } from './outgoing.ts'
import type { Prices } from './rate-card.ts'
import type { Reason } from './reason.ts'
import { isWell } from './sender-health.ts'
import { spread } from './spread.ts'
import type { Instant } from './time.ts'

export interface SenderFacts {
  id: string
  channel: Channel
  address: Address
  /** Absent: everything that its channel can. */
  carries?: Carries
  /** ISO 3166 alpha-2; absent means all. */
  countries?: string[]
  /** 1 unless the admin says otherwise. */
  weight?: number
  /** 0 to 1; absent means well. */
  health?: number
  paused?: boolean
  /** At a cap of its company's, or its company does not answer. */
  resting?: boolean
  /** When a place is free again, where that is known. */
  freeAt?: Instant
  /** Where a rate card tells them. */
  prices?: Prices
  /** Whether the wording that is to go out is approved; asked only where the channel's window is shut. */
  approved?: boolean
}

export interface SenderAsk {
  channel: Channel
  to: Address
  /** Absent: whatever every sender carries. */
  content?: RequestContent['kind']
  /** Our address that the patient wrote to. */
  writtenTo?: Address
  /** WhatsApp takes only approved wordings now. */
  windowShut?: boolean
  /** The same for the same patient, who then knows our number. */
  seed?: string
}

export type SenderChoice<S> =
  | { kind: 'chosen'; sender: S; because: 'written-to' | 'only' | 'cheapest' | 'share' }
  | { kind: 'none'; reason: Reason }

export function chooseSender<S extends SenderFacts>(senders: S[], ask: SenderAsk): SenderChoice<S> {
  const sieves: [Reason, (sender: S) => boolean][] = [
    ['no-sender', (sender) => sender.channel === ask.channel],
    ['content-not-carried', (sender) => isCarried(sender, ask.content)],
    ['country-not-served', (sender) => isServed(sender, ask.to)],
    ['template-not-approved', (sender) => isApproved(sender, ask)],
    ['sender-misconfigured', (sender) => sender.paused !== true],
    ['sender-resting', (sender) => sender.resting !== true],
  ]
  let fitting = senders
  for (const [reason, fits] of sieves) {
    fitting = fitting.filter(fits)
    if (fitting.length === 0) return { kind: 'none', reason }
  }
  const known = fitting.find((sender) => sender.address === ask.writtenTo)
  if (known) return { kind: 'chosen', sender: known, because: 'written-to' }
  return best(fitting, ask)
}

function isCarried({ carries }: SenderFacts, content: SenderAsk['content']): boolean {
  if (!carries || content === undefined) return true
  if (content === 'file') return carries.files.length > 0
  return content === 'reaction' ? carries.reactions : true
}

function isServed({ countries, channel }: SenderFacts, to: Address): boolean {
  if (!countries || channel === 'email') return true
  const country = countryOf(to)
  return country !== undefined && countries.includes(country)
}

function isApproved({ carries, approved }: SenderFacts, { windowShut }: SenderAsk): boolean {
  return !windowShut || carries?.templates !== 'approved' || approved === true
}

function best<S extends SenderFacts>(fitting: S[], { to, seed = '' }: SenderAsk): SenderChoice<S> {
  const well = fitting.filter(({ health = 1 }) => isWell(health))
  const able = well.length > 0 ? well : fitting
  const cheapest = cheapestOf(able, to)
  const [sender = able[0]] = cheapest.toSorted((a, b) => drawn(b, seed) - drawn(a, seed))
  if (!sender) return { kind: 'none', reason: 'no-sender' }
  if (fitting.length === 1) return { kind: 'chosen', sender, because: 'only' }
  return { kind: 'chosen', sender, because: cheapest.length < able.length ? 'cheapest' : 'share' }
}

/** Only prices that are all known, and in one currency, can be compared. */
function cheapestOf<S extends SenderFacts>(senders: S[], to: Address): S[] {
  const market = countryOf(to) ?? '*'
  const priceAt = ({ prices }: S) => prices?.byMarket[market] ?? prices?.byMarket['*']
  const known = senders.flatMap((sender) => priceAt(sender) ?? [])
  const currencies = new Set(senders.map(({ prices }) => prices?.currency))
  if (known.length < senders.length || currencies.size > 1) return senders
  const lowest = Math.min(...known)
  return senders.filter((sender) => priceAt(sender) === lowest)
}

/**
 * Weighted rendezvous: the greatest draw wins, each sender wins as often as its weight says, and a changed weight moves
 * only the messages that it must.
 */
function drawn({ id, weight = 1, health = 1 }: SenderFacts, seed: string): number {
  const chance = (spread(`${seed} ${id}`) * (2 ** 32 - 1) + 1) / (2 ** 32 + 1)
  return -(weight * Math.max(health, 0.01)) / Math.log(chance)
}
