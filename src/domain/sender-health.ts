/**
 * How a sender fares. Trouble is remembered and fades: it comes at once and goes slowly, so that a sender that fails gets
 * fewer messages, and more again only while nothing more goes wrong.
 */
import { type Circuit, circuitAfter, circuitState } from './circuit.ts'
import type { Outcome } from './outcome.ts'
import { after, type Duration, type Instant, minute } from './time.ts'

export interface SenderRecord {
  /** 0 none, up to 1; as it was at `at`. */
  trouble: number
  at: Instant
  /** Nothing goes out until a test of the connection succeeds. */
  paused?: { code: string; at: Instant }
  /** A cap of the day or the account is reached: nothing goes out before then. */
  restsUntil?: Instant
  /** Absent while its company answers. */
  circuit?: Circuit
}

/** A shorter "too fast" only slows the queue. */
const longRest: Duration = 15 * minute

export function needsRest(outcome: Outcome): boolean {
  return outcome.kind === 'throttled' && (outcome.waitFor ?? 0) >= longRest
}

/** Trouble is half as much after this. */
const fadesFor = 10 * minute

/** How much of what was whole is taken by one outcome. What is the message's own fault says nothing of its sender. */
const troubleOf: Record<Outcome['kind'], number> = {
  accepted: -0.2,
  throttled: 0.1,
  unreachable: 0.5,
  unknown: 0.5,
  rejected: 0,
  'opted-out': 0,
  misconfigured: 1,
}

/** 1 for a sender of which nothing bad is known, down to 0. */
export function healthOf(record: SenderRecord | undefined, now: Instant): number {
  return record ? 1 - troubleAt(record, now) : 1
}

/** Who is not is used only when no other is better. */
export function isWell(health: number): boolean {
  return health >= 0.5
}

/**
 * Does "too fast" slow all that this sender carries? Not where a longer rest has to be kept, and not for a message that
 * hears it again and again while the sender is well: that one is throttled for its own recipient. `throttles` were before.
 */
export function slowsSender(outcome: Outcome, { throttles, health }: { throttles: number; health: number }) {
  return !needsRest(outcome) && (throttles === 0 || !isWell(health))
}

export function isResting(record: SenderRecord | undefined, now: Instant): boolean {
  const isCapped = record?.restsUntil !== undefined && record.restsUntil > now
  return isCapped || circuitState(record?.circuit, now) === 'open'
}

/** Its company did not answer for a while, and as far as is known does not yet. */
export function isCutOff(record: SenderRecord | undefined): boolean {
  return record?.circuit?.until !== undefined
}

export function isPaused(record: SenderRecord | undefined): boolean {
  return record?.paused !== undefined
}

/** The very same record when there is nothing to remember. `seed` is the sender's id. */
export function noteOutcome(
  record: SenderRecord | undefined,
  outcome: Outcome,
  now: Instant,
  seed = '',
): SenderRecord | undefined {
  const before = record ? troubleAt(record, now) : 0
  const share = troubleOf[outcome.kind]
  const trouble = share < 0 ? before * (1 + share) : before + (1 - before) * share
  const circuit = circuitAfter(record?.circuit, outcome, now, seed)
  const isSame = share === 0 || (trouble < 0.01 && before < 0.01)
  if (isSame && circuit === record?.circuit) return record
  const rests = outcome.kind === 'throttled' && needsRest(outcome) && after(now, outcome.waitFor ?? 0)
  return { ...record, trouble, at: now, ...(rests && { restsUntil: rests }), circuit }
}

export function pause(record: SenderRecord | undefined, code: string, now: Instant): SenderRecord {
  return { trouble: 0, at: now, ...record, paused: record?.paused ?? { code, at: now } }
}

/** Its test succeeded: it may send again, and has to earn its full share. */
export function resume(record: SenderRecord, now: Instant): SenderRecord {
  return { trouble: Math.max(troubleAt(record, now), 0.5), at: now }
}

function troubleAt({ trouble, at }: SenderRecord, now: Instant): number {
  return trouble * 0.5 ** (Math.max(0, now - at) / fadesFor)
}
