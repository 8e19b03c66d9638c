/**
 * Which channels are open for this chart, now, for what is to be said; `undefined` until all that
 * decides it is read.
 */
import { useMemo } from 'react'
import type { Channel } from '../../../src/domain/channel.ts'
import type { RequestContent } from '../../../src/domain/message-request.ts'
import type { ChartFacts } from '../chart/use-chart.ts'
import { useLaunched } from '../launch/launched.ts'
import { useNow } from '../launch/use-now.ts'
import { type ChannelState, channelStates } from './closed-channels.ts'

export function useChannelStates(
  chart: ChartFacts,
  content: RequestContent['kind'],
): Record<Channel, ChannelState> | undefined {
  const { noConsent, senders } = useLaunched().clinic
  const now = useNow()
  const { person, consents, hostOptOuts, messages, conversation } = chart
  return useMemo(
    () =>
      person && consents && hostOptOuts && conversation === 'read'
        ? channelStates({ person, consents, hostOptOuts, messages, now, noConsent, senders, content })
        : undefined,
    [person, consents, hostOptOuts, messages, conversation, now, noConsent, senders, content],
  )
}
