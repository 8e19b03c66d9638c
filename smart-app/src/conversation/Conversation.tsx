/** Thread and composer of one patient, out of what the chart says and what is on its way. */
import { useMemo } from 'react'
import type { ChartFacts } from '../chart/use-chart.ts'
import { useLaunched } from '../launch/launched.ts'
import { Composer } from './Composer.tsx'
import { openChannels, preferred } from './closed-channels.ts'
import { Thread } from './Thread.tsx'
import { buildTimeline } from './timeline.ts'
import { useChannelStates } from './use-channel-states.ts'
import { useOutbox } from './use-outbox.ts'

export function Conversation({ chart }: { chart: ChartFacts }) {
  const { mayWrite, zone } = useLaunched()
  const { messages, requests } = chart
  const box = useOutbox(requests)
  const items = useMemo(
    () => buildTimeline({ messages, requests, outbox: box.outbox }, zone),
    [messages, requests, box.outbox, zone],
  )
  const states = useChannelStates(chart, 'text')
  const plan = states ? preferred(openChannels(states), messages) : []
  return (
    <>
      <Thread items={items} state={chart.conversation} onRetry={box.retry} onEdit={box.edit} />
      <Composer outbox={box} states={states} plan={plan} mayWrite={mayWrite} />
    </>
  )
}
