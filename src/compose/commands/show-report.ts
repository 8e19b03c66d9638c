/** The capability report as lines of a terminal. */
import type { CapabilityReport } from '../../domain/capability-report.ts'
import { toTable } from './table.ts'

const kinds = {
  full: 'the EMR keeps everything',
  sidecar: 'our records are kept in a store beside the EMR',
  mixed: 'our records are kept in a store beside the EMR, and what was said is told to the EMR too',
} as const

const marks = { native: '✓', polled: '~', sidecar: '+', missing: '✗' } as const

export function showReport(report: CapabilityReport): string[] {
  const { host, store, rows, against, kind } = report
  return [
    '',
    `${report.install}: ${kinds[kind]}`,
    `  EMR    ${sayServer(host)}`,
    ...(store ? [`  store  ${sayServer(store)}`] : []),
    '',
    ...toTable(
      ['', 'what', 'how', 'which means'],
      rows.map(({ need, way, says }) => [marks[way], need, way, says]),
    ).map((line) => `  ${line}`),
    '',
    ...(against.length > 0 ? ['Not ready:', ...against.map((one) => `  ${one}`)] : ['Ready.']),
  ]
}

function sayServer({ fhirBase, software, fhirVersion, tried, worked }: CapabilityReport['host']): string {
  return [
    fhirBase,
    ...(software ? [software] : []),
    `FHIR ${fhirVersion}`,
    `${worked} of ${tried} things tried worked`,
  ].join(' · ')
}
