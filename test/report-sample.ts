/** A capability report of an EMR beside which our records stand, with one line of each way. */
import type { CapabilityReport, ReportRow } from '../src/domain/capability-report.ts'
import { type ReportWay, wordsFor } from '../src/domain/report-words.ts'

const row = (need: string, way: ReportWay, detail?: string): ReportRow => ({
  ...{ need, way, says: wordsFor(need, way, detail) },
  ...(detail !== undefined && { detail }),
})

export const sampleReport: CapabilityReport = {
  ...{ install: 'sample-clinic', checkedAt: '2026-11-20T06:30:00Z', kind: 'sidecar' },
  host: {
    ...{ fhirBase: 'https://emr.example/fhir', software: 'Sample EMR 4.2', fhirVersion: '4.0.1' },
    ...{ tried: 6, worked: 4 },
  },
  store: {
    ...{ fhirBase: 'https://store.example/fhir', software: 'HAPI FHIR Server 8.2', fhirVersion: '4.0.1' },
    ...{ tried: 7, worked: 7 },
  },
  rows: [
    row('launch', 'native'),
    row('visits', 'polled'),
    { need: 'changes', way: 'polled', says: 'We ask the host every minute what changed.', detail: 'poll' },
    row('Patient', 'native'),
    row('Appointment', 'native'),
    row('Consent', 'sidecar'),
    row('Communication', 'sidecar'),
    row('DocumentReference', 'missing'),
    row('conditional-create', 'native'),
    row('batch', 'missing'),
    row('scopes', 'missing', 'system/Task.crus'),
    row('channels', 'native', 'whatsapp, sms, email'),
  ],
  against: [],
}
