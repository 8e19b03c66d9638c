/** Appointments of the sample clinic. `start` and `end` carry the offset of the house; the zone stands on the Location. */
import type { Appointment, AppointmentParticipant } from 'fhir/r4'
import { type Diary, minutesPerVisit, type Slot } from './diary.ts'
import { displayName, type Person } from './patients.ts'
import { nameOf } from './places.ts'
import type { SeededRandom } from './seeded-random.ts'

interface VisitParts {
  id: string
  slot: Slot
  persons: readonly Person[]
  status?: Appointment['status']
  /** What the patients have answered so far. */
  answer?: AppointmentParticipant['status']
  description?: string
}

export function makeVisit({
  id,
  slot,
  persons,
  status = 'booked',
  answer = 'needs-action',
  description,
}: VisitParts): Appointment {
  const { clinician, start } = slot
  return {
    resourceType: 'Appointment',
    id,
    status,
    description: description ?? clinician.specialty,
    start: start.toString({ timeZoneName: 'never' }),
    end: start.add({ minutes: minutesPerVisit }).toString({ timeZoneName: 'never' }),
    minutesDuration: minutesPerVisit,
    participant: [
      ...persons.map((person) => participant(`Patient/${person.patient.id}`, displayName(person), answer)),
      participant(`Practitioner/${clinician.id}`, nameOf(clinician), 'accepted'),
      participant(`Location/${clinician.place.id}`, clinician.place.name, 'accepted'),
    ],
  }
}

/** Spreads so many visits of ordinary patients over the free half hours, never two for one patient on one day. */
export function fillDiary(
  random: SeededRandom,
  diary: Diary,
  persons: readonly Person[],
  count: number,
): Appointment[] {
  const days = new Set<string>()
  const visits: Appointment[] = []
  const queue = [...random.shuffle(persons), ...random.shuffle(persons), ...random.shuffle(persons)]
  for (const slot of random.shuffle(diary.free())) {
    if (visits.length === count) break
    const day = slot.start.toPlainDate().toString()
    const index = queue.findIndex(
      ({ place, patient }) => place.id === slot.clinician.place.id && !days.has(`${patient.id} ${day}`),
    )
    const [person] = index < 0 ? [] : queue.splice(index, 1)
    if (!person) continue
    days.add(`${person.patient.id} ${day}`)
    const id = `visit-${String(visits.length + 1).padStart(3, '0')}`
    visits.push(makeVisit({ id, slot: diary.take(slot), persons: [person], ...drawState(random) }))
  }
  if (visits.length < count) throw new Error(`Only ${visits.length} of ${count} visits fit into the diary`)
  return visits
}

function participant(
  reference: string,
  display: string,
  status: AppointmentParticipant['status'],
): AppointmentParticipant {
  return { actor: { reference, display }, status }
}

function drawState(random: SeededRandom): Pick<VisitParts, 'status' | 'answer'> {
  const drawn = random.next()
  if (drawn < 0.04) return { status: 'cancelled', answer: 'declined' }
  if (drawn < 0.09) return { status: 'pending' }
  return { status: 'booked', answer: random.chance(0.25) ? 'accepted' : 'needs-action' }
}
