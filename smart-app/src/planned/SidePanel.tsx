/** Beside the conversation: visits, what is planned, what was not sent, and where we may write. */
import { useMemo } from 'react'
import { AboutLink } from '../about/AboutLink.tsx'
import type { ChartFacts } from '../chart/use-chart.ts'
import { dueBy } from '../conversation/for-later.ts'
import { useChannelStates } from '../conversation/use-channel-states.ts'
import { useNow } from '../launch/use-now.ts'
import { ComingVisits } from './ComingVisits.tsx'
import { ConsentSummary } from './ConsentSummary.tsx'
import classes from './Panel.module.css'
import { PlannedList } from './PlannedList.tsx'
import { plannedMessages, unsentMessages } from './planned-list.ts'
import { UnsentList } from './UnsentList.tsx'

const none: never[] = []

export function SidePanel({ chart, isAway }: { chart: ChartFacts; isAway: boolean }) {
  const { conversation, messages, permission, requests, schedule, visits = none } = chart
  const due = dueBy(requests, useNow())
  const planned = useMemo(
    () => plannedMessages(requests, messages, visits, due),
    [requests, messages, visits, due],
  )
  const unsent = useMemo(() => unsentMessages(requests, messages, visits), [requests, messages, visits])
  const states = useChannelStates(chart, 'template')
  return (
    <div className={classes.panel}>
      <ComingVisits visits={visits} state={schedule} />
      <PlannedList planned={planned} state={conversation} />
      <UnsentList unsent={unsent} state={conversation} />
      <ConsentSummary
        states={states}
        state={states ? 'read' : permission === 'read' ? 'loading' : permission}
      />
      <AboutLink isAway={isAway} />
    </div>
  )
}
