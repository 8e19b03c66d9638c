/** The report itself: whether it works, line by line why, and beside it the moment, the senders and the servers. */
import { type ReactNode, useMemo } from 'react'
import type { InstallReport } from '../../../src/contract/report.ts'
import { parseInstant } from '../../../src/domain/time.ts'
import { useLaunched } from '../launch/launched.ts'
import { useNow } from '../launch/use-now.ts'
import { dayAndTime, fromNow } from '../words/dates.ts'
import { useLanguage } from '../words/use-language.ts'
import { fill, useAboutWords } from './about-words.ts'
import { CopyReport } from './CopyReport.tsx'
import { DoctorCommand } from './DoctorCommand.tsx'
import { Present, Senders, Servers } from './Present.tsx'
import classes from './Report.module.css'
import { ReportGroups } from './ReportGroups.tsx'
import { type ReportView, viewReport } from './report-view.ts'
import { WayIcon } from './WayIcon.tsx'

export function Report({ report }: { report: InstallReport }) {
  const view = useMemo(() => viewReport(report), [report])
  return (
    <>
      <Headline view={view} report={report} />
      <Against sentences={report.report.against} />
      <div className={classes.columns}>
        <div className={classes.lines}>
          <ReportGroups groups={view.groups} />
        </div>
        <div className={classes.beside}>
          <Present parts={report.now.parts} />
          <Senders senders={report.now.senders} />
          <Servers report={report.report} />
          <Examined at={report.report.checkedAt}>
            <CopyReport report={report} />
          </Examined>
        </div>
      </div>
    </>
  )
}

function Headline({ view, report }: { view: ReportView; report: InstallReport }) {
  const words = useAboutWords()
  const { verdict, counts } = view
  return (
    <div className={classes.headline} data-verdict={verdict} data-testid="verdict">
      <div>
        <strong>{words.verdict[verdict]}</strong>
        <p>{words.kind[report.report.kind]}</p>
      </div>
      <ul className={classes.counts}>
        {(['native', 'sidecar', 'polled', 'missing'] as const)
          .filter((way) => counts[way] > 0)
          .map((way) => (
            <li key={way} className={classes.count}>
              <WayIcon way={way} />
              <b>{counts[way]}</b> {words.ways[way]}
            </li>
          ))}
      </ul>
    </div>
  )
}

/** Said by the installer, in English. */
function Against({ sentences }: { sentences: string[] }) {
  const words = useAboutWords()
  if (sentences.length === 0) return null
  return (
    <section className={classes.against} aria-label={words.against}>
      <h2 className={classes.alertHeading}>{words.against}</h2>
      <ul lang="en" dir="ltr">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  )
}

function Examined({ at, children }: { at: string; children: ReactNode }) {
  const words = useAboutWords()
  const { language } = useLanguage()
  const { zone } = useLaunched()
  const now = useNow()
  const examinedAt = parseInstant(at)
  return (
    <section className={classes.examined}>
      {examinedAt !== undefined && (
        <p>
          <time dateTime={at}>{fill(words.examined, dayAndTime(examinedAt, now, language, zone))}</time>
          {` (${fromNow(examinedAt, now, language)})`}
        </p>
      )}
      <p>
        {words.examineAgain} <DoctorCommand />
      </p>
      {children}
    </section>
  )
}
