import { QueryClient } from '@tanstack/react-query'
import type { Appointment, CommunicationRequest, DocumentReference, FhirResource, Location } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { applyChange, chartQueries, placed } from '../../smart-app/src/chart/chart-queries.ts'
import { createChartReader } from '../../smart-app/src/chart/chart-reader.ts'
import { type FhirHost, HostError } from '../../smart-app/src/chart/fhir-host.ts'
import { troubleIn } from '../../smart-app/src/chart/use-chart.ts'
import { composeRequest } from '../../smart-app/src/conversation/outgoing.ts'
import type { MessageRequest, RequestContent } from '../../src/domain/message-request.ts'
import { day, toIso } from '../../src/domain/time.ts'
import { extension } from '../../src/fhir/codes.ts'
import { toCommunicationRequest } from '../../src/fhir/communication-request.ts'
import { createValidator } from '../fhir-validator.ts'
import { readNeeds } from '../validation/needs.ts'
import { ago, aRequest, now, patient } from './chart-sample.ts'

const validate = createValidator()
const needs = readNeeds('host', 'store')

/** A host that holds these resources, takes only what is valid, and can do no more than we say we need. */
function reader(
  resources: FhirResource[],
  { mayReadPlaces = true, files = {} }: { mayReadPlaces?: boolean; files?: Record<string, Blob> } = {},
) {
  const host: FhirHost = {
    read: async <T extends FhirResource>(reference: string) =>
      resources.find((one) => `${one.resourceType}/${one.id}` === reference) as T | undefined,
    search: async <T extends FhirResource>(type: T['resourceType'], parameters: Record<string, string>) => {
      expect(needs.refuse(type, 'search-type', Object.keys(parameters))).toBeUndefined()
      return resources.filter((one): one is T => one.resourceType === type)
    },
    bytes: async (reference) => files[reference],
    createOnce: async (resource) => {
      expect(validate(resource)).toEqual([])
      return { ...resource, id: 'made' }
    },
  }
  return createChartReader({
    host,
    patient,
    clinic: { zones: {}, noConsent: 'block', senders: [] },
    mayReadPlaces,
  })
}

function stored(request: ReturnType<typeof aRequest>): CommunicationRequest {
  return { ...toCommunicationRequest(request), id: '1' }
}

function visit(differs: Partial<Appointment>): Appointment {
  return {
    resourceType: 'Appointment',
    id: '1',
    status: 'booked',
    start: toIso(ago(-day)),
    participant: [
      { actor: { reference: patient }, status: 'accepted' },
      { actor: { reference: 'Location/dubai' }, status: 'accepted' },
    ],
    ...differs,
  }
}

const dubai: Location = {
  resourceType: 'Location',
  id: 'dubai',
  extension: [{ url: extension.timezone, valueCode: 'Asia/Dubai' }],
}

describe('the chart', () => {
  it('stores a message as it was composed, and gives it back with its reference', async () => {
    const request = aRequest({ reference: undefined })
    const saved = await reader([]).saveRequest(request)
    expect(saved).toEqual({ ...request, reference: 'CommunicationRequest/made' })
  })

  it.each<[string, RequestContent, MessageRequest['plan']]>([
    ['words', { kind: 'text', text: 'موعدكم غدا' }, ['sms', 'email']],
    ['a document', { kind: 'file', file: 'DocumentReference/letter', text: 'As you asked' }, ['whatsapp']],
    ['a document without words', { kind: 'file', file: 'DocumentReference/letter' }, ['email']],
    ['a reaction', { kind: 'reaction', emoji: '👍' }, ['whatsapp']],
  ])('stores %s, written by staff, as the profile wants it', async (_what, content, plan) => {
    const random = new Uint8Array(10).fill(7)
    const writing = { content, plan, patient, answers: 'Communication/in', requester: 'Practitioner/1' }
    const saved = await reader([]).saveRequest(composeRequest({ ...writing, now, random }))
    expect(saved).toMatchObject({ status: 'active', content, plan })
  })

  it('takes no request of another patient for this one’s', async () => {
    const other = stored(aRequest({ patient: 'Patient/other' }))
    expect(await reader([other]).request('CommunicationRequest/1')).toBeUndefined()
  })

  it('shows visits to come, in the zone of their place', async () => {
    const appointments = [
      visit({ id: 'past', start: toIso(ago(day)) }),
      visit({ id: 'cancelled', status: 'cancelled' }),
      visit({}),
    ]
    const visits = await reader([...appointments, dubai]).comingVisits(now)
    expect(visits).toMatchObject([{ reference: 'Appointment/1', zone: 'Asia/Dubai' }])
  })

  it('shows them without a zone where places may not be read', async () => {
    const [found] = await reader([visit({}), dubai], { mayReadPlaces: false }).comingVisits(now)
    expect(found).toMatchObject({ reference: 'Appointment/1', zone: undefined })
  })

  it.each([
    ['all channels', undefined, ['sms', 'whatsapp', 'email']],
    ['the named one', stored(aRequest({ plan: ['sms'] })).medium, ['sms']],
    ['all, where the medium is not known', [{ text: 'Pigeon' }], ['sms', 'whatsapp', 'email']],
  ])('obeys the EMR’s “do not contact” on %s', async (_, medium, channels) => {
    const forbidden: CommunicationRequest = {
      resourceType: 'CommunicationRequest',
      id: 'no',
      status: 'active',
      doNotPerform: true,
      medium,
    }
    expect(await reader([forbidden]).hostOptOuts()).toEqual(channels)
  })
})

