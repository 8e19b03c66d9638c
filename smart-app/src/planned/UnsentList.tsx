/** Everything that was not said, with its reason in words. */
import { useTranslation } from 'react-i18next'
import type { PartState } from '../chart/use-chart.ts'
import { useLaunched } from '../launch/launched.ts'
import { useNow } from '../launch/use-now.ts'
import { dayAndTime } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import classes from './Panel.module.css'
import { Block, Nothing } from './Panel.tsx'
import type { UnsentMessage } from './planned-list.ts'
import { VisitTime } from './VisitTime.tsx'

export function UnsentList({ unsent, state }: { unsent: UnsentMessage[]; state: PartState }) {
  const { t } = useTranslation()
  return (
    <Block title={t('planned.notSent')} testId="not-sent" state={state}>
      {unsent.length === 0 ? (
        <Nothing words={t('planned.notSentEmpty')} />
      ) : (
        <ul className={classes.list}>
          {unsent.map((one) => (
            <Unsent key={one.key} message={one} />
          ))}
        </ul>
      )}
    </Block>
  )
}

function Unsent({ message }: { message: UnsentMessage }) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const { zone: own } = useLaunched()
  const now = useNow()
  const { at, category, channel, reason, state, visitStart, zone } = message
  return (
    <li className={classes.card} data-alert data-reason={reason}>
      <div className={classes.head}>
        <span>
          {[t(`category.${category}`), channel && t(`channel.${channel}`)].filter(Boolean).join(' · ')}
        </span>
        <span className={classes.when}>{dayAndTime(at, now, language, zone ?? own)}</span>
      </div>
      <div className={classes.why}>
        {state !== 'not-sent' && `${t(`state.${state}`)}. `}
        {reason ? t(`reasons.${reason}`) : t('planned.noReason')}
      </div>
      {visitStart !== undefined && (
        <div className={classes.more}>
          <VisitTime at={visitStart} zone={zone} words="planned.visit" />
        </div>
      )}
    </li>
  )
}
