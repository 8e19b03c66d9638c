import { describe, expect, it } from 'vitest'
import { drawReport, type ManifestNeed, type ReportFacts } from '../../src/domain/capability-report.ts'
import { expectRung, sayChanges } from '../../src/domain/expected-rung.ts'
import { type ReportWay, reported } from '../../src/domain/report-words.ts'
import type { ProbeEnd, ProbeName, ServerFacts } from '../../src/domain/server-facts.ts'
import { instant } from '../../src/domain/time.ts'
import { readSource } from '../source-files.ts'

const needs = JSON.parse(readSource('plugin.manifest.json').text).fhir.resources as ManifestNeed[]
const all = ['read', 'search-type', 'create', 'update', 'delete']
const ofHost = ['Patient', 'Appointment', 'Practitioner', 'Location', 'DocumentReference']
const worked: ProbeEnd = { kind: 'worked' }
const refused: ProbeEnd = { kind: 'refused', code: '403' }

function server(types: string[], probes: Partial<Record<ProbeName, ProbeEnd>> = {}): ServerFacts {
  const row = { interactions: all, conditionalCreate: true, searchParams: ['date', '_lastUpdated'] }
  return {
    fhirBase: 'https://emr.example/fhir',
    statement: {
      ...{ fhirVersion: '4.0.1', topics: [], subscriptionsStartAs: 'requested', batch: true },
      ...{ transaction: true, resources: new Map(types.map((type) => [type, row])) },
    },
    probes: Object.entries(probes).map(([name, end]) => ({ name: name as ProbeName, end })),
    left: [],
  }
}

const whole = () =>
  server(
    needs.map(({ type }) => type),
    { 'visits-by-date': worked, subscription: worked },
  )

function facts(more: Partial<ReportFacts> = {}): ReportFacts {
  return {
    ...{ install: 'clinic', checkedAt: '2026-11-20T05:00:00Z', kind: 'full', needs, host: whole() },
    ...{ writeBack: false, launch: 'registered', scopesRefused: { needed: [], useful: [] } },
    changes: { way: 'native', says: 'It tells us.' },
    channels: ['sms'],
    ...more,
  }
}

describe('a capability report', () => {
  it('has nothing against a host that can do everything', () => {
    const { against, rows } = drawReport(facts())
    expect(against).toEqual([])
    expect(rows.filter(({ way }) => way !== 'native')).toEqual([])
  })

  it.each<[string, Partial<ReportFacts>, RegExp]>([
    [
      'keeps none of our records',
      { host: server(ofHost, { 'visits-by-date': worked }) },
      /cannot keep Consent, Communication, .*--store/,
    ],
    [
      'has no visits',
      { host: server(['Patient', ...needs.slice(4).map(({ type }) => type)]) },
      /does not give Appointment/,
    ],
    [
      'finds visits in no way',
      { host: { ...whole(), probes: [{ name: 'visits-by-date', end: refused }] } },
      /neither by day nor by patient/,
    ],
    [
      'lets us read no patient',
      {
        host: {
          ...whole(),
          probes: [
            { name: 'read-patient', end: refused },
            { name: 'visits-by-date', end: worked },
          ],
        },
      },
      /lets our worker read no Patient/,
    ],
    [
      'gives no right to our records',
      { scopesRefused: { needed: ['system/Basic.cs'], useful: [] } },
      /was not given system\/Basic\.cs/,
    ],
    [
      'has a store that knows only its own patients',
      {
        kind: 'sidecar',
        store: server(
          needs.map(({ type }) => type),
          { 'foreign-reference': refused },
        ),
      },
      /does not take references.*allow_external_references/,
    ],
    [
      'has a store that cannot keep all',
      { kind: 'sidecar', store: server(['Consent']) },
      /The store cannot keep Communication, /,
    ],
  ])('says that it cannot be, where the host %s', (_what, more, sentence) => {
    expect(drawReport(facts(more)).against.join(' ')).toMatch(sentence)
  })

  it('is not against a scope that is only useful', () => {
    const { against, rows } = drawReport(facts({ scopesRefused: { needed: [], useful: ['system/Basic.d'] } }))
    expect(against).toEqual([])
    expect(rows.find(({ need }) => need === 'scopes')?.says).toContain('system/Basic.d')
  })

  it.each<[ProbeName, string]>([
    ['visits-by-location', 'place by place'],
    ['visits-by-practitioner', 'clinician by clinician'],
    ['visits-by-patient', 'patient by patient'],
  ])('says in which pieces visits are found: %s', (name, words) => {
    const host = server(
      needs.map(({ type }) => type),
      { 'visits-by-date': refused, [name]: worked },
    )
    const visits = drawReport(facts({ host })).rows.find(({ need }) => need === 'visits')
    expect(visits?.way).toBe('polled')
    expect(visits?.says).toContain(words)
  })

  it('does not believe a server that writes twice what it says it writes once', () => {
    const host = server(
      needs.map(({ type }) => type),
      { 'visits-by-date': worked, 'conditional-create': refused },
    )
    const way = (one: ServerFacts) =>
      drawReport(facts({ host: one })).rows.find(({ need }) => need === 'conditional-create')?.way
    expect([way(whole()), way(host)]).toEqual(['native', 'polled'])
  })

  it('has words for each need of the manifest, in each way that it can be', () => {
    const ways = (need: ManifestNeed): ReportWay[] =>
      need.ifMissing === 'local-store' ? ['native', 'sidecar', 'missing'] : ['native', 'missing']
    const silent = needs
      .filter(({ type }) => type !== 'Subscription')
      .flatMap((need) =>
        ways(need)
          .filter((way) => !reported[need.type]?.includes(way))
          .map((way) => `${need.type} ${way}`),
      )
    expect(silent).toEqual([])
  })
})

describe('how changes will be learned', () => {
  const wish = { resource: 'Appointment', topics: [], below: 'window' as const }
  const now = instant(1_790_000_000_000)
  const never: ProbeEnd = { kind: 'refused', code: 'never-active' }
  const topic = { topics: ['https://emr.example/topics/appointment-change'] }

  it.each<[string, ServerFacts, string]>([
    [
      'a Subscription that works',
      server(['Appointment', 'Subscription'], { subscription: worked }),
      'criteria',
    ],
    ['one that is refused', server(['Appointment', 'Subscription'], { subscription: refused }), 'poll'],
    ['one that never is active', server(['Appointment', 'Subscription'], { subscription: never }), 'poll'],
    ['one that could not be tried', server(['Appointment', 'Subscription']), 'criteria'],
    ['none', server(['Appointment']), 'poll'],
    [
      'none, and a refusal of _lastUpdated',
      server(['Appointment'], { 'visits-by-change': refused }),
      'window',
    ],
  ])('on a host with %s', (_what, host, rung) => {
    expect(expectRung(host, wish, now).rung).toBe(rung)
  })

  it('by topic where one fits and works, else by criteria', () => {
    const one = server(['Appointment', 'Subscription'])
    const host = { ...one, statement: { ...one.statement, ...topic } }
    const tried = (end: ProbeEnd) => ({ ...host, probes: [{ name: 'topic-subscription' as const, end }] })
    expect([worked, never].map((end) => expectRung(tried(end), wish, now).rung)).toEqual([
      'topic',
      'criteria',
    ])
  })

  it('is said in the worker’s own words', () => {
    const { way, says } = sayChanges({ rung: 'poll', because: ['never-active', 'never-active'] })
    expect([way, says]).toEqual([
      'polled',
      'We ask the host every minute what changed, because it did not make our Subscription active.',
    ])
  })
})