describe('the documents of the chart', () => {
  const letter: DocumentReference = {
    resourceType: 'DocumentReference',
    id: 'letter',
    status: 'current',
    subject: { reference: patient },
    date: '2026-11-19T10:00:00Z',
    content: [{ attachment: { contentType: 'application/pdf', title: 'Letter', url: 'Binary/letter' } }],
  }
  const other = { subject: { reference: 'Patient/other' } }

  it('are the patient’s own that hold, latest first', async () => {
    const resources: DocumentReference[] = [
      letter,
      { ...letter, id: 'newer', date: '2026-11-20T10:00:00Z' },
      { ...letter, id: 'others', ...other },
      { ...letter, id: 'wrong', docStatus: 'entered-in-error' },
      { ...letter, id: 'far', content: [{ attachment: { url: 'https://elsewhere.example/1.pdf' } }] },
    ]
    const found = await reader(resources).documents()
    expect(found.map(({ reference }) => reference)).toEqual([
      'DocumentReference/newer',
      'DocumentReference/letter',
    ])
    expect(found[1]).toMatchObject({ title: 'Letter', contentType: 'application/pdf' })
  })

  it('open by what they point to, or by what they hold', async () => {
    const files = { 'Binary/letter': new Blob(['by reference']) }
    const inline = {
      ...letter,
      content: [{ attachment: { contentType: 'text/plain', data: btoa('inside') } }],
    }
    expect(await (await reader([letter], { files }).file('DocumentReference/letter'))?.text()).toBe(
      'by reference',
    )
    expect(await (await reader([inline]).file('DocumentReference/letter'))?.text()).toBe('inside')
    expect(await (await reader([], { files }).file('Binary/letter'))?.text()).toBe('by reference')
  })

  it('of another patient do not open', async () => {
    const files = { 'Binary/letter': new Blob(['theirs']) }
    const chart = reader([{ ...letter, ...other }], { files })
    expect(await chart.file('DocumentReference/letter')).toBeUndefined()
  })
})

describe('a live change', () => {
  it('reads only what it names', async () => {
    const queries = new QueryClient()
    const before = reader([stored(aRequest())])
    await queries.fetchQuery(chartQueries(before, () => now).requests)
    const after = reader([stored(aRequest({ status: 'completed' }))])
    await applyChange(queries, after, 'CommunicationRequest/1')
    expect(queries.getQueryData(['CommunicationRequest'])).toMatchObject([{ status: 'completed' }])
  })

  it.each([
    ['comes last when it is new', 'X/3', { reference: 'X/3', v: 2 }, ['X/1 1', 'X/2 1', 'X/3 2']],
    ['stays in its place when it is known', 'X/1', { reference: 'X/1', v: 2 }, ['X/1 2', 'X/2 1']],
    ['is taken out when it is gone', 'X/1', undefined, ['X/2 1']],
  ])('%s', (_, reference, item, expected) => {
    const items = [
      { reference: 'X/1', v: 1 },
      { reference: 'X/2', v: 1 },
    ]
    expect(placed(items, reference, item).map((one) => `${one.reference} ${one.v}`)).toEqual(expected)
  })
})

it.each([
  ['nothing', [null, null], undefined],
  ['an ended access before all else', [new HostError('', 403), new HostError('', 401)], 'expired'],
  ['a refusal', [null, new HostError('', 403)], 'refused'],
  ['a host that does not answer', [new HostError('')], 'unread'],
] as const)('trouble in the chart is %s', (_, errors, trouble) => {
  expect(troubleIn([...errors])).toBe(trouble)
})
