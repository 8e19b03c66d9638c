import type { ContactPoint, Patient } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { toIso } from '../../src/domain/time.ts'
import { fromPatient } from '../../src/fhir/patient.ts'
import { numbers, sara } from '../people.ts'

const patient = (differs: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  id: 'sara',
  name: [{ given: ['Sara'], family: 'Example' }],
  ...differs,
})
const read = (differs: Partial<Patient> = {}) => fromPatient(patient(differs), 'AE')
const addresses = (...telecom: ContactPoint[]) =>
  read({ telecom }).addresses.map(({ channel, parsed }) => [
    channel,
    parsed.kind === 'address' ? parsed.address : parsed.reason,
  ])
const mobile = (differs: ContactPoint = {}): ContactPoint => ({
  system: 'phone',
  value: numbers.sara,
  ...differs,
})

describe('the clock on a patient’s wall', () => {
  const zone = (valueCode: string, name = 'timezone') => [
    { url: `http://hl7.org/fhir/StructureDefinition/${name}`, valueCode },
  ]
  const cases: [what: string, Partial<Patient>, zone: string | undefined][] = [
    ['in none that the chart tells', { address: [{ city: 'Dubai' }] }, undefined],
    ['in the patient’s zone', { extension: zone('Asia/Kolkata') }, 'Asia/Kolkata'],
    ['in the zone by its other name', { extension: zone('Asia/Kolkata', 'tz-code') }, 'Asia/Kolkata'],
    ['in the zone of an address', { address: [{ extension: zone('Asia/Kolkata') }] }, 'Asia/Kolkata'],
    [
      'in the zone of the home',
      {
        address: [
          { use: 'work', extension: zone('Asia/Dubai') },
          { use: 'home', extension: zone('Asia/Kolkata') },
        ],
      },
      'Asia/Kolkata',
    ],
    ['in no zone of an old address', { address: [{ use: 'old', extension: zone('Asia/Dubai') }] }, undefined],
    [
      'in the next best zone where one is none',
      { extension: zone('Mars/Olympus'), address: [{ extension: zone('Asia/Dubai') }] },
      'Asia/Dubai',
    ],
  ]

  it.each(cases)('is %s', (_what, differs, expected) => {
    expect(read(differs).zone).toBe(expected)
  })
})

describe('a patient’s addresses', () => {
  it.each<[string, ContactPoint, string[]]>([
    ['phone is for SMS and WhatsApp', mobile(), ['sms', 'whatsapp']],
    ['number for SMS is for SMS only', mobile({ system: 'sms' }), ['sms']],
    ['mailbox is for e-mail', { system: 'email', value: 'sara@mail.example' }, ['email']],
    ['fax, pager, page or anything else is for nothing', mobile({ system: 'fax' }), []],
    ['number of nobody knows what is for nothing', { value: numbers.sara }, []],
    ['number no longer used is for nothing', mobile({ use: 'old' }), []],
    ['phone without a number is for nothing', { system: 'phone' }, []],
  ])('a %s', (_what, telecom, channels) => {
    expect(addresses(telecom).map(([channel]) => channel)).toEqual(channels)
  })

  it('are parsed, with the clinic’s country where the number has none', () => {
    expect(addresses(mobile({ value: '050 123 4567' }))[0]).toEqual(['sms', '+971501234567'])
    expect(addresses({ system: 'email', value: ' Sara@Mail.Example ' })).toEqual([
      ['email', 'sara@mail.example'],
    ])
  })

  it('that cannot be read stay, with why', () => {
    expect(addresses(mobile({ value: 'ask the daughter' }))[0]).toEqual(['sms', 'invalid-address'])
    expect(addresses(mobile({ value: '+97142000017' }))[0]).toEqual(['sms', 'not-a-mobile'])
  })

  it('stand in the order of their rank, then mobiles first, then as in the chart', () => {
    const telecom = [
      mobile({ system: 'sms', value: '+15005550001', use: 'home' }),
      mobile({ system: 'sms', value: '+15005550002', rank: 2, use: 'home' }),
      mobile({ system: 'sms', value: '+15005550003', use: 'mobile' }),
      mobile({ system: 'sms', value: '+15005550004', use: 'home' }),
      mobile({ system: 'sms', value: '+15005550005', rank: 1 }),
    ]
    expect(addresses(...telecom).map(([, to]) => to?.at(-1))).toEqual(['5', '2', '3', '1', '4'])
  })

  it.each([
    ['2026-11-20T05:00:00Z', '2026-11-20T05:00:00.000Z'],
    ['2026-11-20', '2026-11-21T11:59:59.000Z'],
    ['2028-02', '2028-03-01T11:59:59.000Z'],
    ['2026-02', '2026-03-01T11:59:59.000Z'],
    ['2025', '2026-01-01T11:59:59.000Z'],
    ['soon', '1970-01-01T00:00:00.000Z'],
    ['2026-02-30', '1970-01-01T00:00:00.000Z'],
    ['2026-13', '1970-01-01T00:00:00.000Z'],
  ])('that end %s are good until %s', (end, until) => {
    const [first] = read({ telecom: [mobile({ period: { end } })] }).addresses
    expect(first?.validUntil === undefined ? undefined : toIso(first.validUntil)).toBe(until)
  })

  it('without an end have none', () => {
    expect(
      read({ telecom: [mobile({ period: { start: '2020-01-01' } })] }).addresses[0]?.validUntil,
    ).toBeUndefined()
  })

  it('say where the EMR wants no notifications', () => {
    const url = 'https://emr.example/StructureDefinition/telecom-notification'
    const says = (valueBoolean: boolean) =>
      read({ telecom: [mobile({ extension: [{ url, valueBoolean }] })] }).addresses[0]?.noNotifications
    expect([says(false), says(true)]).toEqual([true, false])
  })
})

