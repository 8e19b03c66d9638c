/** The patient's next visits, in the visit's own zone, and whether the patient confirmed. */
import { useTranslation } from 'react-i18next'
import type { Visit } from '../../../src/domain/visit.ts'
import type { PartState } from '../chart/use-chart.ts'
import { useLaunched } from '../launch/launched.ts'
import { useNow } from '../launch/use-now.ts'
import { fromNow } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import classes from './Panel.module.css'
import { Block, Nothing } from './Panel.tsx'
import { VisitTime } from './VisitTime.tsx'

export function ComingVisits({ visits, state }: { visits: Visit[]; state: PartState }) {
  const { t } = useTranslation()
  return (
    <Block title={t('visits.label')} testId="visits" state={state}>
      {visits.length === 0 ? (
        <Nothing words={t('visits.empty')} />
      ) : (
        <ul className={classes.list}>
          {visits.map((visit) => (
            <Coming key={visit.reference} visit={visit} />
          ))}
        </ul>
      )}
    </Block>
  )
}

const answerClass = { confirmed: classes.good, declined: classes.why, notConfirmed: classes.more }

/** Once, when it is drawn: from then on the reader scrolls. */
function inSight(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

function Coming({ visit }: { visit: Visit }) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const { patient, context } = useLaunched()
  const now = useNow()
  const { start, zone } = visit
  if (start === undefined) return null
  const own = visit.patients.find((one) => one.reference === patient)
  const isOpened = visit.reference === context.visit
  const answer = own?.confirmed ? 'confirmed' : own?.declined ? 'declined' : 'notConfirmed'
  return (
    <li
      ref={isOpened ? inSight : undefined}
      className={classes.card}
      data-answer={answer}
      data-opened={isOpened || undefined}
      aria-current={isOpened || undefined}
    >
      {isOpened && <div className={classes.more}>{t('visits.opened')}</div>}
      <div className={classes.head}>
        <span>
          <VisitTime at={start} zone={zone} />
        </span>
        <span className={classes.when}>{fromNow(start, now, language)}</span>
      </div>
      <div className={classes.more}>
        {visit.practitioner && <bdi>{t('visits.with', { name: visit.practitioner })}</bdi>}
        {visit.practitioner && visit.place && ' · '}
        {visit.place && <bdi>{visit.place}</bdi>}
      </div>
      <div className={answerClass[answer]}>
        {answer === 'confirmed' && '✓ '}
        {t(`visits.${answer}`)}
      </div>
    </li>
  )
}
