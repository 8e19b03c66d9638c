/** Whose chart this is: said before anything else, so that nothing is written to the wrong person. */
import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Person } from '../../../src/domain/person.ts'
import { useLaunched } from '../launch/launched.ts'
import { birthDay, languageName } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import classes from './ChartScreen.module.css'

export function PatientBanner({ person }: { person: Person | undefined }) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const { shown } = useLaunched()
  if (shown.Patient === 'none') return <h1 className={classes.name}>{t('trouble.withheld')}</h1>
  if (!person) return <Skeleton height={40} width={220} />
  const [spoken] = person.preferredLanguages
  return (
    <div className={classes.patient}>
      <h1 className={classes.name} data-testid="patient-name">
        <bdi>{person.name.full || t('patient.unnamed')}</bdi>
        {person.deceased && <span className={classes.mark}>{t('patient.deceased')}</span>}
        {!person.deceased && !person.active && <span className={classes.mark}>{t('patient.inactive')}</span>}
      </h1>
      <div className={classes.about}>
        {person.birthDate && <span>{t('patient.born', { date: birthDay(person.birthDate, language) })}</span>}
        <span>
          {spoken
            ? t('patient.speaks', { language: languageName(spoken, language) })
            : t('patient.noLanguage')}
        </span>
      </div>
    </div>
  )
}
