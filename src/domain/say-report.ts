/** A line of the report, and what an admin does about it, in the reader's language. */
import type { ReportRow } from './capability-report.ts'
import { describeRung, readRung } from './describe-rung.ts'
import type { Language } from './language.ts'
import { findWords, reportWords } from './report-words.ts'

/** `language` is another than was asked for where we have only what the report itself says. */
export function sayRow(row: ReportRow, language: Language): { text: string; language: Language } {
  const rung = row.need === 'changes' ? readRung(row.detail) : undefined
  const text = rung ? describeRung(rung, language) : findWords(row.need, row.way, row.detail, language)
  return text === undefined ? { text: row.says, language: 'en' } : { text, language }
}

/** Of what is missing only; `undefined` of what we have no advice about. */
export function sayRemedy({ need, way, detail }: ReportRow, language: Language): string | undefined {
  if (way !== 'missing') return undefined
  const { remedies } = reportWords[language]
  const own: Partial<Record<string, string>> = remedies
  const told = own[detail ?? ''] ?? own[need]
  if (told !== undefined) return told
  // A resource type begins with a capital, as FHIR writes it.
  if (!/^[A-Z]/.test(need)) return undefined
  return (onlyThere.includes(need) ? remedies.reading : remedies.keeping).replace('{}', need)
}

/** No store of ours can stand in for the EMR's own. */
const onlyThere = ['Patient', 'Appointment', 'Practitioner', 'Location', 'DocumentReference']
