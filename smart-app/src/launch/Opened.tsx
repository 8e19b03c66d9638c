/** The end of the launch: the patient's screen, or why there is none and what to do. */
import { Loader } from '@mantine/core'
import { lazy, Suspense, use } from 'react'
import { useTranslation } from 'react-i18next'
import { useAbout } from '../about/use-about.ts'
import { ChartScreen } from '../chart/ChartScreen.tsx'
import { usePageLanguage } from '../words/use-language.ts'
import { LaunchedContext } from './launched.ts'
import classes from './Opened.module.css'
import type { Opening } from './open-chart.ts'

/** `closed`: there is no launch to continue, or the host did not complete it. */
export type OpeningEnd = Opening | { kind: 'closed' }

export function Opened({ opening }: { opening: Promise<OpeningEnd> }) {
  const { t } = useTranslation()
  usePageLanguage()
  const end = use(opening)
  if (end.kind === 'launched')
    return (
      <LaunchedContext value={end.launched}>
        <Screens />
      </LaunchedContext>
    )
  const words = end.kind === 'no-patient' ? t('trouble.noPatient') : t('trouble.openAgain')
  return (
    <main className={classes.notice}>
      <h1>{t('trouble.closed')}</h1>
      <p>{words}</p>
    </main>
  )
}

/** Few ever look at it: the chart opens without it. */
const AboutScreen = lazy(async () => ({ default: (await import('../about/AboutScreen.tsx')).AboutScreen }))

function Screens() {
  const isAbout = useAbout()
  return (
    <>
      <ChartScreen isAway={isAbout} />
      {isAbout && (
        <Suspense fallback={<OpeningNow />}>
          <AboutScreen />
        </Suspense>
      )}
    </>
  )
}

export function OpeningNow() {
  const { t } = useTranslation()
  usePageLanguage()
  return (
    <main className={classes.notice} aria-busy>
      <Loader />
      <p>{t('app.opening')}</p>
    </main>
  )
}
