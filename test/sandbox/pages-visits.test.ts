import type { Appointment } from 'fhir/r4'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestEmr, type TestEmr } from './pages-test-clinic.ts'

const now = Date.parse('2026-11-20T06:00:00Z')

let emr: TestEmr
beforeEach(async () => {
  emr = await startTestEmr({ now: () => now })
})
afterEach(() => emr.stop())

async function show(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${emr.origin}${path}`)
  return { status: response.status, text: await response.text() }
}

function submit(path: string, form: Record<string, string>): Promise<Response> {
  return fetch(`${emr.origin}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(form),
  })
}

const booking = {
  location: 'dubai',
  practitioner: 'saleh',
  service: 'Check-up',
  date: '2026-11-23',
  time: '10:30',
}

async function visits(): Promise<(Appointment & { id: string })[]> {
  return emr.repository.search('Appointment')
}

async function bookOne(overrides: Partial<typeof booking> = {}): Promise<Appointment & { id: string }> {
  await submit('/patients/amal/visits', { ...booking, ...overrides })
  const visit = (await visits()).at(-1)
  if (!visit) throw new Error('not booked')
  return visit
}

describe('booking a visit', () => {
  it('writes an Appointment at the wall-clock time of its location and goes back to the chart', async () => {
    const response = await submit('/patients/amal/visits', booking)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/patients/amal?done=booked')
    expect(await visits()).toMatchObject([
      {
        status: 'booked',
        start: '2026-11-23T10:30:00+04:00',
        end: '2026-11-23T11:00:00+04:00',
        serviceType: [{ text: 'Check-up' }],
        participant: [
          { actor: { reference: 'Patient/amal' }, status: 'needs-action' },
          { actor: { reference: 'Practitioner/saleh' }, status: 'accepted' },
          { actor: { reference: 'Location/dubai' }, status: 'accepted' },
        ],
      },
    ])
  })

  it.each([
    ['winter', '2026-12-01', '2026-12-01T10:30:00+00:00'],
    ['summer', '2027-06-01', '2027-06-01T10:30:00+01:00'],
  ])('follows London’s clock in %s', async (_season, date, start) => {
    expect(await bookOne({ location: 'london', date })).toMatchObject({ start })
  })

  it('refuses a time that the clock change skips, in words', async () => {
    const response = await submit('/patients/amal/visits', {
      ...booking,
      location: 'london',
      date: '2027-03-28',
      time: '01:30',
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('The clocks in Europe/London skip 01:30')
    expect(await visits()).toEqual([])
  })

  it.each([
    ['an empty form', {}, 400],
    ['a day that is none', { ...booking, date: '2026-13-45' }, 400],
    ['an unknown location', { ...booking, location: 'nowhere' }, 404],
    ['an unknown practitioner', { ...booking, practitioner: 'nobody' }, 404],
  ])('refuses %s and writes nothing', async (_what, form, status) => {
    expect((await submit('/patients/amal/visits', form)).status).toBe(status)
    expect(await visits()).toEqual([])
  })
})

describe('moving a visit', () => {
  it('keeps its id and length, and asks the patient again', async () => {
    const visit = await bookOne()
    const [patient, ...others] = visit.participant
    await emr.repository.update({
      ...visit,
      participant: [{ ...patient, status: 'accepted' as const }, ...others],
    })
    const response = await submit(`/patients/amal/visits/${visit.id}/move`, {
      date: '2026-11-24',
      time: '15:00',
    })
    expect(response.status).toBe(303)
    expect(await visits()).toMatchObject([
      {
        id: visit.id,
        status: 'booked',
        start: '2026-11-24T15:00:00+04:00',
        end: '2026-11-24T15:30:00+04:00',
        participant: [{ status: 'needs-action' }, { status: 'accepted' }, { status: 'accepted' }],
      },
    ])
  })

  it('is refused from another patient’s chart', async () => {
    const visit = await bookOne()
    const response = await submit(`/patients/bob/visits/${visit.id}/move`, {
      date: '2026-11-24',
      time: '15:00',
    })
    expect(response.status).toBe(404)
    expect(await visits()).toMatchObject([{ start: visit.start }])
  })
})

describe('cancelling a visit', () => {
  it.each(['pat', 'prov'])('says who cancelled: %s', async (reason) => {
    const visit = await bookOne()
    await submit(`/patients/amal/visits/${visit.id}/cancel`, { reason })
    expect(await visits()).toMatchObject([
      {
        id: visit.id,
        status: 'cancelled',
        cancelationReason: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason',
              code: reason,
            },
          ],
        },
      },
    ])
  })

  it('happens once', async () => {
    const visit = await bookOne()
    await submit(`/patients/amal/visits/${visit.id}/cancel`, { reason: 'pat' })
    const again = await submit(`/patients/amal/visits/${visit.id}/cancel`, { reason: 'prov' })
    expect(again.status).toBe(409)
  })
})

describe('the schedule', () => {
  it('shows each location’s visits at its own time', async () => {
    await bookOne({ date: '2026-11-20', time: '10:30' })
    await bookOne({ date: '2026-11-20', time: '09:15', location: 'london' })
    const { text } = await show('/')
    expect(text).toContain('20 November 2026')
    expect(text).toMatch(/>10:30<\/time>/)
    expect(text).toMatch(/>09:15<\/time>/)
    expect(text).toContain('href="/patients/amal"')
  })

  it('puts a visit on the day that its location has', async () => {
    await bookOne({ date: '2026-11-21', time: '01:00' })
    expect((await show('/?date=2026-11-21')).text).toContain('>01:00</time>')
    expect((await show('/?date=2026-11-20')).text).not.toContain('>01:00</time>')
  })

  it('shows today for a day that is none', async () => {
    expect((await show('/?date=yesterday')).text).toContain('20 November 2026')
  })
})
