/**
 * A whole small clinic out of one seed: the same seed and the same day give the same resources, to the letter. All
 * people are invented. The ids that one may rely on are listed in `special-cases.ts`; ordinary patients are
 * `patient-018` … `patient-200`, ordinary visits `visit-001` onward; who has documents stands in `documents.ts`.
 */
import type { Consent, FhirResource } from 'fhir/r4'
import { type ConsentChannel, permits } from './consents.ts'
import { openDiary } from './diary.ts'
import { makeDocuments } from './documents.ts'
import { makePerson, type Person } from './patients.ts'
import { clinicResources } from './places.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'
import { makeSpecialCases } from './special-cases.ts'
import { fillDiary } from './visits.ts'

export const patientCount = 200
export const visitCount = 300

/** Ordered so that what is referred to comes first. `today` is the instant from which the three weeks are counted. */
export function sampleClinic({ seed, today }: { seed: number; today: Date }): FhirResource[] {
  const random = seededRandom(seed)
  const diary = openDiary(today)
  const agreedAt = new Date(today.getTime() - 90 * 86_400_000).toISOString()
  const special = makeSpecialCases(random, diary, today, agreedAt)
  const ordinary = makeOrdinary(random, special.persons.length + 1)
  const visits = fillDiary(random, diary, ordinary, visitCount - special.visits.length)
  return [
    ...clinicResources(),
    ...[...special.persons, ...ordinary].map(({ patient }) => patient),
    ...special.consents,
    ...ordinary.flatMap((person) => drawConsents(random, person, agreedAt)),
    ...special.visits,
    ...visits,
    ...makeDocuments([...special.persons, ...ordinary], today),
  ]
}

function makeOrdinary(random: SeededRandom, first: number): Person[] {
  return Array.from({ length: patientCount - first + 1 }, (_, index) => {
    const number = first + index
    return makePerson(random, number, { id: `patient-${String(number).padStart(3, '0')}` })
  })
}

/** Most people agree to both ways to their phone; some to one, a few to none. */
function drawConsents(random: SeededRandom, person: Person, agreedAt: string): Consent[] {
  const drawn = random.next()
  const email: ConsentChannel[] = random.chance(0.6) ? ['email'] : []
  if (drawn < 0.05) return []
  if (drawn < 0.2) return permits(person, ['sms', ...email], agreedAt)
  if (drawn < 0.3) return permits(person, ['whatsapp', ...email], agreedAt)
  return permits(person, ['whatsapp', 'sms', ...email], agreedAt)
}
