/** A stranger books, moves and cancels visits over FHIR; patients' phones and the chart tell what came of it. */
import { describe, expect, it } from 'vitest'
import { borrowDemo } from './open-demo.ts'
import { attemptsOf, codesOf, leadOf, plannedFor, requestsAbout } from './records.ts'
import { hoursAhead } from './stranger.ts'
import { until } from './until.ts'

const demo = borrowDemo()
const hour = 3_600_000

describe('A visit booked by a stranger', () => {
  it.each([
    { language: 'en', given: 'Robin', reads: /^Hello Robin,/ },
    { language: 'ar', given: 'ليلى', reads: /^مرحبا ليلى،/ },
    { language: 'hi', given: 'आरव', reads: /आरव.*\p{Script=Devanagari}/u },
  ])('is on the phone within 10 s, exactly once, in $language', async ({ language, given, reads }) => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit({ language, given })
    const bookedAt = performance.now()
    const visit = await stranger.book(patient)
    await until('the reminder is on the phone', async () => (await phones.inbox(patient.phone)).length > 0, {
      within: 10_000,
    })
    console.log(`booking to phone (${language}): ${Math.round(performance.now() - bookedAt)} ms`)

    const attempt = await until('the chart holds a completed message', async () =>
      (await attemptsOf(stranger, patient)).find(({ status }) => status === 'completed'),
    )
    await demo().settled()
    const inbox = await phones.inbox(patient.phone)
    expect(inbox.map(({ channel }) => channel)).toEqual(['whatsapp'])
    expect(inbox[0]?.text).toMatch(reads)

    expect(await attemptsOf(stranger, patient)).toHaveLength(1)
    expect(attempt.payload?.[0]?.contentString).toBe(inbox[0]?.text)
    const request = await stranger.read('CommunicationRequest', idIn(attempt.basedOn?.[0]?.reference))
    expect(request).toMatchObject({ status: 'completed', subject: { reference: patient.reference } })
    expect(request.about?.map(({ reference }) => reference)).toContain(`Appointment/${visit.id}`)
  })

  it('stays unsaid without a consent, and the chart says why', async () => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit({ agrees: false })
    const visit = await stranger.book(patient)
    const notDone = await until('the chart says not-done', async () =>
      (await attemptsOf(stranger, patient)).find(({ status }) => status === 'not-done'),
    )
    expect(codesOf(notDone.statusReason)).toContain('no-consent')
    await demo().settled()
    const [first] = await requestsAbout(stranger, visit)
    expect(first).toMatchObject({ status: 'revoked' })
    expect(codesOf(first?.statusReason)).toContain('no-consent')
    expect(await phones.thread(patient.phone)).toEqual([])
  })

  it('keeps its one message when the same notification comes ten times', async () => {
    const { stranger, phones } = demo()
    const patient = await stranger.admit()
    const visit = await stranger.book(patient)
    await until('the reminder is on the phone', async () => (await phones.inbox(patient.phone)).length > 0)
    await demo().settled()
    const before = await requestsAbout(stranger, visit)

    const [subscription] = await stranger.search('Subscription', { status: 'active' })
    const { endpoint, header = [] } = subscription?.channel ?? {}
    const headers = Object.fromEntries(header.map((line) => line.split(/:\s*(.*)/).slice(0, 2)))
    const notify = () =>
      fetch(`${endpoint}/Appointment/${visit.id}`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': 'application/fhir+json' },
        body: JSON.stringify(visit),
      })
    const answers = await Promise.all(Array.from({ length: 10 }, notify))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))

    await demo().nextRun('dispatch')
    await demo().settled()
    expect((await requestsAbout(stranger, visit)).map(({ meta }) => meta?.versionId)).toEqual(
      before.map(({ meta }) => meta?.versionId),
    )
    expect(await phones.inbox(patient.phone)).toHaveLength(1)
    expect(await attemptsOf(stranger, patient)).toHaveLength(1)
  })
})

describe('A visit that changes', () => {
  it('has its 2 h reminder planned anew when it is moved, and revoked when it is cancelled', async () => {
    const { stranger } = demo()
    const patient = await stranger.admit()
    const visit = await stranger.book(patient, { inHours: 30 })
    const [planned] = await until('the 2 h reminder is planned', async () => {
      const found = (await plannedFor(stranger, visit)).filter((one) => leadOf(one, visit) === 2 * hour)
      return found.length === 1 && found
    })

    const current = await stranger.read('Appointment', visit.id)
    const moved = await stranger.change({ ...current, start: hoursAhead(33), end: hoursAhead(34) })
    const again = await until('another 2 h reminder is planned', async () =>
      (await plannedFor(stranger, visit)).find((one) => leadOf(one, moved) === 2 * hour),
    )
    const old = await stranger.read('CommunicationRequest', planned?.id ?? '')
    expect(again.id).not.toBe(old.id)
    expect(old.status).toBe('revoked')
    expect(codesOf(old.statusReason)).toContain('visit-moved')

    const latest = await stranger.read('Appointment', visit.id)
    await stranger.change({ ...latest, status: 'cancelled' })
    const revoked = await until('it is revoked', async () => {
      const read = await stranger.read('CommunicationRequest', again.id)
      return read.status === 'revoked' && read
    })
    expect(codesOf(revoked.statusReason)).toContain('visit-cancelled')
    await demo().settled()
    expect(await plannedFor(stranger, visit)).toEqual([])
  })
})

function idIn(reference = ''): string {
  return reference.slice(reference.indexOf('/') + 1)
}
