/**
 * The capability report: what of Qasid works with this EMR, and how. Drawn from the manifest's needs, what the servers say
 * and what was tried; nothing in it is hoped.
 */
import type { Channel } from './channel.ts'
import { type ReportWay, wordsFor } from './report-words.ts'
import {
  endOf,
  type Need,
  offers,
  type ProbeName,
  type ServerFacts,
  type ServerStatement,
  stands,
} from './server-facts.ts'

/** Where our records are: the host itself, another server, or both. */
export type InstallKind = 'full' | 'sidecar' | 'mixed'

export interface ManifestNeed {
  type: string
  interactions: Need[]
  ifMissing: 'refuse-install' | 'local-store' | 'poll' | 'degrade'
  why?: string
}

export interface ReportRow {
  /** A resource type, or `launch`, `token`, `visits`, `changes` … */
  need: string
  way: ReportWay
  /** One sentence: what this means for the clinic. */
  says: string
  /** What the sentence was filled with or chosen by, so that it can be said in another language. */
  detail?: string
}

export interface CapabilityReport {
  install: string
  /** ISO, to the second. */
  checkedAt: string
  kind: InstallKind
  host: ServerLine
  store?: ServerLine
  rows: ReportRow[]
  /** What keeps the install from working, in sentences; empty when it works. */
  against: string[]
}
interface ServerLine {
  fhirBase: string
  software?: string
  fhirVersion: string
  /** How many small things were tried, and how many of them worked. */
  tried: number
  worked: number
}

export interface ReportFacts {
  install: string
  checkedAt: string
  kind: InstallKind
  needs: ManifestNeed[]
  host: ServerFacts
  store?: ServerFacts
  writeBack: boolean
  /** The host launches apps, and ours is known there. */
  launch: 'registered' | 'unregistered' | 'impossible'
  /** Scopes that were asked for and not given, by either server. */
  scopesRefused: { needed: string[]; useful: string[] }
  /** How changes of visits are heard of, in words. */
  changes: Omit<ReportRow, 'need'>
  channels: Channel[]
}

/** `hasStore`: another server keeps our records. `takesMessages`: the host's own Communication is for patients. */
export function decideKind(wish: {
  statement: ServerStatement
  hasStore: boolean
  writeBack: boolean
  takesMessages: boolean
}): InstallKind {
  if (!wish.hasStore) return 'full'
  const isTold = wish.takesMessages && offers(wish.statement, 'Communication', ['create'])
  return wish.writeBack && isTold ? 'mixed' : 'sidecar'
}

/** Our records that this server cannot keep; empty when it can be the store. */
export function missingInStore(
  needs: ManifestNeed[],
  { statement }: Pick<ServerFacts, 'statement'>,
): string[] {
  return needs
    .filter(
      ({ ifMissing, type, interactions }) =>
        ifMissing === 'local-store' && !offers(statement, type, interactions),
    )
    .map(({ type }) => type)
}

/** With what was found beside the servers, or done after they were asked. */
export function withRows(
  report: CapabilityReport,
  more: { rows?: ReportRow[]; against?: string[] },
): CapabilityReport {
  const { rows = [], against = [] } = more
  return { ...report, rows: [...report.rows, ...rows], against: [...report.against, ...against] }
}

export function drawReport(facts: ReportFacts): CapabilityReport {
  const rows = [
    launchRow(facts),
    visitsRow(facts),
    { need: 'changes', ...facts.changes },
    ...facts.needs.filter(({ type }) => type !== 'Subscription').map((need) => resourceRow(need, facts)),
    ...engineRows(facts),
    ...(facts.writeBack ? [writeBackRow(facts)] : []),
    ...scopeRows(facts),
    channelsRow(facts),
  ]
  return {
    install: facts.install,
    checkedAt: facts.checkedAt,
    kind: facts.kind,
    host: toLine(facts.host),
    ...(facts.store && { store: toLine(facts.store) }),
    rows,
    against: againstIt(facts, rows),
  }
}

function toLine({ fhirBase, statement, probes }: ServerFacts): ServerLine {
  return {
    fhirBase,
    ...(statement.software && { software: statement.software }),
    fhirVersion: statement.fhirVersion,
    tried: probes.filter(({ end }) => end.kind !== 'untried').length,
    worked: probes.filter(({ end }) => end.kind === 'worked').length,
  }
}

