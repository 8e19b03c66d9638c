import type { FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { idsOf, openEmr } from './emr-caller.ts'

const patient = (id: string) => ({ reference: `Patient/${id}` })

const clinic: FhirResource[] = [
  {
    resourceType: 'Patient',
    id: 'amal',
    active: true,
    name: [{ family: 'Müller', given: ['Amal', 'Noor'] }],
    telecom: [
      { system: 'phone', value: '+971500000001' },
      { system: 'email', value: 'Amal@mail.example' },
    ],
  },
  {
    resourceType: 'Patient',
    id: 'bob',
    name: [{ text: 'عمر' }],
    telecom: [{ system: 'phone', value: '5550' }],
  },
  { resourceType: 'Location', id: 'dubai', name: 'Dubai' },
  { resourceType: 'Practitioner', id: 'saleh', name: [{ family: 'Saleh' }] },
  appointment('early', 'booked', '2026-11-21T23:30:00+04:00', 'amal'),
  appointment('late', 'booked', '2026-11-21T20:00:00Z', 'bob'),
  appointment('off', 'cancelled', '2026-11-22T08:00:00Z', 'amal'),
  {
    resourceType: 'CommunicationRequest',
    id: 'asked',
    status: 'active',
    subject: patient('amal'),
    occurrenceDateTime: '2026-11-20T10:00:00Z',
    recipient: [patient('amal')],
    basedOn: [{ reference: 'Appointment/early' }],
    category: [{ coding: [{ system: 'http://c.example', code: 'reminder' }], text: 'news' }],
    medium: [{ coding: [{ system: 'http://m.example', code: 'SMSWRIT' }] }],
    sender: { reference: 'Organization/clinic' },
  },
  { resourceType: 'CommunicationRequest', id: 'draft', status: 'draft', subject: patient('bob') },
  {
    resourceType: 'Communication',
    id: 'said',
    status: 'completed',
    subject: patient('amal'),
    identifier: [{ system: 'http://a.example', value: 'Key-1' }],
    basedOn: [{ reference: 'CommunicationRequest/asked' }],
    partOf: [{ reference: 'Communication/thread' }],
    sent: '2026-11-20T10:00:01.500Z',
    received: '2026-11-20T10:00:03Z',
    recipient: [patient('amal')],
    sender: { reference: 'Organization/clinic' },
    category: [{ coding: [{ system: 'http://c.example', code: 'reminder' }] }],
    medium: [{ coding: [{ system: 'http://m.example', code: 'SMSWRIT' }] }],
    instantiatesCanonical: ['http://t.example/ActivityDefinition/reminder|3'],
  },
  { resourceType: 'Communication', id: 'thread', status: 'in-progress', subject: patient('amal') },
  { resourceType: 'Communication', id: 'stray', status: 'unknown', identifier: [{ value: 'Key-1' }] },
  template('reminder'),
  template('reminder-2h'),
]

function appointment(id: string, status: 'booked' | 'cancelled', start: string, who: string): FhirResource {
  return {
    resourceType: 'Appointment',
    id,
    status,
    start,
    participant: [
      { actor: patient(who), status: 'accepted' },
      { actor: { reference: 'Location/dubai' }, status: 'accepted' },
      { actor: { reference: 'Practitioner/saleh' }, status: 'accepted' },
    ],
  }
}

function template(name: string): FhirResource {
  const url = `http://t.example/ActivityDefinition/${name}`
  return { resourceType: 'ActivityDefinition', id: name, status: 'active', url }
}

async function find(query: string): Promise<string[]> {
  const { call } = await openEmr({ resources: clinic, clock: () => new Date('2026-11-20T12:00:00Z') })
  const answer = await call('GET', `/${query}`)
  expect(answer.status).toBe(200)
  return idsOf(answer.body)
}

describe('a search finds', () => {
  it.each([
    ['Patient?telecom=%2B971500000001', ['amal']],
    ['Patient?telecom=phone%7C%2B971500000001', ['amal']],
    ['Patient?phone=%2B971500000001', ['amal']],
    ['Patient?phone=amal@mail.example', []],
    ['Patient?email=amal@MAIL.example', ['amal']],
    ['Patient?telecom=5550,%2B971500000001', ['amal', 'bob']],
    ['Patient?name=muller', ['amal']],
    ['Patient?name=noor', ['amal']],
    ['Patient?name=oor', []],
    ['Patient?name:contains=oor', ['amal']],
    ['Patient?name=%D8%B9%D9%85', ['bob']],
    ['Patient?family:exact=muller', []],
    ['Patient?active=true', ['amal']],
    ['Patient?active:missing=true', ['bob']],
    ['Patient?_id=bob,amal,nobody', ['amal', 'bob']],
    ['Patient?_lastUpdated=gt2026-11-20T11:59:59Z', ['amal', 'bob']],
    ['Patient?_lastUpdated=gt2026-11-20T12:00:00.000Z', []],
    ['Patient?_lastUpdated=ge2026-11-20T12:00:00.000Z', ['amal', 'bob']],
    ['Patient?_lastUpdated=2026-11', ['amal', 'bob']],
    ['Patient?_lastUpdated=2026-12', []],
  ])('patients by %s', async (query, ids) => {
    expect(await find(query)).toEqual(ids)
  })

  it.each([
    ['Appointment?status=booked', ['early', 'late']],
    ['Appointment?status=booked,cancelled', ['early', 'late', 'off']],
    ['Appointment?status:not=booked', ['off']],
    ['Appointment?patient=amal', ['early', 'off']],
    ['Appointment?patient=Patient/amal&status=booked', ['early']],
    ['Appointment?actor=Patient/bob', ['late']],
    ['Appointment?actor=bob', ['late']],
    ['Appointment?actor:Patient=bob', ['late']],
    ['Appointment?actor=Location/dubai&actor=Patient/bob', ['late']],
    ['Appointment?location=dubai&practitioner=Practitioner/saleh', ['early', 'late', 'off']],
    ['Appointment?location=Location/elsewhere', []],
    ['Appointment?date=2026-11-21', ['early', 'late']],
    ['Appointment?date=ge2026-11-21T19:30:00Z&date=lt2026-11-21T20:00:00Z', ['early']],
    ['Appointment?date=ge2026-11-21T23:30:00%2B04:00&date=lt2026-11-22', ['early', 'late']],
    ['Appointment?date=gt2026-11-21', ['off']],
    ['Appointment?date=sa2026-11-21T19:30:00Z', ['late', 'off']],
    ['Appointment?date=eb2026-11-22', ['early', 'late']],
    ['Appointment?date=ne2026-11-21', ['off']],
    ['Appointment?_sort=date', ['early', 'late', 'off']],
    ['Appointment?_sort=-date', ['off', 'late', 'early']],
    ['Appointment?_sort=-status,date', ['off', 'early', 'late']],
  ])('visits by %s', async (query, ids) => {
    expect(await find(query)).toEqual(ids)
  })

  it.each([
    ['CommunicationRequest?status=active&occurrence=le2026-11-20T10:00:00Z', ['asked']],
    ['CommunicationRequest?occurrence=lt2026-11-20T10:00:00Z', []],
    ['CommunicationRequest?occurrence:missing=true', ['draft']],
    ['CommunicationRequest?based-on=Appointment/early', ['asked']],
    ['CommunicationRequest?category=http://c.example%7Creminder', ['asked']],
    ['CommunicationRequest?category=news', []],
    ['CommunicationRequest?medium=SMSWRIT&recipient=Patient/amal&sender=Organization/clinic', ['asked']],
    ['Communication?subject=Patient/amal', ['said', 'thread']],
    ['Communication?subject=amal', ['said', 'thread']],
    ['Communication?patient=Patient/amal&status=completed', ['said']],
    ['Communication?subject:missing=true', ['stray']],
    ['Communication?identifier=http://a.example%7CKey-1', ['said']],
    ['Communication?identifier=Key-1', ['said', 'stray']],
    ['Communication?identifier=%7CKey-1', ['stray']],
    ['Communication?identifier=http://a.example%7C', ['said']],
    ['Communication?identifier=key-1', []],
    ['Communication?identifier:missing=true', ['thread']],
    ['Communication?based-on=CommunicationRequest/asked', ['said']],
    ['Communication?part-of=Communication/thread', ['said']],
    ['Communication?part-of=thread', ['said']],
    ['Communication?sent=ge2026-11-20T10:00:01Z', ['said']],
    ['Communication?sent=lt2026-11-20T10:00:01.500Z', []],
    ['Communication?received=2026-11-20T10:00:03Z', ['said']],
    ['Communication?recipient=Patient/amal', ['said']],
    ['Communication?sender=clinic', ['said']],
    ['Communication?medium:not=SMSWRIT', ['thread', 'stray']],
    ['Communication?instantiates-canonical=http://t.example/ActivityDefinition/reminder', ['said']],
    ['Communication?instantiates-canonical=http://t.example/ActivityDefinition/reminder%7C2', []],
    ['ActivityDefinition?url=http://t.example/ActivityDefinition/reminder', ['reminder']],
  ])('messages by %s', async (query, ids) => {
    expect(await find(query)).toEqual(ids)
  })

  it.each([
    ['Appointment?_id=early&_include=Appointment:patient', ['early', 'amal']],
    ['Appointment?_id=early&_include=Appointment:actor', ['early', 'amal', 'dubai', 'saleh']],
    ['Appointment?_id=early&_include=Appointment:actor:Location', ['early', 'dubai']],
    [
      'Appointment?status=booked&_include=Appointment:location&_include=Appointment:practitioner',
      ['early', 'late', 'dubai', 'saleh'],
    ],
    ['Patient?_id=bob&_revinclude=Appointment:patient', ['bob', 'late']],
  ])('what belongs to it, each once: %s', async (query, ids) => {
    expect(await find(query)).toEqual(ids)
  })
})

describe('a search', () => {
  it('refuses what it cannot judge, so that it never finds too much', async () => {
    const { call } = await openEmr({ resources: clinic })
    for (const query of [
      'identifier:of-type=a',
      'subject.name=x',
      '_has:Task:focus:_id=x',
      'status:text=x',
    ]) {
      expect((await call('GET', `/Communication?${query}`)).status).toBe(400)
    }
  })

  it('may be sent by POST as a form', async () => {
    const { call } = await openEmr({ resources: clinic })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await call('POST', '/Patient/_search', 'telecom=%2B971500000001', form)
    expect(idsOf(answer.body)).toEqual(['amal'])
    expect(idsOf((await call('POST', '/Patient/_search?_id=bob')).body)).toEqual(['bob'])
  })

  it('reads a reference with our own base as a local one', async () => {
    const { emr, call } = await openEmr({ resources: clinic })
    const subject = encodeURIComponent(`${emr.fhirUrl}/Patient/bob`)
    expect(idsOf((await call('GET', `/CommunicationRequest?subject=${subject}`)).body)).toEqual(['draft'])
  })
})
