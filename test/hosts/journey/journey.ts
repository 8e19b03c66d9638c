/** What happens to four patients in two days, on any host and store: each step waits until it is seen there, or on a phone. */
import type { Appointment, CommunicationRequest } from 'fhir/r4'
import { naming } from '../../../src/fhir/codes.ts'
import { codesOf } from '../../journeys/records.ts'
import { until } from '../../journeys/until.ts'
import type { OpenClinic } from './open-clinic.ts'
import { type Of, readAll } from './records-at.ts'
import { patientOf, type SamplePeople, visitOf, type Who } from './sample-people.ts'

export interface JourneyParts {
  clinic: OpenClinic
  people: SamplePeople
  /** As the host's staff do it. */
  write(visit: Appointment): Promise<void>
}

const hour = 3_600_000
const patience = { within: 60_000, every: 200 }

export async function journeyOn(parts: JourneyParts): Promise<void> {
  await Promise.all([answers(parts), moves(parts), stops(parts), neverAgreed(parts)])
  await settle(parts.clinic)
}

async function answers(parts: JourneyParts): Promise<void> {
  const { clinic } = parts
  await change(parts, visitOf('answers', 26))
  await answer(parts, 'answers', '1')
  await until(
    'the visit is accepted in the chart',
    async () =>
      (await readAll(clinic.storeBase, 'AppointmentResponse')).some(
        ({ appointment, participantStatus }) =>
          isOf(appointment, 'answers') && participantStatus === 'accepted',
      ),
    patience,
  )
  await arrived(parts, 'answers', 2)
}

async function moves(parts: JourneyParts): Promise<void> {
  const visit = visitOf('moves', 26)
  await change(parts, visit)
  await arrived(parts, 'moves', 1)
  const planned = await plannedFor(parts, 'moves', visit)
  const later = visitOf('moves', 33)
  await change(parts, later)
  await revoked(parts, planned, 'visit-moved')
  await arrived(parts, 'moves', 2)
  const again = await plannedFor(parts, 'moves', later)
  await change(parts, { ...later, status: 'cancelled' })
  await revoked(parts, again, 'visit-cancelled')
}

async function stops(parts: JourneyParts): Promise<void> {
  const { clinic } = parts
  const visit = visitOf('stops', 26)
  await change(parts, visit)
  await arrived(parts, 'stops', 1)
  const planned = await plannedFor(parts, 'stops', visit)
  await answer(parts, 'stops', 'STOP')
  await revoked(parts, planned, 'opted-out')
  const denied = await until(
    'the consent denies',
    async () =>
      (await readAll(clinic.storeBase, 'Consent')).find(
        ({ patient, status, provision }) =>
          isAbout(patient, 'stops') && status === 'active' && provision?.type === 'deny',
      ),
    patience,
  )
  await until(
    'there is evidence of it',
    async () =>
      (await readAll(clinic.storeBase, 'Provenance')).some(({ target }) =>
        target.some(({ reference }) => reference?.includes(`Consent/${denied.id}`)),
      ),
    patience,
  )
}

async function neverAgreed(parts: JourneyParts): Promise<void> {
  await change(parts, visitOf('neverAgreed', 26))
  await until(
    'it is written down why nothing was sent',
    async () =>
      (await requestsOf(parts, 'neverAgreed')).some(
        ({ status, statusReason }) => status === 'revoked' && codesOf(statusReason).includes('no-consent'),
      ),
    patience,
  )
}

/** A host that tells nothing is asked. */
async function change({ clinic, write }: JourneyParts, visit: Appointment): Promise<void> {
  await write(visit)
  await clinic.lookNow()
}

async function answer(parts: JourneyParts, who: Who, text: string): Promise<void> {
  const [message] = await arrived(parts, who, 1)
  await parts.clinic.phones.write(parts.people.phoneOf(who), message?.channel ?? 'sms', text)
}

function arrived({ clinic, people }: JourneyParts, who: Who, count: number) {
  return until(
    `${count} messages are on the phone of who ${who}`,
    async () => {
      const inbox = await clinic.phones.inbox(people.phoneOf(who))
      return inbox.length >= count && inbox
    },
    patience,
  )
}

/** Two hours before. */
function plannedFor(parts: JourneyParts, who: Who, { start = '' }: Appointment) {
  const at = Date.parse(start) - 2 * hour
  return until(
    `a reminder is planned for who ${who}`,
    async () =>
      (await requestsOf(parts, who)).find(
        ({ status, occurrenceDateTime }) =>
          status === 'active' && Date.parse(occurrenceDateTime ?? '') === at,
      ),
    patience,
  )
}

function revoked(parts: JourneyParts, { id }: Of<'CommunicationRequest'>, reason: string) {
  return until(
    `a request is revoked: ${reason}`,
    async () =>
      (await readAll(parts.clinic.storeBase, 'CommunicationRequest')).some(
        (one) => one.id === id && one.status === 'revoked' && codesOf(one.statusReason).includes(reason),
      ),
    patience,
  )
}

async function requestsOf({ clinic }: JourneyParts, who: Who): Promise<Of<'CommunicationRequest'>[]> {
  const all = await readAll(clinic.storeBase, 'CommunicationRequest')
  return all.filter((one: CommunicationRequest) => isAbout(one.subject, who))
}

/** Beside a host both are named by its address. */
function isAbout(subject: { reference?: string } | undefined, who: Who): boolean {
  return subject?.reference?.endsWith(patientOf(who)) ?? false
}

function isOf(appointment: { reference?: string } | undefined, who: Who): boolean {
  return appointment?.reference?.endsWith(`Appointment/${visitOf(who, 0).id}`) ?? false
}

/** Everything that was sent has its last receipt, and nothing is under way. */
async function settle(clinic: OpenClinic): Promise<void> {
  await until(
    'every message has arrived',
    async () => {
      const attempts = (await readAll(clinic.storeBase, 'Communication')).filter(({ identifier }) =>
        identifier?.some(({ system }) => system === naming.attemptId),
      )
      return attempts.every(({ status }) => status === 'completed' || status === 'not-done')
    },
    patience,
  )
  await clinic.settled(patience.within)
}
