/** An active request for which nothing is left to send. */
import type { Attempt } from '../domain/attempt.ts'
import { hasFailed, mayHaveLeft } from '../domain/delivery.ts'
import type { DispatchFacts } from '../domain/dispatch.ts'
import { hasLapsed } from '../domain/fallback.ts'
import { isCarried } from '../domain/same-day.ts'
import { readOwnAttempts } from './dispatch-facts.ts'
import type { World } from './ports.ts'
import { completeRequest, holdRequest, resolved } from './resolve-attempt.ts'
import { completeCarried } from './same-day.ts'

/** An active request whose message is on its way, or may be, was left so by a death: it is brought up to date. */
export async function settle(world: World, { request, attempts, ...facts }: DispatchFacts): Promise<void> {
  if (request.status === 'completed' && !request.reason) return reopenFailed(world, attempts)
  if (!request.reference || request.status !== 'active' || request.forbidden) return
  if (isCarried(facts)) return completeCarried(world, request.reference)
  const left = attempts.filter(({ state }) => mayHaveLeft(state) && state !== 'claimed')
  const isOpen = left.length > 0 && left.every(({ state }) => state === 'unknown')
  if (isOpen && request.handedOverAt === undefined) return holdRequest(world, request.reference)
  if (left.length === 0) return
  // Their events may have come since they were read, and opened the request again.
  const now = await readOwnAttempts(world.store, request.reference)
  if (!now.some(({ state }) => mayHaveLeft(state) && state !== 'claimed')) return
  // No other way was open to what was given its time.
  const inTime = now.filter((attempt) => !hasLapsed(request, attempt, world.now()))
  await completeRequest(world, request.reference, inTime)
}

/** Called complete by one who died before he heard that it had come to nothing. */
async function reopenFailed(world: World, attempts: Attempt[]): Promise<void> {
  const failed = attempts.findLast(({ state }) => hasFailed(state))
  if (!failed?.reference || attempts.some(({ state }) => mayHaveLeft(state))) return
  await resolved(world, { ...failed, reference: failed.reference })
}
