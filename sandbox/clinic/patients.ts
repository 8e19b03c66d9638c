/**
 * Patients of the sample clinic. Numbers are invented but valid mobiles (+971 50 000 …, +44 7400 000 …), one per
 * person by default; mailboxes end in `.example`, which never exists.
 */
import type { ContactPoint, Patient } from 'fhir/r4'
import { type Gender, names, type Script } from './names.ts'
import { organization, type Place, places } from './places.ts'
import type { SeededRandom } from './seeded-random.ts'

/** A patient with what the rest of the clinic needs to know, so that nobody reads it back out of FHIR. */
export interface Person {
  patient: Patient & { id: string }
  place: Place
  mobile?: string
  mailbox?: string
}

/** What a person may be given instead of what chance gives. `null` leaves it out. */
export interface Wish {
  id: string
  place?: Place
  language?: Script
  gender?: Gender
  mobile?: string | null
  /** How the chart spells the number, where it is not E.164. */
  mobileAsWritten?: string
  mailbox?: string | null
  family?: string
  extra?: Partial<Patient>
}

/** `number` is the person's own in the whole clinic: it becomes the phone number and the record number. */
export function makePerson(random: SeededRandom, number: number, wish: Wish): Person {
  const place = wish.place ?? places[number % 2 === 0 ? 0 : 1] ?? fail('No place')
  const language = wish.language ?? drawLanguage(random)
  const drawnGender = random.chance(0.5) ? 'female' : 'male'
  const gender = wish.gender ?? drawnGender
  const given = random.pick(names[language][gender])
  const family = wish.family ?? random.pick(names[language].family)
  const birthDate = drawBirthDate(random)
  const hasMailbox = random.chance(0.6)
  const mobile = wish.mobile === null ? undefined : (wish.mobile ?? mobileNumber(place, number))
  const mailbox =
    wish.mailbox === null ? undefined : (wish.mailbox ?? (hasMailbox ? `${wish.id}@mail.example` : undefined))
  const patient: Person['patient'] = {
    resourceType: 'Patient',
    id: wish.id,
    identifier: [{ system: 'https://sample-clinic.example/record', value: recordNumber(number) }],
    active: true,
    name: [{ use: 'official', text: `${given} ${family}`, given: [given], family }],
    gender,
    birthDate,
    telecom: telecom(wish.mobileAsWritten ?? mobile, mailbox),
    address: [{ use: 'home', city: place.city, country: place.country }],
    communication: communication(random, language, place),
    managingOrganization: { reference: `Organization/${organization.id}` },
    ...wish.extra,
  }
  return { patient, place, mobile, mailbox }
}

export function displayName(person: Person): string {
  return person.patient.name?.[0]?.text ?? person.patient.id
}

export function mobileNumber(place: Place, number: number): string {
  const digits = String(number)
  return place.country === 'AE'
    ? `+97150000${digits.padStart(4, '0')}`
    : `+447400000${digits.padStart(3, '0')}`
}

function drawLanguage(random: SeededRandom): Script {
  const drawn = random.next()
  if (drawn < 0.4) return 'en'
  return drawn < 0.75 ? 'ar' : 'hi'
}

function drawBirthDate(random: SeededRandom): string {
  const year = random.between(1940, 2008)
  const month = String(random.between(1, 12)).padStart(2, '0')
  return `${year}-${month}-${String(random.between(1, 28)).padStart(2, '0')}`
}

function telecom(mobile: string | undefined, mailbox: string | undefined): ContactPoint[] {
  const points: ContactPoint[] = []
  if (mobile) points.push({ system: 'phone', value: mobile, use: 'mobile', rank: 1 })
  if (mailbox) points.push({ system: 'email', value: mailbox, use: 'home' })
  return points
}

/** Some charts list English first and mark another as preferred: reading only the first entry gets the language wrong. */
function communication(random: SeededRandom, language: Script, place: Place): Patient['communication'] {
  const withRegion = random.chance(0.2)
  const alsoEnglish = random.chance(0.3)
  const tag = withRegion ? regional(language, place) : language
  const own = { language: languageConcept(tag), preferred: true }
  return language !== 'en' && alsoEnglish ? [{ language: languageConcept('en') }, own] : [own]
}

function regional(language: Script, place: Place): string {
  if (language === 'hi') return 'hi-IN'
  if (language === 'ar') return 'ar-AE'
  return place.country === 'GB' ? 'en-GB' : 'en-IN'
}

function languageConcept(tag: string) {
  return { coding: [{ system: 'urn:ietf:bcp:47', code: tag }] }
}

function recordNumber(number: number): string {
  return `SC-${String(number).padStart(5, '0')}`
}

function fail(because: string): never {
  throw new Error(because)
}
