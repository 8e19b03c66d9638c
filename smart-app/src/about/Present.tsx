/** Beside the lines: what is true at this moment, how the senders are, and which servers they are. */
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { InstallReport } from '../../../src/contract/report.ts'
import { ChannelIcon } from '../conversation/ChannelIcon.tsx'
import { useLanguage } from '../words/use-language.ts'
import { fill, useAboutWords } from './about-words.ts'
import classes from './Report.module.css'
import { senderWellness } from './sender-wellness.ts'
import { WayIcon } from './WayIcon.tsx'

type Now = InstallReport['now']
type Server = InstallReport['report']['host']

export function Present({ parts }: { parts: Now['parts'] }) {
  const words = useAboutWords()
  return (
    <Card title={words.now} testId="report-now">
      <ul className={classes.list}>
        {parts.map(({ part, ok }) => (
          <li key={part} className={classes.line} data-way={ok ? 'native' : 'missing'}>
            <WayIcon way={ok ? 'native' : 'missing'} />
            <span className={classes.said}>{words.parts[part][ok ? 'ok' : 'away']}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

export function Senders({ senders }: { senders: Now['senders'] }) {
  const words = useAboutWords()
  return (
    <Card title={words.sendersTitle} testId="report-senders">
      {senders.length === 0 && <p className={classes.quiet}>{words.noSenders}</p>}
      <ul className={classes.list}>
        {senders.map((sender) => (
          <SenderLine key={sender.id} sender={sender} />
        ))}
      </ul>
    </Card>
  )
}

function SenderLine({ sender }: { sender: Now['senders'][number] }) {
  const words = useAboutWords()
  const { t } = useTranslation()
  const { language } = useLanguage()
  const wellness = senderWellness(sender)
  const health = new Intl.NumberFormat(language, { style: 'percent' }).format(sender.health)
  const said = fill(words.senders[wellness], sender.paused ?? health)
  return (
    <li className={classes.line} data-way={wellness === 'well' ? 'native' : 'missing'}>
      <ChannelIcon channel={sender.channel} size={18} />
      <span className={classes.said}>
        {t(`channel.${sender.channel}`)}
        {sender.id !== sender.channel && <bdi className={classes.id}>{sender.id}</bdi>}
        <span className={classes.state}>{said}</span>
      </span>
    </li>
  )
}

export function Servers({ report: { host, store } }: Pick<InstallReport, 'report'>) {
  const words = useAboutWords()
  return (
    <Card title={words.servers} testId="report-servers">
      <dl className={classes.servers}>
        <ServerLines name={words.emr} server={host} />
        {store && <ServerLines name={words.store} server={store} />}
      </dl>
    </Card>
  )
}

function ServerLines({ name, server }: { name: string; server: Server }) {
  const words = useAboutWords()
  const { language } = useLanguage()
  const count = new Intl.NumberFormat(language)
  const tried = fill(words.tried, count.format(server.worked), count.format(server.tried))
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {server.software ? <bdi>{server.software}</bdi> : words.notNamed} ·{' '}
        <bdi>FHIR {server.fhirVersion}</bdi>
      </dd>
      <dd className={classes.quiet}>
        <bdi>{server.fhirBase}</bdi>
      </dd>
      <dd className={classes.quiet}>{tried}</dd>
    </div>
  )
}

function Card({ title, testId, children }: { title: string; testId: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes.card} data-testid={testId}>
      <h2 id={id} className={classes.heading}>
        {title}
      </h2>
      {children}
    </section>
  )
}
