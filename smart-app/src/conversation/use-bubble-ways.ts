/** What can be done with a patient's message: only what its channel is open for now, and a sender of it carries. */
import { useCallback, useMemo } from 'react'
import { type Channel, channels } from '../../../src/domain/channel.ts'
import type { Reference } from '../../../src/domain/message-request.ts'
import type { ChartFacts } from '../chart/use-chart.ts'
import { useLaunched } from '../launch/launched.ts'
import type { BubbleWays } from './BubbleMenu.tsx'
import { carriedOn } from './carried.ts'
import type { Bubble } from './timeline.ts'
import { useChannelStates } from './use-channel-states.ts'

export interface BubbleActions {
  onReply(to: Reference): void
  onReact(on: Reference, emoji: string, channel: Channel): void
}

const none: BubbleWays = {}

export function useBubbleWays(
  chart: ChartFacts,
  { onReply, onReact }: BubbleActions,
): (bubble: Bubble) => BubbleWays {
  const { clinic, mayWrite } = useLaunched()
  const forText = useChannelStates(chart, 'text')
  const forReactions = useChannelStates(chart, 'reaction')
  const isOpen = (states: typeof forText, channel: Channel) => mayWrite && states?.[channel].kind === 'open'
  const carried = channels.map((channel) => carriedOn(channel, clinic.senders))
  // Words, so that the thread is drawn again only when one of them is another.
  const quoting = channels.filter((one, at) => carried[at]?.quotes && isOpen(forText, one)).join()
  const reacting = channels.filter((one, at) => carried[at]?.reactions && isOpen(forReactions, one)).join()
  const reply = useCallback(({ reference }: Bubble) => reference && onReply(reference), [onReply])
  const react = useCallback(
    ({ reference, channel }: Bubble, emoji: string) =>
      reference && channel && onReact(reference, emoji, channel),
    [onReact],
  )
  return useMemo(
    () =>
      ({ channel, direction, reference }) => {
        if (direction !== 'in' || !reference || !channel) return none
        return {
          ...(quoting.split(',').includes(channel) && { onReply: reply }),
          ...(reacting.split(',').includes(channel) && { onReact: react }),
        }
      },
    [quoting, reacting, reply, react],
  )
}
