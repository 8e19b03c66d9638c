/** What will be said to this patient, and when. */
import { useTranslation } from 'react-i18next'
import type { PartState } from '../chart/use-chart.ts'
import { planWords } from '../conversation/channel-words.ts'
import { useNow } from '../launch/use-now.ts'
import { fromNow, lengthOf } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import classes from './Panel.module.css'
import { Block, Nothing } from './Panel.tsx'
import type { PlannedMessage } from './planned-list.ts'
import { VisitTime } from './VisitTime.tsx'

export function PlannedList({ planned, state }: { planned: PlannedMessage[]; state: PartState }) {
  const { t } = useTranslation()
  return (
    <Block title={t('planned.label')} testId="planned" state={state}>
      {planned.length === 0 ? (
        <Nothing words={t('planned.empty')} hint={t('planned.emptyHint')} />
      ) : (
        <ul className={classes.list}>
          {planned.map((one) => (
            <Planned key={one.key} message={one} />
          ))}
        </ul>
      )}
    </Block>
  )
}

function Planned({ message }: { message: PlannedMessage }) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const now = useNow()
  const { dueAt, plan, text, visitStart, zone } = message
  const before = visitStart !== undefined && visitStart > dueAt && lengthOf(visitStart - dueAt, language)
  return (
    <li className={classes.card}>
      <div className={classes.head}>
        <span>{t(`category.${message.category}`)}</span>
        <span className={classes.when}>
          {message.held ? t('planned.held') : fromNow(dueAt, now, language)}
        </span>
      </div>
      <div>
        <VisitTime at={dueAt} zone={zone} words="planned.due" />
      </div>
      {text && (
        <p className={classes.text} dir="auto">
          {text}
        </p>
      )}
      <div className={classes.more}>
        {[before && t('planned.before', { time: before }), planWords(plan, t)].filter(Boolean).join(' · ')}
      </div>
      {message.reason && <div className={classes.why}>{t(`reasons.${message.reason}`)}</div>}
    </li>
  )
}
