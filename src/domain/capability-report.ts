/**
 * The capability report: what of Qasid works with this EMR, and how. Drawn from the manifest's needs, what the servers say
 * and what was tried; nothing in it is hoped.
 */
import type { Channel } from './channel.ts'
import { type ReportWay, wordsFor } from './report-words.ts'
import { endOf, type Need, offers, type ServerFacts, stands } from './server-facts.ts'

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
  needs: ManifestNeed[]
  host: ServerFacts
  store?: ServerFacts
  writeBack: boolean
  /** The host launches apps, and ours is known there. */
  launch: 'registered' | 'unregistered' | 'impossible'
  /** Scopes that were asked for and not given. */
  scopesRefused: string[]
  /** How changes of visits are heard of, in words. */
  changes: Omit<ReportRow, 'need'>
  channels: Channel[]
}

export function decideKind(
  needs: ManifestNeed[],
  facts: Pick<ReportFacts, 'host' | 'store' | 'writeBack'>,
): InstallKind {
  if (!facts.store) return 'full'
  const told = facts.writeBack && offers(facts.host.statement, 'Communication', ['create'])
  return told && needs.length > 0 ? 'mixed' : 'sidecar'
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

export function drawReport(facts: ReportFacts): CapabilityReport {
  const kind = decideKind(facts.needs, facts)
  const rows = [
    launchRow(facts),
    visitsRow(facts),
    { need: 'changes', ...facts.changes },
    ...facts.needs.filter(({ type }) => type !== 'Subscription').map((need) => resourceRow(need, facts)),
    ...engineRows(facts),
    ...(facts.writeBack ? [writeBackRow(facts)] : []),
    ...(facts.scopesRefused.length > 0 ? [row('scopes', 'missing', facts.scopesRefused.join(', '))] : []),
    channelsRow(facts),
  ]
  return {
    install: facts.install,
    checkedAt: facts.checkedAt,
    kind,
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

function row(need: string, way: ReportWay, detail?: string): ReportRow {
  return { need, way, says: wordsFor(need, way, detail), ...(detail !== undefined && { detail }) }
}

function launchRow({ launch }: ReportFacts): ReportRow {
  return launch === 'registered' ? row('launch', 'native') : row('launch', 'missing', launch)
}

/** A sweep must be able to ask for days, or at least for one patient's visits. */
function visitsRow({ host }: ReportFacts): ReportRow {
  if (!offers(host.statement, 'Appointment', ['read', 'search'])) return row('visits', 'missing')
  if (endOf(host, 'visits-by-date')?.kind === 'refused')
    return stands(host, 'visits-by-patient')
      ? row('visits', 'polled', 'visits-by-patient')
      : row('visits', 'missing')
  return row('visits', 'native')
}

function resourceRow({ type, interactions, ifMissing }: ManifestNeed, facts: ReportFacts): ReportRow {
  const { host, store } = facts
  const isOurs = ifMissing === 'local-store'
  if (isOurs && store) return row(type, offers(store.statement, type, interactions) ? 'sidecar' : 'missing')
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

function writeBackRow({ host, store }: ReportFacts): ReportRow {
  const told = store !== undefined && offers(host.statement, 'Communication', ['create'])
  return row('write-back', told ? 'native' : 'missing')
}

function channelsRow({ channels }: ReportFacts): ReportRow {
  return channels.length > 0 ? row('channels', 'native', channels.join(', ')) : row('channels', 'missing')
}

/** Whatever must be there and is not. */
function againstIt(facts: ReportFacts, rows: ReportRow[]): string[] {
  const { host, store, needs } = facts
  const against: string[] = []
  if (!host.statement.fhirVersion.startsWith('4.0'))
    against.push(
      `The EMR speaks FHIR ${host.statement.fhirVersion || 'of no stated version'}; Qasid speaks R4 (4.0.1).`,
    )
  for (const { type, ifMissing } of needs)
    if (ifMissing === 'refuse-install' && rows.some(({ need, way }) => need === type && way === 'missing'))
      against.push(
        `The EMR does not give ${type}, and without it there is nobody to write to or nothing to remind of.`,
      )
  if (rows.some(({ need, way }) => need === 'visits' && way === 'missing'))
    against.push('The EMR’s visits can be found neither by day nor by patient.')
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
