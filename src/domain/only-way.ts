/**
 * Whether a request can leave on one way only: then its sender's queue needs no judgement beforehand, and the one that
 * counts, just before the call, is enough.
 */
import type { Channel } from './channel.ts'
import type { MessageRequest } from './message-request.ts'

/** The only sender that could carry it; `undefined` where there is something to choose, or nobody. */
export function onlyWay<S extends { channel: Channel }>(
  { plan }: Pick<MessageRequest, 'plan'>,
  senders: S[],
): S | undefined {
  const able = senders.filter(({ channel }) => plan.includes(channel))
  return able.length === 1 && plan.length === 1 ? able[0] : undefined
}
