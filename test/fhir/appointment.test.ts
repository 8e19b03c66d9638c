import type { Appointment, FhirResource, Location } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { toIso } from '../../src/domain/time.ts'
import { fromAppointment, type ZoneFallback } from '../../src/fhir/appointment.ts'
import { extension } from '../../src/fhir/codes.ts'
import { at, omar, sara, visit, visitStart } from '../people.ts'

const takes = (reference: string, differs: object = {}) => ({
  actor: { reference },
  status: 'needs-action' as const,
  ...differs,
})
const zoneIs = (zone: string, url: string = extension.timezone) => ({ extension: [{ url, valueCode: zone }] })

const booked = (differs: object = {}): Appointment => ({
  resourceType: 'Appointment',
  id: 'v1',
  status: 'booked',
  start: '2026-11-22T13:00:00+04:00',
  participant: [takes(sara)],
  meta: { lastUpdated: '2026-11-20T05:00:00Z' },
  ...differs,
})
const clinic: ZoneFallback = { zones: { 'Location/mapped': 'Asia/Kolkata' }, zone: 'Asia/Dubai' }
const read = (differs: object = {}, around: FhirResource[] = [], fallback = clinic) =>
  fromAppointment(booked(differs), around, fallback)
const place = (id: string, differs: object = {}): Location => ({ resourceType: 'Location', id, ...differs })

describe('a visit', () => {
  it('is read with its time, patient and clinic’s zone', () => {
    expect(read()).toEqual(visit({ place: undefined, practitioner: undefined }))
  })

  it.each<[string, object, object]>([
    ['no start', { start: undefined }, { start: undefined }],
    [
      'only a requested period',
      { start: undefined, requestedPeriod: [{ start: '2026-11-22T09:00:00Z' }] },
      { start: undefined },
    ],
    ['a start without a time', { start: '2026-11-22' }, { start: undefined }],
    ['a start without an offset', { start: '2026-11-22T13:00:00' }, { start: undefined }],
    ['an impossible start', { start: '2026-02-30T13:00:00Z' }, { start: undefined }],
    ['no participants', { participant: undefined }, { patients: [] }],
    ['only staff', { participant: [takes('Practitioner/p1'), takes('Location/l1')] }, { patients: [] }],
    [
      'a patient of whom only a name is known',
      { participant: [{ actor: { display: 'Somebody' }, status: 'accepted' }] },
      { patients: [] },
    ],
  ])('with %s is read all the same', (_what, differs, expected) => {
    expect(read(differs)).toMatchObject(expected)
  })

  it('names its patients, who has confirmed, and each but once', () => {
    const participant = [
      takes(`${sara}/_history/2`),
      takes(omar, { status: 'accepted' }),
      takes(sara, { status: 'accepted' }),
      takes(`${omar}/_history/3`, { status: 'tentative' }),
    ]
    expect(read({ participant }).patients).toEqual([
      { reference: sara, confirmed: true },
      { reference: omar, confirmed: true },
    ])
  })

  it('was changed when the EMR last wrote it, else when it was made', () => {
    expect(read().changedAt).toBe(at('2026-11-20T05:00:00Z'))
    expect(read({ meta: undefined, created: '2026-11-01T08:00:00Z' }).changedAt).toBe(
      at('2026-11-01T08:00:00Z'),
    )
    expect(read({ meta: undefined, created: '2026-11-01' }).changedAt).toBeUndefined()
  })

  it('keeps its instant whatever the offset it is written in', () => {
    expect(toIso(read({ start: '2026-11-22T14:30:00+05:30' }).start ?? visitStart)).toBe(
      '2026-11-22T09:00:00.000Z',
    )
  })
})

describe('the zone of a visit', () => {
  const held = (location: string) => ({ participant: [takes(sara), takes(location)] })

  it.each<[string, object, FhirResource[], ZoneFallback, string | undefined]>([
    [
      'its start’s',
      { _start: zoneIs('Europe/London'), ...zoneIs('Asia/Tokyo'), ...held('Location/l1') },
      [place('l1', zoneIs('America/Lima'))],
      clinic,
      'Europe/London',
    ],
    [
      'its own',
      { ...zoneIs('Asia/Tokyo'), ...held('Location/l1') },
      [place('l1', zoneIs('America/Lima'))],
      clinic,
      'Asia/Tokyo',
    ],
    [
      'its place’s',
      held('Location/mapped'),
      [place('mapped', zoneIs('America/Lima'))],
      clinic,
      'America/Lima',
    ],
    ['what the clinic says of the place', held('Location/mapped'), [place('mapped')], clinic, 'Asia/Kolkata'],
    ['the same, where the place cannot be read', held('Location/mapped'), [], clinic, 'Asia/Kolkata'],
    ['the clinic’s', held('Location/l1'), [place('l1')], clinic, 'Asia/Dubai'],
    ['nobody’s, where nobody tells', held('Location/l1'), [place('l1')], { zones: {} }, undefined],
    [
      'the next one’s, where it is no zone',
      { _start: zoneIs('+04:99'), ...held('Location/l1') },
      [place('l1', zoneIs('America/Lima'))],
      clinic,
      'America/Lima',
    ],
    [
      'in the other extension',
      { _start: zoneIs('Europe/London', extension.tzCode) },
      [],
      clinic,
      'Europe/London',
    ],
  ])('is %s', (_whose, differs, around, fallback, zone) => {
    expect(read(differs, around, fallback).zone).toBe(zone)
  })

  it('is read where it is written as a string', () => {
    const _start = { extension: [{ url: extension.timezone, valueString: 'Europe/London' }] }
    expect(read({ _start }).zone).toBe('Europe/London')
  })
})

describe('what a visit is called', () => {
  const participant = [
    takes('Location/l1', { actor: { reference: 'Location/l1', display: 'Room 3' } }),
    takes('Practitioner/p1', { actor: { reference: 'Practitioner/p1', display: 'Dr. P.' } }),
  ]
  const practitioner = (name: object): FhirResource => ({
    resourceType: 'Practitioner',
    id: 'p1',
    name: [name],
  })

  it('is what the place and the practitioner are called', () => {
    const around = [
      place('l1', { name: 'Palm Street' }),
      practitioner({ prefix: ['Dr.'], given: ['Pia'], family: 'Example' }),
    ]
    expect(read({ participant }, around)).toMatchObject({
      place: 'Palm Street',
      practitioner: 'Dr. Pia Example',
    })
    expect(read({ participant }, [practitioner({ text: 'Dr. Pia' })]).practitioner).toBe('Dr. Pia')
  })

  it('is what the visit calls them where they cannot be read', () => {
    expect(read({ participant })).toMatchObject({ place: 'Room 3', practitioner: 'Dr. P.' })
    expect(read()).toMatchObject({ place: undefined, practitioner: undefined })
  })
})
