/** How many messages one person gets from us in one day of theirs. What the patient asked for is not counted. */
import type { Attempt } from './attempt.ts'
import { mayHaveLeft } from './delivery.ts'
import type { MessageCategory, MessageRequest } from './message-request.ts'
import { isFreeToRepeat } from './repeat.ts'
import { dayInZone, type Instant } from './time.ts'

/** Absent means as many as there are; `all` counts every kind that we begin. */
export interface MostPerDay {
  reminder?: number | undefined
  conversation?: number | undefined
  all?: number | undefined
}

/** What passed between us and the patient, for at least their whole day. */
export interface RecentContact {
  attempts: Attempt[]
  lastWroteAt?: Instant
}

/** Whether a cap can apply to such a message at all; where none can, nothing needs to be read. */
export function mayBeCapped(most: MostPerDay | undefined, category: MessageCategory): boolean {
  if (category !== 'reminder' && category !== 'conversation') return false
  return most?.[category] !== undefined || most?.all !== undefined
}

export function isOverCap(
  request: Pick<MessageRequest, 'reference' | 'key' | 'answers'>,
  category: MessageCategory,
  most: MostPerDay | undefined,
  { attempts, lastWroteAt }: RecentContact,
  { zone, now }: { zone: string; now: Instant },
): boolean {
  if (!mayBeCapped(most, category)) return false
  const today = dayInZone(now, zone)
  const isToday = (at: Instant) => dayInZone(at, zone) === today
  if (lastWroteAt !== undefined && isToday(lastWroteAt) && mayAnswer(request, category)) return false
  const begun = attempts.filter(
    (one) => one.request !== request.reference && wasBegunByUs(one) && isToday(leftAt(one)),
  )
  const ofKind = begun.filter((one) => one.category === category)
  const limitOf = (kind: keyof MostPerDay) => most?.[kind] ?? Number.POSITIVE_INFINITY
  return begun.length >= limitOf('all') || ofKind.length >= limitOf(category as 'reminder' | 'conversation')
}

/** What staff write on a day on which the patient wrote is part of that conversation; what a script orders is not. */
function mayAnswer({ key, answers }: Pick<MessageRequest, 'key' | 'answers'>, category: MessageCategory) {
  return category === 'conversation' && (answers !== undefined || !key.startsWith('api-'))
}

/** Nobody knows of a claim or an unknown outcome whether it was read: it counts. */
function wasBegunByUs(attempt: Attempt): boolean {
  const isOurs = attempt.category === 'reminder' || attempt.category === 'conversation'
  return isOurs && attempt.answers === undefined && mayHaveLeft(attempt.state) && !isFreeToRepeat(attempt)
}

function leftAt({ calledAt, sentAt, at }: Attempt): Instant {
  return calledAt ?? sentAt ?? at
}
