/**
 * Documents in some patients' charts, to be sent to them: letters and results as PDF, a picture, one inside its
 * DocumentReference, and one that was superseded. All of it is invented.
 */
import type { Binary, DocumentReference, FhirResource } from 'fhir/r4'
import { displayName, type Person } from './patients.ts'
import { smallPdf } from './small-pdf.ts'
import { smallPng } from './small-png.ts'

interface Sheet {
  id: string
  title: string
  /** LOINC, with its display. */
  type: [code: string, display: string]
  daysAgo: number
  contentType: string
  bytes: Uint8Array
  status?: DocumentReference['status']
  /** Held in the DocumentReference itself, as some EMRs do. */
  inline?: boolean
}

/** The first ordinary patient has one of each kind; these others a result each. */
export const withDocuments = ['patient-018', 'patient-019', 'patient-020', 'patient-sms-only'] as const

export function makeDocuments(persons: readonly Person[], today: Date): FhirResource[] {
  return persons.flatMap((person) => {
    const { id } = person.patient
    if (!withDocuments.some((one) => one === id)) return []
    const sheets = id === withDocuments[0] ? everyKind(id) : [bloodTest(id)]
    return sheets.flatMap((sheet) => toResources(person, sheet, today))
  })
}

function bloodTest(patient: string): Sheet {
  const lines = [
    ...['Patient: see the chart', 'Taken: last visit', ''],
    ...['Haemoglobin      13.9 g/dL    (12.0 - 16.0)', 'Glucose, fasting  92 mg/dL    (70 - 99)'],
    ...['', 'Within the usual range. This sheet is a sample; nobody was tested.'],
  ]
  return pdf(`blood-test-${patient}`, 'Blood test', ['11502-2', 'Laboratory report'], 3, lines)
}

function everyKind(patient: string): Sheet[] {
  const prescription = [
    ...['Vitamin D3, 1000 units', 'One tablet each morning, with food, for 90 days.', ''],
    'This sheet is a sample and no prescription.',
  ]
  return [
    bloodTest(patient),
    pdf(
      `prescription-${patient}`,
      'Prescription',
      ['57833-6', 'Prescription for medication'],
      1,
      prescription,
    ),
    {
      id: `x-ray-${patient}`,
      title: 'X-ray of the left hand',
      type: ['18748-4', 'Diagnostic imaging study'],
      daysAgo: 20,
      contentType: 'image/png',
      bytes: smallPng(96, 96, handLike),
    },
    {
      ...pdf(`letter-${patient}`, 'Referral letter', ['57133-1', 'Referral note'], 8, [
        'To whom it may concern.',
      ]),
      inline: true,
    },
    {
      ...pdf(`old-plan-${patient}`, 'Care plan, first draft', ['18776-5', 'Plan of care note'], 60, ['Old.']),
      status: 'superseded',
    },
  ]
}

function pdf(id: string, title: string, type: Sheet['type'], daysAgo: number, lines: string[]): Sheet {
  return { id, title, type, daysAgo, contentType: 'application/pdf', bytes: smallPdf(title, lines) }
}

/** Five pale bars on a dark ground. */
function handLike(x: number, y: number): number {
  const finger = x % 18
  const top = 20 + Math.abs(2 - Math.floor(x / 18)) * 8
  return finger > 3 && finger < 14 && y > top && x < 90 ? 150 + (y % 40) : 25 + Math.floor(y / 8)
}

function toResources(person: Person, sheet: Sheet, today: Date): FhirResource[] {
  const data = base64(sheet.bytes)
  const context = { reference: `DocumentReference/${sheet.id}` }
  const binary: Binary = {
    resourceType: 'Binary',
    id: sheet.id,
    contentType: sheet.contentType,
    securityContext: context,
    data,
  }
  return sheet.inline
    ? [toDocument(person, sheet, today, { data })]
    : [toDocument(person, sheet, today, { url: `Binary/${sheet.id}` }), binary]
}

function toDocument(
  person: Person,
  { id, title, type, daysAgo, contentType, bytes, status = 'current' }: Sheet,
  today: Date,
  place: { url: string } | { data: string },
): DocumentReference {
  const [code, display] = type
  return {
    resourceType: 'DocumentReference',
    id,
    status,
    type: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
    subject: { reference: `Patient/${person.patient.id}`, display: displayName(person) },
    date: new Date(today.getTime() - daysAgo * 86_400_000).toISOString(),
    content: [{ attachment: { contentType, title, size: bytes.length, ...place } }],
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
