/**
 * How much of what is due may be in Redis at once. A campaign waits in the store, which remembers it; only what the senders
 * can carry in the next minutes is taken from there, so that Redis stays small and what is urgent finds it nearly empty.
 */
import { type Duration, minute, second } from './time.ts'

/** Ticks come every ten seconds; a few of them may be late. */
const carriedWithin: Duration = 2 * minute
/** A slow sender's message is ready when its turn comes, and others' are not held up behind it. */
const fewest = 200
/** Each costs Redis about a kilobyte, and the store a part of a page. */
const most = 20_000

/** `perSecond` is the speed of each sender. */
export function dispatchWindow(perSecond: number[]): number {
  const carried = perSecond.reduce((sum, speed) => sum + speed, 0) * (carriedWithin / second)
  return Math.min(Math.max(Math.floor(carried), fewest), most)
}

/** Each look reads the whole window from the store: one is worth it when half of it has left. `waiting` wait for a sender. */
export function isLookDue({ window, waiting }: { window: number; waiting: number }): boolean {
  return waiting <= window / 2
}

/** The others of the window are on their way already. */
export function takenFrom<T>(due: T[], isHeld: boolean[]): T[] {
  return due.filter((_one, index) => !isHeld[index])
}