describe('a patient', () => {
  it('is known by reference, and by nothing where there is nothing', () => {
    expect(fromPatient({ resourceType: 'Patient', id: 'sara' })).toEqual({
      reference: sara,
      name: { full: '', given: '' },
      birthDate: undefined,
      preferredLanguages: [],
      active: true,
      deceased: false,
      restricted: false,
      addresses: [],
    })
  })

  it.each<[string, Partial<Patient>, object]>([
    ['inactive', { active: false }, { active: false }],
    [
      'merged into another record',
      { link: [{ type: 'replaced-by', other: { reference: 'Patient/2' } }] },
      { active: false },
    ],
    [
      'the record that stays',
      { link: [{ type: 'replaces', other: { reference: 'Patient/2' } }] },
      { active: true },
    ],
    ['dead', { deceasedBoolean: true }, { deceased: true }],
    ['dead since a day', { deceasedDateTime: '2026-01-01' }, { deceased: true }],
    ['said to be alive', { deceasedBoolean: false }, { deceased: false }],
    ['restricted', { meta: { security: [{ code: 'R' }] } }, { restricted: true }],
    ['very restricted', { meta: { security: [{ code: 'N' }, { code: 'V' }] } }, { restricted: true }],
    ['like everybody', { meta: { security: [{ code: 'N' }] } }, { restricted: false }],
  ])('that is %s is known to be', (_what, differs, expected) => {
    expect(read(differs)).toMatchObject(expected)
  })

  it.each<[string, Patient['name'], object]>([
    [
      'the official name',
      [{ given: ['Nina'] }, { use: 'official', given: ['Sara', 'Maria'], family: 'Example' }],
      { full: 'Sara Maria Example', given: 'Sara' },
    ],
    [
      'not the old one',
      [{ use: 'old', given: ['Nina'] }, { given: ['Sara'] }],
      { full: 'Sara', given: 'Sara' },
    ],
    [
      'the old one, where it is the only one',
      [{ use: 'old', given: ['Nina'] }],
      { full: 'Nina', given: 'Nina' },
    ],
    ['the whole text', [{ text: 'سارة' }], { full: 'سارة', given: 'سارة' }],
    ['the family, where there is no more', [{ family: 'Example' }], { full: 'Example', given: 'Example' }],
  ])('is called by %s', (_what, name, expected) => {
    expect(read({ name }).name).toEqual(expected)
  })

  it('is written to in the languages of the chart, the preferred one first', () => {
    const speaks = (code: string, preferred?: boolean) => ({
      language: { coding: [{ code }] },
      ...(preferred && { preferred }),
    })
    const communication = [speaks('en'), speaks('ur'), speaks('hi-IN', true)]
    expect(read({ communication }).preferredLanguages).toEqual(['hi-IN', 'en', 'ur'])
    const nameless = JSON.parse(
      '[{"preferred":true},{"language":{"text":"Arabic"}},{"language":{"coding":[{"code":"ar"}]}}]',
    )
    expect(read({ communication: nameless }).preferredLanguages).toEqual(['ar'])
  })
})
