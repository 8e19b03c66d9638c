/** What patients answer on their phones changes the chart: confirmed, cannot come, STOP, START. */
import type { Appointment } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { borrowDemo } from './open-demo.ts'
import { codesOf, plannedFor, requestsAbout } from './records.ts'
import { hoursAhead, type NewPatient, type Stored } from './stranger.ts'
import { until } from './until.ts'

const demo = borrowDemo()

async function remind(wishes: { language?: string } = {}) {
  const patient = await demo().stranger.admit(wishes)
  return { patient, visit: await bookAndWait(patient) }
}

async function bookAndWait(patient: NewPatient): Promise<Stored<Appointment>> {
  const visit = await demo().stranger.book(patient)
  await received(patient, 1)
  return visit
}

/** The newest message once there are so many, and no job that could bring another. */
async function received(patient: NewPatient, count: number) {
  const { phones } = demo()
  await until(
    `the phone has ${count} messages`,
    async () => (await phones.inbox(patient.phone)).length >= count,
  )
  await demo().settled()
  const inbox = await phones.inbox(patient.phone)
  expect(inbox).toHaveLength(count)
  return inbox.at(-1)
}

async function answerOf(patient: NewPatient, visit: Stored<Appointment>) {
  const found = await demo().stranger.search('AppointmentResponse', {
    appointment: `Appointment/${visit.id}`,
  })
  expect(found).toHaveLength(1)
  expect(found[0]?.actor?.reference).toBe(patient.reference)
  return found[0]?.participantStatus
}

async function chartStatus(visit: Stored<Appointment>, patient: NewPatient) {
  const { status, participant } = await demo().stranger.read('Appointment', visit.id)
  return { status, patient: participant.find(({ actor }) => actor?.reference === patient.reference)?.status }
}

describe('An answer to a reminder', () => {
  it.each([
    { word: '1', language: 'en' },
    { word: 'C', language: 'en' },
    { word: '١', language: 'ar' },
    { word: 'نعم', language: 'ar' },
    { word: 'हाँ', language: 'hi' },
  ])('$word confirms the visit in the chart, and the patient is thanked ($language)', async (case_) => {
    const { patient, visit } = await remind(case_)
    await demo().phones.write(patient.phone, 'whatsapp', case_.word)
    await received(patient, 2)
    expect(await answerOf(patient, visit)).toBe('accepted')
    expect(await chartStatus(visit, patient)).toEqual({ status: 'booked', patient: 'accepted' })
  })

  it('X is noted for staff, who alone may cancel, and the patient is told that they will see to it', async () => {
    const { patient, visit } = await remind()
    await demo().phones.write(patient.phone, 'whatsapp', 'X')
    const reply = await received(patient, 2)
    expect(reply?.text).toMatch(/they will see to it/)
    expect(await answerOf(patient, visit)).toBe('declined')
    expect(await chartStatus(visit, patient)).toEqual({ status: 'booked', patient: 'declined' })
    const tasks = await demo().stranger.search('Task', { patient: patient.reference })
    expect(tasks.map(({ code, status }) => [codesOf(code), status])).toEqual([
      [['update-schedule'], 'requested'],
    ])
  })

  it('in words of their own is left to staff, and answered by nobody else', async () => {
    const { patient, visit } = await remind()
    await demo().phones.write(patient.phone, 'whatsapp', 'May I bring my daughter?')
    const task = await until('staff have a task', async () => {
      const [found] = await demo().stranger.search('Task', { patient: patient.reference })
      return found
    })
    expect(codesOf(task.code)).toEqual(['respond'])
    await received(patient, 1)
    expect(await chartStatus(visit, patient)).toEqual({ status: 'booked', patient: 'needs-action' })
  })
})

describe('A patient who opts out', () => {
  it.each([
    { word: 'STOP', language: 'en', reads: /^You will get no more messages/ },
    { word: 'إيقاف', language: 'ar', reads: /^لن تصلكم رسائل/ },
    { word: 'रोकें', language: 'hi', reads: /\p{Script=Devanagari}/u },
  ])('with $word is denied on record, told once, and reminded no more', async ({ word, language, reads }) => {
    const { stranger, phones } = demo()
    const { patient, visit } = await remind({ language })
    await phones.write(patient.phone, 'whatsapp', word)
    expect((await received(patient, 2))?.text).toMatch(reads)

    const consents = await stranger.search('Consent', { patient: patient.reference, status: 'active' })
    const denials = consents.filter(({ provision }) => provision?.type === 'deny')
    expect(denials.length).toBeGreaterThan(0)
    for (const denial of denials) {
      expect(codesOf(denial.policyRule)).toContain('OPTOUT')
      const proven = await stranger.search('Provenance', { target: `Consent/${denial.id}` })
      expect(proven).toHaveLength(1)
      expect(proven[0]?.entity?.[0]?.what.reference).toMatch(/^Communication\//)
    }
    expect(await plannedFor(stranger, visit)).toEqual([])
    const reasons = (await requestsAbout(stranger, visit)).flatMap(({ statusReason }) =>
      codesOf(statusReason),
    )
    expect(reasons).toContain('opted-out')

    const next = await stranger.book(patient)
    await until('the next reminder is refused', async () =>
      (await requestsAbout(stranger, next)).some(({ statusReason }) =>
        codesOf(statusReason).includes('opted-out'),
      ),
    )
    await received(patient, 2)
  })

  it('and writes START gets messages again', async () => {
    const { stranger, phones } = demo()
    const { patient } = await remind()
    await phones.write(patient.phone, 'whatsapp', 'STOP')
    await received(patient, 2)
    await phones.write(patient.phone, 'whatsapp', 'START')
    expect((await received(patient, 3))?.text).toMatch(/^You will get messages from Sample Clinic again/)
    await stranger.book(patient, { start: hoursAhead(26), end: hoursAhead(27) })
    const reminder = await received(patient, 4)
    expect(reminder?.channel).toBe('whatsapp')
    expect(reminder?.text).toMatch(/a reminder of your visit/)
  })
})
