/** Per channel: may we write, to where, and if not, why not. */
import { useTranslation } from 'react-i18next'
import { type Channel, channels } from '../../../src/domain/channel.ts'
import type { PartState } from '../chart/use-chart.ts'
import { ChannelIcon } from '../conversation/ChannelIcon.tsx'
import type { ChannelState } from '../conversation/closed-channels.ts'
import classes from './Panel.module.css'
import { Block } from './Panel.tsx'

export interface ConsentSummaryProps {
  states: Record<Channel, ChannelState> | undefined
  state: PartState
}

export function ConsentSummary({ states, state }: ConsentSummaryProps) {
  const { t } = useTranslation()
  return (
    <Block title={t('consent.label')} testId="consent" state={state}>
      <ul className={classes.list}>
        {states && channels.map((channel) => <Row key={channel} channel={channel} state={states[channel]} />)}
      </ul>
    </Block>
  )
}

function Row({ channel, state }: { channel: Channel; state: ChannelState }) {
  const { t } = useTranslation()
  return (
    <li className={classes.channel} data-open={state.kind === 'open'}>
      <ChannelIcon channel={channel} />
      <div>
        <div>{t(`channel.${channel}`)}</div>
        {state.kind === 'open' ? (
          <div className={classes.more}>
            <span className={classes.good}>{t('consent.open')}</span> <bdi dir="ltr">{state.to}</bdi>
          </div>
        ) : (
          <div className={classes.why}>{t(`reasons.${state.reason}`)}</div>
        )}
      </div>
    </li>
  )
}
