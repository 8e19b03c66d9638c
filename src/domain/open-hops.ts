/**
 * Which hops of a routing plan are open to a message that is not yet written: each is judged as dispatch will judge it,
 * save for what passes with time. Quiet hours only put a message off; a consent may begin before a later time.
 */
import type { Channel } from './channel.ts'
import type { ClosedHop } from './describe-closed.ts'
import { type DispatchFacts, decideDispatch } from './dispatch.ts'
import { tellingReason } from './open-channel.ts'
import type { Reason } from './reason.ts'
import { after, day } from './time.ts'

export type OpenHops =
  | { kind: 'open'; channels: Channel[]; closed: ClosedHop[] }
  /** `reason` is the one that tells most. */
  | { kind: 'closed'; reason: Reason; closed: ClosedHop[] }

/** The request's own time, status and plan are those that are wanted; `now` is when it is asked. */
export function openHops(facts: DispatchFacts): OpenHops {
  const judged = facts.request.plan.map((channel) => ({ channel, reason: reasonAgainst(facts, channel) }))
  const closed = judged.flatMap(({ channel, reason }) => (reason ? [{ channel, reason }] : []))
  const channels = judged.flatMap(({ channel, reason }) => (reason ? [] : [channel]))
  if (channels.length > 0) return { kind: 'open', channels, closed }
  return { kind: 'closed', reason: tellingReason(closed.map(({ reason }) => reason)), closed }
}

function reasonAgainst(facts: DispatchFacts, channel: Channel): Reason | undefined {
  const { request, now } = facts
  const decision = decideDispatch({
    ...facts,
    attempts: [],
    request: {
      ...request,
      plan: [channel],
      status: 'active',
      priority: 'urgent',
      dueAt: now,
      window: { from: now, until: after(now, day) },
    },
  })
  if (decision.kind !== 'skip') return undefined
  const mayPass = decision.reason === 'consent-expired' && request.dueAt > now
  return mayPass ? undefined : decision.reason
}
