/**
 * A time by the visit's own clock. Where that is not the reader's, its zone stands beside it; where the visit's zone
 * is not known, the reader's own is named, so that nobody takes one for the other.
 */
import { useTranslation } from 'react-i18next'
import type { Instant } from '../../../src/domain/time.ts'
import { useLaunched } from '../launch/launched.ts'
import { useNow } from '../launch/use-now.ts'
import { dayAndTime, zoneName, zoneNameBeside } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import classes from './Panel.module.css'

export interface VisitTimeProps {
  at: Instant
  zone: string | undefined
  /** The words around it, where the time is not alone. */
  words?: 'planned.due' | 'planned.visit'
}

export function VisitTime({ at, zone, words }: VisitTimeProps) {
  const { t } = useTranslation()
  const { language } = useLanguage()
  const { zone: own } = useLaunched()
  const when = dayAndTime(at, useNow(), language, zone ?? own)
  const named = zone ? zoneNameBeside(at, language, zone, own) : zoneName(at, language, own)
  return (
    <>
      {words ? t(words, { when }) : when} {named && <bdi className={classes.zone}>{named}</bdi>}
    </>
  )
}
