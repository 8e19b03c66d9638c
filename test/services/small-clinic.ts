/** A clinic of a few people, each with a phone of their own and a permit for SMS; the same call gives the same people. */
import type { Appointment, FhirResource } from 'fhir/r4'
import { permits } from '../../sandbox/clinic/consents.ts'
import { makePerson, type Person } from '../../sandbox/clinic/patients.ts'
import { clinicResources, dubai } from '../../sandbox/clinic/places.ts'
import { seededRandom } from '../../sandbox/clinic/seeded-random.ts'
import { hoursAhead } from '../journeys/stranger.ts'

export interface SmallClinic {
  people: (Person & { mobile: string })[]
  resources: FhirResource[]
}

/** Their numbers count from `first`. */
export function smallClinic(ids: readonly string[], first = 1): SmallClinic {
  const random = seededRandom(20_260)
  const people = ids.map((id, index) => {
    const person = makePerson(random, first + index, { id, place: dubai, language: 'en', mailbox: null })
    return { ...person, mobile: person.mobile ?? '' }
  })
  const agreedAt = hoursAhead(-24)
  const consents = people.flatMap((person) => permits(person, ['sms'], agreedAt))
  return { people, resources: [...clinicResources(), ...people.map(({ patient }) => patient), ...consents] }
}

/** Tomorrow, so that its reminder is due at once. */
export function visitOf({ patient }: Person, id = `visit-${patient.id}`): Appointment & { id: string } {
  return {
    ...{ resourceType: 'Appointment', id, status: 'booked', start: hoursAhead(24), end: hoursAhead(24.5) },
    participant: [
      { actor: { reference: `Patient/${patient.id}` }, status: 'needs-action' },
      { actor: { reference: 'Practitioner/practitioner-saleh' }, status: 'accepted' },
      { actor: { reference: 'Location/location-dubai' }, status: 'accepted' },
    ],
  }
}
