/** An active request for which nothing is left to send. */
import { mayHaveLeft } from '../domain/delivery.ts'
import type { DispatchFacts } from '../domain/dispatch.ts'
import { hasLapsed } from '../domain/fallback.ts'
import { isCarried } from '../domain/same-day.ts'
import type { World } from './ports.ts'
import { completeRequest, holdRequest } from './resolve-attempt.ts'
import { completeCarried } from './same-day.ts'

/** An active request whose message is on its way, or may be, was left so by a death: it is brought up to date. */
export async function settle(world: World, { request, attempts, ...facts }: DispatchFacts): Promise<void> {
  if (!request.reference || request.status !== 'active' || request.forbidden) return
  if (isCarried(facts)) return completeCarried(world, request.reference)
  const left = attempts.filter(({ state }) => mayHaveLeft(state) && state !== 'claimed')
  const isOpen = left.length > 0 && left.every(({ state }) => state === 'unknown')
  if (isOpen && request.handedOverAt === undefined) return holdRequest(world, request.reference)
  // No other way was open to what was given its time.
  const inTime = attempts.filter((attempt) => !hasLapsed(request, attempt, world.now()))
  if (left.length > 0) await completeRequest(world, request.reference, inTime)
}
