/** What the EMR can do for us and how the install is now, for admins; nothing of the patient is on it. */
import { Button, Skeleton } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { LineDrawing } from '../look/LineDrawing.tsx'
import { LanguageSwitch } from '../words/LanguageSwitch.tsx'
import classes from './AboutScreen.module.css'
import { useAboutWords } from './about-words.ts'
import { DoctorCommand } from './DoctorCommand.tsx'
import { Report } from './Report.tsx'
import { chartHash } from './use-about.ts'
import { type ReportState, useReport } from './use-report.ts'

export function AboutScreen() {
  const words = useAboutWords()
  const state = useReport()
  const title = useRef<HTMLHeadingElement>(null)
  // Whoever came by a link hears where they are, and goes on from here with the keyboard.
  useEffect(() => title.current?.focus(), [])
  return (
    <div className={classes.screen} data-testid="about">
      <header className={classes.header}>
        <a className={classes.back} href={chartHash}>
          <span className={classes.arrow}>
            <LineDrawing path="M12 4 6 10l6 6" size={18} />
          </span>
          {words.back}
        </a>
        <LanguageSwitch />
      </header>
      <main className={classes.main} aria-busy={state.kind === 'loading'}>
        <h1 ref={title} tabIndex={-1} className={classes.title}>
          {words.title}
        </h1>
        <Shown state={state} />
      </main>
    </div>
  )
}

function Shown({ state }: { state: ReportState }) {
  const words = useAboutWords()
  switch (state.kind) {
    case 'loading':
      return (
        <div role="status" aria-label={words.reading}>
          <Skeleton height={72} radius="md" mb="md" />
          <Skeleton height={220} radius="md" mb="md" />
          <Skeleton height={220} radius="md" />
        </div>
      )
    case 'never-examined':
      return (
        <Notice title={words.never} hint={words.neverHint}>
          <DoctorCommand />
        </Notice>
      )
    case 'over':
      return <Notice title={words.unread} hint={words.over} isAlert />
    case 'unread':
      return (
        <Notice title={words.unread} hint={words.unreadHint} isAlert>
          <Button variant="default" size="compact-sm" onClick={state.again}>
            {words.again}
          </Button>
        </Notice>
      )
    case 'read':
      return <Report report={state.report} />
  }
}

interface NoticeProps {
  title: string
  hint: string
  isAlert?: boolean
  children?: ReactNode
}

function Notice({ title, hint, isAlert = false, children }: NoticeProps) {
  return (
    <div className={classes.notice} role={isAlert ? 'alert' : 'note'}>
      <strong>{title}</strong>
      <p>{hint}</p>
      {children}
    </div>
  )
}
