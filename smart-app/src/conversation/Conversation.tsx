/** Thread and composer of one patient, out of what the chart says and what is on its way. */
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react'
import { fileKindOf } from '../../../src/domain/outgoing.ts'
import type { ChartFacts } from '../chart/use-chart.ts'
import { useLaunched } from '../launch/launched.ts'
import { useNow } from '../launch/use-now.ts'
import { Composer } from './Composer.tsx'
import { carriedOn, carrying } from './carried.ts'
import { openChannels, preferred } from './closed-channels.ts'
import { dueBy } from './for-later.ts'
import { Thread } from './Thread.tsx'
import { quoteFrom } from './targets.ts'
import { buildTimeline } from './timeline.ts'
import { useBubbleWays } from './use-bubble-ways.ts'
import { useChannelStates } from './use-channel-states.ts'
import { useOutbox } from './use-outbox.ts'

export function Conversation({ chart }: { chart: ChartFacts }) {
  const { clinic, mayAttach, mayWrite, zone } = useLaunched()
  const { messages, requests } = chart
  const box = useOutbox(requests)
  const { outbox, written, write } = box
  const due = dueBy(requests, useNow())
  const items = useMemo(
    () => buildTimeline({ messages, requests, outbox, due }, zone),
    [messages, requests, outbox, due, zone],
  )
  const forText = useChannelStates(chart, 'text')
  const forFiles = useChannelStates(chart, 'file')
  const filesBy = mayAttach && forFiles ? openChannels(forFiles) : []
  const states = written.file ? forFiles : forText
  const open = states ? openChannels(states) : []
  const able = written.file ? carrying(fileKindOf(written.file.contentType), open, clinic.senders) : open
  const answered = messages.find((one) => one.reference === written.replyTo)
  const field = useRef<HTMLTextAreaElement>(null)
  const reply = useCallback(
    (replyTo: string) => {
      write({ replyTo })
      // After the menu that was used has closed and let go of the focus.
      requestAnimationFrame(() => field.current?.focus())
    },
    [write],
  )
  useFocusToWrite(field)
  const waysOf = useBubbleWays(chart, { onReply: reply, onReact: box.react })
  return (
    <>
      <Thread
        items={items}
        state={chart.conversation}
        onRetry={box.retry}
        onEdit={box.edit}
        waysOf={waysOf}
      />
      <Composer
        outbox={box}
        states={states}
        plan={preferred(able, messages)}
        closed={closedTo(mayWrite, chart)}
        kinds={[...new Set(filesBy.flatMap((channel) => carriedOn(channel, clinic.senders).files))]}
        quote={quoteFrom(answered)}
        field={field}
      />
    </>
  )
}

/** Once, where the EMR opened us to write. */
function useFocusToWrite(field: RefObject<HTMLTextAreaElement | null>): void {
  const { context } = useLaunched()
  useEffect(() => {
    if (context.intent === 'compose') field.current?.focus()
  }, [context, field])
}

/** Whoever cannot see what forbids a message must not write one. */
function closedTo(
  mayWrite: boolean,
  { conversation, permission }: ChartFacts,
): 'mayNot' | 'blind' | undefined {
  if (!mayWrite) return 'mayNot'
  return conversation === 'withheld' || permission === 'withheld' ? 'blind' : undefined
}
