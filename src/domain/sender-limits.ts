/**
 * What a company allows a sender beside its speed: messages a day, people a day, and one message to the same person only
 * every few seconds. A day is the last 24 hours at any moment. `src/queue/caps-script.ts` is the same in Redis's own
 * language; the contract suite holds both to it.
 */
import type { Attempt } from './attempt.ts'
import type { Channel } from './channel.ts'
import { mayHaveLeft } from './delivery.ts'
import { isWindowOpen } from './open-channel.ts'
import { isFreeToRepeat } from './repeat.ts'
import { after, before, type Duration, day, type Instant, minute } from './time.ts'

/** Nothing is limited that is not named. */
export interface SenderLimits {
  /** Messages in 24 hours. */
  perDay?: number
  /** People in 24 hours, who had not written within the company's window; whoever was written to counts once. */
  peoplePerDay?: number
  /** Senders of one portfolio count their people together. */
  portfolio?: string
  /** Seconds between two messages to the same person. */
  samePersonEvery?: number
}

export type CapVerdict =
  | { kind: 'free' }
  /** The same person has to wait, for seconds. */
  | { kind: 'soon'; at: Instant }
  /** Nothing is free before then; it may be taken again by others. */
  | { kind: 'full'; until: Instant }

/** A message that counts. People are known by a mark from which nothing leads back. */
export interface Use {
  sender: string
  person: string
  at: Instant
  opens: boolean
}

/** Messages are counted in pieces of a day; a piece counts until all of it is over. */
export const piece: Duration = 10 * minute

export function judgeUse(
  uses: Use[],
  { sender, person, opens }: Omit<Use, 'at'>,
  { limits, portfolio }: { limits: SenderLimits; portfolio: string[] },
  now: Instant,
): CapVerdict {
  const { perDay, peoplePerDay, samePersonEvery } = limits
  const own = uses.filter((use) => use.sender === sender)
  const day = own.map((use) => countsUntil(use)).filter((until) => until > now)
  const until: Instant[] = []
  if (perDay !== undefined && day.length >= perDay) until.push(first(day))
  const people = peopleOf(
    uses.filter((use) => use.opens && portfolio.includes(use.sender)),
    now,
  )
  const isNew = opens && !people.has(person)
  if (peoplePerDay !== undefined && isNew && people.size >= peoplePerDay)
    until.push(first([...people.values()]))
  if (until.length > 0) return { kind: 'full', until: Math.max(...until) as Instant }
  const last = Math.max(...own.filter((use) => use.person === person).map(({ at }) => at))
  const again = last + (samePersonEvery ?? 0) * 1_000
  return again > now ? { kind: 'soon', at: again as Instant } : { kind: 'free' }
}

function first(times: Instant[]): Instant {
  return Math.min(...times) as Instant
}

function countsUntil({ at }: Use): Instant {
  return after(((Math.floor(at / piece) + 1) * piece) as Instant, day)
}

/** Each until when: a day after the last message that opened something. */
function peopleOf(uses: Use[], now: Instant): Map<string, Instant> {
  const people = new Map<string, Instant>()
  for (const { person, at } of uses)
    if (after(at, day) > now) people.set(person, Math.max(people.get(person) ?? 0, after(at, day)) as Instant)
  return people
}

/** What an attempt in the store has used, as far as it can be seen there: one too many does less harm than one too few. */
export function usedBy(attempt: Attempt, now: Instant): Omit<Use, 'person'> | undefined {
  const { channel, sender, calledAt: at, template, answers, state, providerId } = attempt
  if (!sender || at === undefined || at < before(now, day) || isFreeToRepeat(attempt)) return undefined
  // What the company refused it did not count.
  if (state === 'not-sent' || (!mayHaveLeft(state) && !providerId)) return undefined
  // Only within its window takes the company free words; an answer is in it too.
  const isAnswer = channel === 'whatsapp' && (template === undefined || answers !== undefined)
  return { sender, at, opens: !isAnswer }
}

/** Whether a message begins a conversation in the company's eyes; only WhatsApp has a window in which the patient began. */
export function opensFor(
  { channel }: { channel: Channel },
  facts: { lastWhatsAppAt?: Instant; now: Instant },
): boolean {
  return channel !== 'whatsapp' || !isWindowOpen(facts)
}

/** Those that share the counting of people, itself included. */
export function portfolioOf(sender: string, senders: { id: string; limits?: SenderLimits }[]): string[] {
  const name = senders.find(({ id }) => id === sender)?.limits?.portfolio
  return name === undefined
    ? [sender]
    : senders.filter(({ limits }) => limits?.portfolio === name).map(({ id }) => id)
}
