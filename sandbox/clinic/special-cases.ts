/**
 * The patients and visits that are there on purpose. Their ids never change, whatever the seed, so that tests and the
 * README may name them; each has the visit `visit-…` of the same name.
 *
 * | Patient                                        | what is special                                                   |
 * |------------------------------------------------|-------------------------------------------------------------------|
 * | patient-no-consent                             | has a mobile, has not agreed to anything                          |
 * | patient-sms-only                               | agreed to SMS, not to WhatsApp                                    |
 * | patient-opted-out                              | agreed once (inactive permits), then wrote STOP (active denies)   |
 * | patient-family-mother, -son, -daughter         | three people, one phone                                           |
 * | patient-invalid-number                         | agreed, but the number is too short                               |
 * | patient-landline                               | agreed, but the number is a landline                              |
 * | patient-email-only                             | a mailbox and no number                                           |
 * | patient-deceased                               | has died; the visit is still booked                               |
 * | patient-group-1, -2, -3                        | three patients of one visit, `visit-group`                        |
 * | patient-two-visits                             | `visit-two-visits-morning` and `-afternoon` on one day            |
 * | patient-clock-change                           | the visit is on the first workday after London's next clock change |
 * | patient-confidential                           | the record is marked restricted (meta.security R)                 |
 * | patient-spaced-number                          | the chart writes the number with spaces                           |
 */
import type { Appointment, Consent } from 'fhir/r4'
import type { Temporal } from 'temporal-polyfill'
import { deny, permit, permits } from './consents.ts'
import { at, type Diary, nextClockChange, type Slot, workdayFrom } from './diary.ts'
import { makePerson, type Person, type Wish } from './patients.ts'
import { type Clinician, clinicians, dubai, london, type Place } from './places.ts'
import type { SeededRandom } from './seeded-random.ts'
import { makeVisit } from './visits.ts'

export interface SpecialCases {
  persons: Person[]
  consents: Consent[]
  visits: Appointment[]
}

const familyPhone = '+971500009001'

function wishes(deceasedAt: string): readonly Wish[] {
  return [
    { id: 'patient-no-consent', place: dubai, language: 'en' },
    { id: 'patient-sms-only', place: dubai, language: 'ar' },
    { id: 'patient-opted-out', place: dubai, language: 'hi' },
    familyMember('patient-family-mother', 'female', '1986-02-11'),
    familyMember('patient-family-son', 'male', '2012-09-03'),
    familyMember('patient-family-daughter', 'female', '2015-06-21'),
    { id: 'patient-invalid-number', place: dubai, language: 'en', mobile: '+97150123', mailbox: null },
    { id: 'patient-landline', place: dubai, language: 'en', mobile: '+97142000017', mailbox: null },
    {
      id: 'patient-email-only',
      place: london,
      language: 'en',
      mobile: null,
      mailbox: 'email-only@mail.example',
    },
    { id: 'patient-deceased', place: london, language: 'en', extra: { deceasedDateTime: deceasedAt } },
    { id: 'patient-group-1', place: london, language: 'en' },
    { id: 'patient-group-2', place: london, language: 'ar' },
    { id: 'patient-group-3', place: london, language: 'hi' },
    { id: 'patient-two-visits', place: london, language: 'hi' },
    { id: 'patient-clock-change', place: london, language: 'en' },
    {
      id: 'patient-confidential',
      place: london,
      language: 'en',
      extra: { meta: { security: [restricted] } },
    },
    {
      id: 'patient-spaced-number',
      place: dubai,
      language: 'en',
      mobile: '+971500009002',
      mobileAsWritten: '+971 50 000 9002',
    },
  ]
}

function familyMember(id: string, gender: 'female' | 'male', birthDate: string): Wish {
  return {
    id,
    place: dubai,
    language: 'ar',
    gender,
    mobile: familyPhone,
    family: 'الحداد',
    extra: { birthDate },
  }
}

const restricted = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }

