/** The report as it is read: by what it is about, what is missing first, and in one word whether it works. */
import type { InstallReport } from '../../../src/contract/report.ts'
import type { ReportRow } from '../../../src/domain/capability-report.ts'
import type { Rung } from '../../../src/domain/change-feed.ts'
import { readRung, writeRung } from '../../../src/domain/describe-rung.ts'
import type { ReportWay } from '../../../src/domain/report-words.ts'
import { senderWellness } from './sender-wellness.ts'

export const groupNames = ['people', 'records', 'changes', 'safety', 'channels'] as const
export type GroupName = (typeof groupNames)[number]

/** `not-ready`: it was never able to work. `troubled`: something has failed since. */
export type Verdict = 'ready' | 'troubled' | 'not-ready'

/** `foreseen`: what the installer expected, where something else is in force by now. */
export type ShownRow = ReportRow & { foreseen?: true }

export interface ReportView {
  verdict: Verdict
  counts: Record<ReportWay, number>
  /** Without those that nothing is told of. */
  groups: { name: GroupName; rows: ShownRow[] }[]
}

const places: Record<string, GroupName> = {
  launch: 'people',
  visits: 'people',
  Patient: 'people',
  Appointment: 'people',
  Practitioner: 'people',
  Location: 'people',
  changes: 'changes',
  subscriptions: 'changes',
  channels: 'channels',
  'write-back': 'records',
  profiles: 'records',
}

const order: ReportWay[] = ['missing', 'polled', 'sidecar', 'native']

export function viewReport({ report, now }: InstallReport): ReportView {
  const rows: ShownRow[] = report.rows.flatMap((row) =>
    row.need === 'changes' ? rowsOfChanges(row, now.changes) : [row],
  )
  const inForce = rows.filter(({ foreseen }) => !foreseen)
  const count = (way: ReportWay) => inForce.filter((row) => row.way === way).length
  return {
    verdict: verdictOf({ report, now }),
    counts: {
      native: count('native'),
      polled: count('polled'),
      sidecar: count('sidecar'),
      missing: count('missing'),
    },
    groups: groupNames
      .map((name) => ({ name, rows: inOrder(rows.filter(({ need }) => groupOf(need) === name)) }))
      .filter((group) => group.rows.length > 0),
  }
}

/** A resource type of which nothing else is known is a record; the rest is about how the servers behave. */
function groupOf(need: string): GroupName {
  return places[need] ?? (/^[A-Z]/.test(need) ? 'records' : 'safety')
}

/** What is only remembered stands below what it is remembered beside. */
function inOrder(rows: ShownRow[]): ShownRow[] {
  const rank = ({ way, foreseen }: ShownRow) => (foreseen ? order.length : order.indexOf(way))
  return rows.toSorted((one, other) => rank(one) - rank(other))
}

const wayOf: Record<Rung, ReportWay> = {
  topic: 'native',
  criteria: 'native',
  poll: 'polled',
  window: 'polled',
  off: 'missing',
}

/** What is in force counts; what was foreseen is worth a line only where it was something else. */
function rowsOfChanges(row: ReportRow, inForce: InstallReport['now']['changes']): ShownRow[] {
  if (!inForce) return [row]
  const present = { need: row.need, way: wayOf[inForce.rung], says: row.says, detail: writeRung(inForce) }
  const before = readRung(row.detail)
  return before?.rung === inForce.rung ? [present] : [present, { ...row, foreseen: true }]
}

function verdictOf({ report, now }: InstallReport): Verdict {
  if (report.against.length > 0) return 'not-ready'
  const allWell =
    now.parts.every(({ ok }) => ok) && now.senders.every((one) => senderWellness(one) === 'well')
  return allWell ? 'ready' : 'troubled'
}
