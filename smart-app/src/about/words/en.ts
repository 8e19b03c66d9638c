/** English, for the screen about the install: it is loaded with that screen only. `{}` is filled in. */
import type { partNames } from '../../../../src/contract/report.ts'
import type { InstallKind } from '../../../../src/domain/capability-report.ts'
import type { ReportWay } from '../../../../src/domain/report-words.ts'
import type { GroupName, Verdict } from '../report-view.ts'
import type { SenderWellness } from '../sender-wellness.ts'

type PartName = (typeof partNames)[number]

const verdict: Record<Verdict, string> = {
  ready: 'Everything that Messages needs here works.',
  troubled: 'It is set up, and something does not work at the moment.',
  'not-ready': 'It cannot work yet.',
}

const kind: Record<InstallKind, string> = {
  full: 'The EMR itself keeps everything that Messages writes.',
  sidecar: 'What Messages writes is kept in a store beside the EMR.',
  mixed: 'What Messages writes is kept in a store beside the EMR, and what was said is told to the EMR too.',
}

const groups: Record<GroupName, string> = {
  people: 'Who and when',
  records: 'Where records are',
  changes: 'How changes come',
  safety: 'Safety and speed',
  channels: 'Channels',
}

const ways: Record<ReportWay, string> = {
  native: 'Works',
  polled: 'Works another way',
  sidecar: 'In the store',
  missing: 'Missing',
}

const parts: Record<PartName, Record<'ok' | 'away', string>> = {
  store: { ok: 'Records can be read and written', away: 'The records cannot be reached' },
  worker: { ok: 'Messages are being sent', away: 'Nothing is being sent: no worker runs' },
  subscription: { ok: 'Changes of visits reach us', away: 'Changes of visits do not reach us' },
  redis: { ok: 'The queue answers', away: 'The queue does not answer' },
}

const senders: Record<SenderWellness, string> = {
  well: 'Well',
  troubled: 'Has trouble: health {}',
  paused: 'Paused until it is tested: {}',
  'cut-off': 'Its company does not answer',
}

export const about = {
  title: 'What this EMR can do',
  back: 'Back to the conversation',
  reading: 'Reading the report',
  ...{ verdict, kind, groups, ways, parts, senders },
  against: 'What keeps it from working',
  emr: 'EMR',
  store: 'Store',
  now: 'At this moment',
  whenExamined: 'When it was examined:',
  toDo: 'What to do:',
  sendersTitle: 'Senders',
  noSenders: 'No sender is configured.',
  servers: 'Servers',
  tried: '{} of {} things that were tried worked',
  notNamed: 'It does not name its software',
  examined: 'Examined {}',
  examineAgain: 'To examine it again:',
  copy: 'Copy as JSON',
  copied: 'Copied',
  byHand: 'The browser does not let us copy. Copy it from here:',
  never: 'This EMR was not examined yet',
  neverHint: 'Whoever runs Messages examines it on the server; then the report stands here:',
  unread: 'The report could not be read',
  unreadHint: 'Check the connection and try again.',
  over: 'Your session is over. Open Messages from the chart again.',
  again: 'Try again',
}

export type AboutWords = typeof about