export function makeSpecialCases(
  random: SeededRandom,
  diary: Diary,
  today: Date,
  agreedAt: string,
): SpecialCases {
  const dayMs = 86_400_000
  const monthAgo = new Date(today.getTime() - 30 * dayMs).toISOString()
  const weekAgo = new Date(today.getTime() - 7 * dayMs).toISOString()
  const persons = wishes(monthAgo).map((wish, index) => makePerson(random, index + 1, wish))
  return {
    persons,
    consents: persons.flatMap((person) => consentsOf(person, agreedAt, weekAgo)),
    visits: visitsOf(persons, diary, today),
  }
}

function consentsOf(person: Person, agreedAt: string, stoppedAt: string): Consent[] {
  switch (person.patient.id) {
    case 'patient-no-consent':
      return []
    case 'patient-sms-only':
      return permits(person, ['sms'], agreedAt)
    case 'patient-opted-out':
      return optedOut(person, agreedAt, stoppedAt)
    case 'patient-email-only':
      return permits(person, ['email'], agreedAt)
    default:
      return permits(person, ['whatsapp', 'sms'], agreedAt)
  }
}

function optedOut(person: Person, agreedAt: string, stoppedAt: string): Consent[] {
  const address = person.mobile
  if (!address) return []
  // A STOP holds for the number, so for both channels that use it.
  return (['sms', 'whatsapp'] as const).flatMap((channel) => [
    permit({ person, channel, address, at: agreedAt }, 'inactive'),
    deny({ person, channel, address, at: stoppedAt }),
  ])
}

function visitsOf(persons: readonly Person[], diary: Diary, today: Date): Appointment[] {
  const group = persons.filter(({ patient }) => patient.id.startsWith('patient-group-'))
  const alone = persons.filter((person) => !group.includes(person) && !hasOwnTime(person))
  const [twice, change] = [byId(persons, 'patient-two-visits'), byId(persons, 'patient-clock-change')]
  const [doctor] = staffOf(london)
  const day = thirdWorkday(diary, london)
  const visit = (id: string, slot: Slot, of: Person[]) =>
    makeVisit({ id, slot: diary.take(slot), persons: of })
  return [
    ...[dubai, london].flatMap((place) =>
      alone
        .filter((person) => person.place === place)
        .map((person, index) =>
          visit(visitId(person), nthSlot(place, thirdWorkday(diary, place), index), [person]),
        ),
    ),
    visit('visit-two-visits-morning', at(doctor, day, '10:30'), [twice]),
    visit('visit-group', at(doctor, day, '14:30'), group),
    visit('visit-two-visits-afternoon', at(doctor, day, '16:00'), [twice]),
    visit('visit-clock-change', at(doctor, afterClockChange(today), '10:00'), [change]),
  ]
}

/** More than two days ahead, so that both default reminders are still to come. */
function thirdWorkday(diary: Diary, place: Place): Temporal.PlainDate {
  return diary.workdays(place)[2] ?? fail('The window has no third workday')
}

/** 09:00 with each of the staff, then 09:30, then 10:00. */
function nthSlot(place: Place, day: Temporal.PlainDate, index: number): Slot {
  const staff = staffOf(place)
  const time = ['09:00', '09:30', '10:00'][Math.floor(index / staff.length)]
  return at(
    staff[index % staff.length] ?? staff[0],
    day,
    time ?? fail('Too many special visits for one morning'),
  )
}

function hasOwnTime(person: Person): boolean {
  return ['patient-two-visits', 'patient-clock-change'].includes(person.patient.id)
}

/** The clocks change on a Sunday, so two days before this visit lie on the other side of it. */
function afterClockChange(today: Date): Temporal.PlainDate {
  const change = nextClockChange(london, today) ?? fail('London has no clock change ahead')
  return workdayFrom(change.toPlainDate())
}

function staffOf(place: Place): [Clinician, ...Clinician[]] {
  const [first, ...others] = clinicians.filter((clinician) => clinician.place === place)
  return first ? [first, ...others] : fail(`Nobody works at ${place.id}`)
}

function byId(persons: readonly Person[], id: string): Person {
  return persons.find(({ patient }) => patient.id === id) ?? fail(`${id} is missing`)
}

function visitId(person: Person): string {
  return person.patient.id.replace('patient-', 'visit-')
}

function fail(because: string): never {
  throw new Error(because)
}
