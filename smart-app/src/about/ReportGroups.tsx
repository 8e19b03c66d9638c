/** The lines of the report, group by group: a picture and a word for the way, the sentence, and what to do where something is missing. */
import { useId } from 'react'
import { sayRemedy, sayRow } from '../../../src/domain/say-report.ts'
import { useLanguage } from '../words/use-language.ts'
import { useAboutWords } from './about-words.ts'
import classes from './Report.module.css'
import type { ReportView, ShownRow } from './report-view.ts'
import { WayIcon } from './WayIcon.tsx'

type Group = ReportView['groups'][number]

export function ReportGroups({ groups }: { groups: Group[] }) {
  return groups.map((group) => <GroupOfLines key={group.name} group={group} />)
}

function GroupOfLines({ group: { name, rows } }: { group: Group }) {
  const words = useAboutWords()
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes.card} data-testid={`report-${name}`}>
      <h2 id={id} className={classes.heading}>
        {words.groups[name]}
      </h2>
      <ul className={classes.list}>
        {rows.map((row) => (
          <Line key={`${row.need} ${row.foreseen ? 'foreseen' : 'now'}`} row={row} />
        ))}
      </ul>
    </section>
  )
}

function Line({ row }: { row: ShownRow }) {
  const words = useAboutWords()
  const { language } = useLanguage()
  const said = sayRow(row, language)
  const remedy = sayRemedy(row, language)
  const foreign = said.language === language ? {} : { lang: said.language, dir: 'ltr' }
  return (
    <li className={classes.line} data-way={row.way} data-foreseen={row.foreseen}>
      <WayIcon way={row.way} />
      <div className={classes.said}>
        <p>
          {row.foreseen && `${words.whenExamined} `}
          <span {...foreign}>{said.text}</span>
        </p>
        {remedy && (
          <p className={classes.remedy}>
            <b>{words.toDo}</b> {remedy}
          </p>
        )}
      </div>
      <div className={classes.mark}>
        <span className={classes.way}>{words.ways[row.way]}</span>
        {/^[A-Z]/.test(row.need) && <bdi className={classes.need}>{row.need}</bdi>}
      </div>
    </li>
  )
}
