/** One patient's screen. Wide: conversation and what stands beside it; narrow: one of the two. */
import { Button, SegmentedControl, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Conversation } from '../conversation/Conversation.tsx'
import { useLaunched } from '../launch/launched.ts'
import { LinkBadge } from '../live/LinkBadge.tsx'
import { useLive } from '../live/use-live.ts'
import { SidePanel } from '../planned/SidePanel.tsx'
import { LanguageSwitch } from '../words/LanguageSwitch.tsx'
import classes from './ChartScreen.module.css'
import { PatientBanner } from './PatientBanner.tsx'
import { type ChartFacts, useChart } from './use-chart.ts'

/** `isAway`: another screen is before it; what is being written and where it was scrolled to stay. */
export function ChartScreen({ isAway }: { isAway: boolean }) {
  const { t } = useTranslation()
  const { showBanner } = useLaunched()
  const chart = useChart()
  const link = useLive()
  const [view, setView] = useState('conversation')
  const views = [
    { value: 'conversation', label: t('app.conversation') },
    { value: 'beside', label: t('app.beside') },
  ]
  return (
    <div className={classes.screen} hidden={isAway}>
      <header className={classes.header}>
        {showBanner ? (
          <PatientBanner person={chart.person} />
        ) : (
          <VisuallyHidden component="h1">{t('app.title')}</VisuallyHidden>
        )}
        <div className={classes.tools}>
          <LinkBadge state={link} />
          <LanguageSwitch />
        </div>
      </header>
      <Trouble chart={chart} />
      <Lacking />
      <nav className={classes.views} aria-label={t('app.views')}>
        <SegmentedControl
          fullWidth
          size="sm"
          data={views}
          value={view}
          onChange={setView}
          aria-label={t('app.views')}
        />
      </nav>
      <div className={classes.body} data-view={view}>
        <main className={classes.main}>
          <Conversation chart={chart} />
        </main>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it. */}
        <aside className={classes.side} tabIndex={0} aria-label={t('app.beside')}>
          <SidePanel chart={chart} isAway={isAway} />
        </aside>
      </div>
    </div>
  )
}

function Trouble({ chart }: { chart: ChartFacts }) {
  const { t } = useTranslation()
  if (!chart.trouble) return null
  const words = {
    expired: [t('trouble.expired'), `${t('trouble.openAgain')} ${t('trouble.kept')}`],
    refused: [t('trouble.notRead'), t('trouble.partRefused')],
    unread: [t('trouble.notRead'), t('trouble.notReadHint')],
  }[chart.trouble]
  return (
    <div className={classes.trouble} role="alert">
      <span>
        <strong>{words[0]}</strong> {words[1]}
      </span>
      {chart.trouble !== 'expired' && (
        <Button size="compact-sm" variant="default" onClick={chart.again}>
          {t('app.again')}
        </Button>
      )}
    </div>
  )
}

/** What this is not, and what it does not show: said where it cannot be taken for the whole. */
function Lacking() {
  const { t } = useTranslation()
  const { context, shown } = useLaunched()
  const words = [
    context.lacks === 'inbox' && t('app.noInbox'),
    Object.values(shown).includes('part') && t('trouble.partly'),
  ].filter((one) => one !== false)
  if (words.length === 0) return null
  return (
    <div className={classes.lacking} role="note">
      {words.join(' ')}
    </div>
  )
}
