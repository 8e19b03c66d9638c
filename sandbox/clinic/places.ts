/** The clinic's organisation, its two houses and the six people who work there. London's clock changes, Dubai's never. */
import type { Location, Organization, Practitioner, PractitionerRole } from 'fhir/r4'
import { extension } from '../../src/fhir/codes.ts'

export interface Place {
  id: string
  name: string
  zone: string
  /** Where the numbers of its patients begin; the ranges are made up for this sample. */
  country: 'AE' | 'GB'
  city: string
}

export const dubai: Place = {
  id: 'location-dubai',
  name: 'Dubai Creek',
  zone: 'Asia/Dubai',
  country: 'AE',
  city: 'Dubai',
}

export const london: Place = {
  id: 'location-london',
  name: 'London Bridge',
  zone: 'Europe/London',
  country: 'GB',
  city: 'London',
}

export const places: readonly Place[] = [dubai, london]

export interface Clinician {
  id: string
  given: string
  family: string
  gender: 'female' | 'male'
  specialty: string
  place: Place
}

export const clinicians: readonly Clinician[] = [
  {
    id: 'practitioner-saleh',
    given: 'Noura',
    family: 'Saleh',
    gender: 'female',
    specialty: 'Family medicine',
    place: dubai,
  },
  {
    id: 'practitioner-haddad',
    given: 'Karim',
    family: 'Haddad',
    gender: 'male',
    specialty: 'Cardiology',
    place: dubai,
  },
  {
    id: 'practitioner-joshi',
    given: 'Meera',
    family: 'Joshi',
    gender: 'female',
    specialty: 'Paediatrics',
    place: dubai,
  },
  {
    id: 'practitioner-holloway',
    given: 'Ruth',
    family: 'Holloway',
    gender: 'female',
    specialty: 'Family medicine',
    place: london,
  },
  {
    id: 'practitioner-okoro',
    given: 'Daniel',
    family: 'Okoro',
    gender: 'male',
    specialty: 'Physiotherapy',
    place: london,
  },
  {
    id: 'practitioner-verma',
    given: 'Anil',
    family: 'Verma',
    gender: 'male',
    specialty: 'Diabetes care',
    place: london,
  },
]

export const organization: Organization = {
  resourceType: 'Organization',
  id: 'sample-clinic',
  active: true,
  name: 'Sample Clinic',
  alias: ['عيادة النموذج', 'सैंपल क्लिनिक'],
  telecom: [{ system: 'email', value: 'desk@sample-clinic.example', use: 'work' }],
}

export function clinicResources(): (Organization | Location | Practitioner | PractitionerRole)[] {
  return [
    organization,
    ...places.map(location),
    ...clinicians.map(practitioner),
    ...clinicians.map(practitionerRole),
  ]
}

function location(place: Place): Location {
  return {
    resourceType: 'Location',
    id: place.id,
    extension: [{ url: extension.timezone, valueCode: place.zone }],
    status: 'active',
    mode: 'instance',
    name: place.name,
    address: { city: place.city, country: place.country },
    managingOrganization: { reference: `Organization/${organization.id}` },
  }
}

function practitioner(person: Clinician): Practitioner {
  return {
    resourceType: 'Practitioner',
    id: person.id,
    active: true,
    name: [
      { use: 'official', prefix: ['Dr'], given: [person.given], family: person.family, text: nameOf(person) },
    ],
    gender: person.gender,
    telecom: [
      { system: 'email', value: `${person.family.toLowerCase()}@sample-clinic.example`, use: 'work' },
    ],
  }
}

function practitionerRole(person: Clinician): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    id: person.id.replace('practitioner', 'role'),
    active: true,
    practitioner: { reference: `Practitioner/${person.id}`, display: nameOf(person) },
    organization: { reference: `Organization/${organization.id}` },
    location: [{ reference: `Location/${person.place.id}`, display: person.place.name }],
    specialty: [{ text: person.specialty }],
  }
}

export function nameOf(person: Clinician): string {
  return `Dr ${person.given} ${person.family}`
}
