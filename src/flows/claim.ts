/** The claim: an attempt in the store before its call, won by one of all who try. What waits on other hops is given up first. */
import type { Communication } from 'fhir/r4'
import type { Attempt } from '../domain/attempt.ts'
import type { DispatchFacts } from '../domain/dispatch.ts'
import { isReleased } from '../domain/once-more.ts'
import { givenUp, isFreeToRepeat } from '../domain/repeat.ts'
import { fromAttempt, toAttempt } from '../fhir/attempt.ts'
import { naming } from '../fhir/codes.ts'
import { idOf, referenceTo } from '../fhir/reference.ts'
import { amendAttempt } from './amend-message.ts'
import { ConflictError, type World } from './ports.ts'
import type { Claimed } from './resolve-attempt.ts'
import { reopenCarried } from './same-day.ts'

/**
 * Writes the attempt as ours. `undefined` when another worker, or an earlier life of this one, has it. Claims are counted by
 * request, not by hop: who still has older facts would else begin another hop of the same message.
 */
export async function claim(
  world: World,
  facts: DispatchFacts,
  wanted: Attempt,
): Promise<Claimed | undefined> {
  const before = facts.attempts.find(({ attemptId }) => attemptId === wanted.attemptId)
  if (before && before.nextAttemptAt === undefined) return undefined
  if (!(await giveUpOthers(world, facts, wanted))) return undefined
  if (before?.reference) return reclaim(world, { ...before, reference: before.reference }, wanted)
  if (!(await takeRelease(world, facts))) return undefined
  const count = facts.attempts.filter(({ state }) => state !== 'not-sent').length
  const identifier = { system: naming.claim, value: `${idOf(wanted.request)}_${count}` }
  const resource = toAttempt(wanted)
  const { created, resource: stored } = await world.store.create(
    { ...resource, identifier: [...(resource.identifier ?? []), identifier] },
    identifier,
  )
  // Asked a second time after a lost answer, the store shows us our own claim.
  const isOurs = created || (await isOurClaim(world, stored, wanted, identifier))
  return isOurs ? { ...wanted, reference: referenceTo(stored) } : undefined
}

/** Ours, and nobody else's too: of two that both came through, neither may go on. */
async function isOurClaim(
  { store }: World,
  stored: Communication,
  { claimedBy }: Attempt,
  { system, value }: { system: string; value: string },
): Promise<boolean> {
  if (fromAttempt(stored)?.claimedBy !== claimedBy) return false
  const all = await store.search('Communication', { identifier: `${system}|${value}` })
  return all.length > 0 && all.every((one) => fromAttempt(one)?.claimedBy === claimedBy)
}

/** What waits on another hop for its next call is not called any more; whoever calls it just now has the message. */
async function giveUpOthers(world: World, { attempts }: DispatchFacts, wanted: Attempt): Promise<boolean> {
  const waiting = attempts.filter((one) => isFreeToRepeat(one) && one.attemptId !== wanted.attemptId)
  for (const one of waiting) {
    const { reference = '', nextAttemptAt } = one
    let gaveUp = false
    await amendAttempt(world.store, reference, (now) => {
      gaveUp = isFreeToRepeat(now) && now.nextAttemptAt === nextAttemptAt
      return gaveUp ? givenUp(now, world.now()) : undefined
    })
    if (!gaveUp) return false
    await reopenCarried(world, one)
  }
  return true
}

/** Whoever takes the leave for one more copy sends it. A callback that came first has taken it back, and so has a colleague. */
async function takeRelease(world: World, { attempts }: DispatchFacts): Promise<boolean> {
  for (const { reference = '' } of attempts.filter(isReleased)) {
    let took = false
    await amendAttempt(world.store, reference, (now) => {
      took = isReleased(now)
      return took ? { ...now, nextAttemptAt: undefined } : undefined
    })
    if (!took) return false
  }
  return true
}

/** A call that surely never arrived may be repeated, by whoever takes its `nextAttemptAt` away first. */
async function reclaim(world: World, attempt: Claimed, wanted: Attempt): Promise<Claimed | undefined> {
  // What the call before would have told of too is judged anew, or told of by this one.
  if (attempt.carries?.some((one) => !wanted.carries?.includes(one))) await reopenCarried(world, attempt)
  let won = false
  try {
    const taken = await amendAttempt(world.store, attempt.reference, (now) => {
      const isOurs = now.claimedBy === wanted.claimedBy
      const isFree = now.state === 'claimed' && now.nextAttemptAt === attempt.nextAttemptAt
      won = isOurs || isFree
      // Address, sender and text are those of this call, not of the one before.
      const { reference, refusals, throttles } = now
      return isFree && !isOurs
        ? { ...wanted, reference, refusals, throttles, calls: now.calls + 1 }
        : undefined
    })
    return won && taken ? { ...taken, reference: attempt.reference } : undefined
  } catch (error) {
    if (error instanceof ConflictError) return undefined
    throw error
  }
}