export function row(need: string, way: ReportWay, detail?: string): ReportRow {
  return { need, way, says: wordsFor(need, way, detail), ...(detail !== undefined && { detail }) }
}

function launchRow({ launch }: ReportFacts): ReportRow {
  return launch === 'registered' ? row('launch', 'native') : row('launch', 'missing', launch)
}

const pieces = ['visits-by-location', 'visits-by-practitioner', 'visits-by-patient'] as const

/** A sweep must be able to ask for days, or at least for one patient's visits. */
function visitsRow({ host }: ReportFacts): ReportRow {
  if (!offers(host.statement, 'Appointment', ['read', 'search'])) return row('visits', 'missing')
  const isOpen = (name: ProbeName) => {
    const end = endOf(host, name)
    return end?.kind === 'worked' || (end?.kind === 'untried' && end.because === 'nothing-to-read')
  }
  if (isOpen('visits-by-date')) return row('visits', 'native')
  const way = pieces.find((name) => endOf(host, name)?.kind === 'worked') ?? pieces.find(isOpen)
  return way ? row('visits', 'polled', way) : row('visits', 'missing')
}

function resourceRow({ type, interactions, ifMissing }: ManifestNeed, facts: ReportFacts): ReportRow {
  const { host, store } = facts
  const isOurs = ifMissing === 'local-store'
  if (isOurs && store) return row(type, offers(store.statement, type, interactions) ? 'sidecar' : 'missing')
  // What patients send stands where what they say does; the host's own files are read there.
  if (type === 'Binary' && store && offers(store.statement, type, ['create', 'read']))
    return row(type, 'sidecar')
  if (offers(host.statement, type, interactions)) return row(type, 'native')
  const answers = type === 'AppointmentResponse' && store && offers(store.statement, type, interactions)
  return row(type, answers ? 'sidecar' : 'missing')
}

/** What speed and safety of the engine stand on. */
function engineRows({ host, store = host }: ReportFacts): ReportRow[] {
  const conditional = store.statement.resources.get('Communication')?.conditionalCreate === true
  const isConditional = conditional && stands(store, 'conditional-create')
  const batches = store.statement.batch && stands(store, 'batch')
  return [
    row('conditional-create', isConditional ? 'native' : 'polled'),
    row('batch', batches ? 'native' : 'missing'),
  ]
}

function writeBackRow({ kind }: ReportFacts): ReportRow {
  return row('write-back', kind === 'mixed' ? 'native' : 'missing')
}

function scopeRows({ scopesRefused: { needed, useful } }: ReportFacts): ReportRow[] {
  const refused = [...needed, ...useful]
  return refused.length > 0 ? [row('scopes', 'missing', refused.join(', '))] : []
}

function channelsRow({ channels }: ReportFacts): ReportRow {
  return channels.length > 0 ? row('channels', 'native', channels.join(', ')) : row('channels', 'missing')
}

/** Whatever must be there and is not. */
function againstIt(facts: ReportFacts, rows: ReportRow[]): string[] {
  const { host, store, needs } = facts
  const against: string[] = []
  for (const { type, ifMissing } of needs)
    if (ifMissing === 'refuse-install' && rows.some(({ need, way }) => need === type && way === 'missing'))
      against.push(
        `The EMR does not give ${type}, and without it there is nobody to write to or nothing to remind of.`,
      )
  if (rows.some(({ need, way }) => need === 'visits' && way === 'missing'))
    against.push('The EMR’s visits can be found neither by day nor by patient.')
  const { needed } = facts.scopesRefused
  if (needed.length > 0)
    against.push(
      `Our worker was not given ${needed.join(', ')}: an administrator allows that for its client.`,
    )
  const lacking = missingInStore(needs, store ?? host)
  if (lacking.length > 0 && !store)
    against.push(
      `The EMR cannot keep ${lacking.join(', ')}: give a FHIR R4 server that can, with --store (HAPI, Medplum, Aidbox …).`,
    )
  if (lacking.length > 0 && store) against.push(`The store cannot keep ${lacking.join(', ')}.`)
  if (store && !stands(store, 'foreign-reference'))
    against.push(
      'The store does not take references to the EMR’s patients; allow them there (HAPI: allow_external_references).',
    )
  if (endOf(host, 'read-patient')?.kind === 'refused')
    against.push('The EMR lets our worker read no Patient: its scopes or access rules are too narrow.')
  return against
}
