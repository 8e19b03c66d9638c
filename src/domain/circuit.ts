/**
 * Calls to a company that cannot be reached are no use to anybody. After a run of failures that were the sender's own its
 * circuit opens: no calls for a while, then a single one to see. The while grows until one of them gets through.
 */
import type { Outcome } from './outcome.ts'
import { spread } from './spread.ts'
import { after, type Duration, type Instant, instant, minute, second } from './time.ts'

export interface Circuit {
  /** In a row. */
  failures: number
  /** When the last of them was. */
  failedAt: Instant
  /** How often it opened since something got through; absent while it never did. */
  opened?: number
  /** No call before then. Present from the first opening until something gets through. */
  until?: Instant
  /** Since then one call is out to see. */
  triedAt?: Instant
}

/** `trial`: one call may go out to see, and the others wait for what becomes of it. */
export type CircuitState = 'closed' | 'open' | 'trial'

const mostFailures = 5
/** Failures that lie further apart are no run. */
const runsWithin = 15 * minute
/** Longer than a call takes: whoever went out to see and died comes back no more. */
const triesFor = minute
const longestRest = 10 * minute

/** Its company did not answer. Whatever else it says, it is there. */
function isOwnFailure(outcome: { kind: Outcome['kind'] }): boolean {
  return outcome.kind === 'unreachable' || outcome.kind === 'unknown'
}

export function circuitState(circuit: Circuit | undefined, now: Instant): CircuitState {
  if (circuit?.until === undefined) return 'closed'
  const isTried = circuit.triedAt !== undefined && now < circuit.triedAt + triesFor
  return isTried || now < circuit.until ? 'open' : 'trial'
}

/** How long nothing goes out; absent where something may. */
export function restOf(circuit: Circuit | undefined, now: Instant): Duration | undefined {
  if (circuit?.until === undefined || circuitState(circuit, now) !== 'open') return undefined
  // What becomes of a trial is known within seconds.
  return Math.max(circuit.until - now, 5 * second)
}

/** For whoever asks first; the others find it taken. */
export function takeTrial(circuit: Circuit, now: Instant): Circuit {
  return { ...circuit, triedAt: now }
}

/** The very same when there is nothing to remember. `seed` keeps the circuits of several senders from closing at once. */
export function circuitAfter(
  circuit: Circuit | undefined,
  outcome: { kind: Outcome['kind'] },
  now: Instant,
  seed: string,
): Circuit | undefined {
  if (!isOwnFailure(outcome)) return undefined
  if (circuit?.until !== undefined) {
    // Calls that were out when it opened tell nothing new.
    if (now < circuit.until && circuit.triedAt === undefined) return circuit
    return opened({ ...circuit, failures: circuit.failures + 1, failedAt: now }, now, seed)
  }
  const isRun = circuit !== undefined && now - circuit.failedAt <= runsWithin
  const failing = { failures: isRun ? circuit.failures + 1 : 1, failedAt: now }
  return failing.failures >= mostFailures ? opened(failing, now, seed) : failing
}

/** 10 s, 20 s, 40 s … up to 10 min, spread by up to a quarter. */
function opened({ failures, failedAt, opened: before = 0 }: Circuit, now: Instant, seed: string): Circuit {
  const rest = Math.min(10 * second * 2 ** Math.min(before, 10), longestRest)
  const until = after(now, Math.round(rest * (1 + spread(`${seed} ${now}`) / 4)))
  return { failures, failedAt, opened: before + 1, until }
}

/** Of another version's record only what is understood is taken. */
export function readCircuit(told: Partial<Record<keyof Circuit, unknown>> | undefined): Circuit | undefined {
  if (typeof told?.failures !== 'number' || typeof told.failedAt !== 'number') return undefined
  const { failures, failedAt, opened: times, until, triedAt } = told
  return {
    ...{ failures, failedAt: instant(failedAt) },
    ...(typeof times === 'number' && { opened: times }),
    ...(typeof until === 'number' && { until: instant(until) }),
    ...(typeof triedAt === 'number' && { triedAt: instant(triedAt) }),
  }
}
