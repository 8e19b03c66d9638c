/**
 * What changed between two looks at a schedule. Of each visit only a print is remembered: a digest of what reminders depend
 * on, and its start, so that a visit that merely passed is not taken for one that was removed.
 */
import type { Reference } from './message-request.ts'
import { type Instant, instant } from './time.ts'

/** `1w2x3y-4z5a6b@lq0k9c00`: digest and start. */
export type Print = string
export type Prints = Record<Reference, Print>

export function toPrint(text: string, start: Instant | undefined): Print {
  return `${digest(text)}@${start === undefined ? '' : start.toString(36)}`
}

/** Two sums of 32 bits each (FNV-1a, and the same with another prime): enough to tell two states of one visit apart. */
function digest(text: string): string {
  let one = 0x811c9dc5
  let other = 0x9747b28c
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charCodeAt(index)
    one = Math.imul(one ^ sign, 0x01000193)
    other = Math.imul(other ^ sign, 0x5bd1e995)
  }
  return `${(one >>> 0).toString(36)}-${(other >>> 0).toString(36)}`
}

export interface ScheduleDiff {
  /** Seen for the first time. */
  added: Reference[]
  changed: Reference[]
  /** No longer found though its time has not come: cancelled, moved out of sight or removed. */
  gone: Reference[]
  /** No longer found, as it should be. */
  passed: Reference[]
}

/** `from` is where the look began. */
export function diffSchedule(before: Prints, found: Prints, from: Instant): ScheduleDiff {
  const known = Object.keys(found).filter((one) => Object.hasOwn(before, one))
  const missing = Object.keys(before).filter((one) => !Object.hasOwn(found, one))
  const hasPassed = (one: Reference) => (startOf(before[one]) ?? from) < from
  return {
    added: Object.keys(found).filter((one) => !Object.hasOwn(before, one)),
    changed: known.filter((one) => before[one] !== found[one]),
    gone: missing.filter((one) => !hasPassed(one)),
    passed: missing.filter(hasPassed),
  }
}

function startOf(print: Print = ''): Instant | undefined {
  const text = print.slice(print.indexOf('@') + 1)
  return text === '' ? undefined : instant(Number.parseInt(text, 36))
}
