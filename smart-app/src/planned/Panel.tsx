/** The parts that every block beside the conversation is made of: a titled section, its list, and what to say when it is empty. */
import { Skeleton } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { PartState } from '../chart/use-chart.ts'
import classes from './Panel.module.css'

export interface BlockProps {
  title: string
  testId?: string
  state: PartState
  children: ReactNode
}

export function Block({ title, testId, state, children }: BlockProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <section aria-labelledby={id} aria-busy={state === 'loading'} data-testid={testId}>
      <h2 id={id} className={classes.title}>
        {title}
      </h2>
      {state === 'loading' && <Skeleton height={56} radius="md" />}
      {state === 'unread' && <div className={classes.none}>{t('trouble.notRead')}</div>}
      {state === 'withheld' && <div className={classes.none}>{t('trouble.withheld')}</div>}
      {state === 'read' && children}
    </section>
  )
}

export function Nothing({ words, hint }: { words: string; hint?: string }) {
  return (
    <div className={classes.none}>
      <strong>{words}</strong>
      {hint}
    </div>
  )
}
