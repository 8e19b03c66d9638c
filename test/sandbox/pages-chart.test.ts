import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { html } from '../../sandbox/emr/pages/html.ts'
import { ageOn } from '../../sandbox/emr/pages/person.ts'
import { startTestEmr, type TestEmr } from './pages-test-clinic.ts'

const now = Date.parse('2026-11-20T06:00:00Z')

let emr: TestEmr
beforeAll(async () => {
  emr = await startTestEmr({ now: () => now })
})
afterAll(() => emr.stop())

async function show(path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${emr.origin}${path}`)
  return { status: response.status, text: await response.text() }
}

describe('a patient’s chart', () => {
  it('shows who it is, and what was agreed to', async () => {
    const { text } = await show('/patients/amal')
    expect(text).toContain('45 years')
    expect(text).toContain('Arabic')
    expect(text).toContain('+971500000101')
    expect(text).toContain('SMS')
    expect(text).toContain('Permitted')
  })

  it('shows a name with markup in it as text', async () => {
    const { text } = await show('/patients/amal')
    expect(text).toContain('Amal &lt;b&gt;Test&lt;/b&gt;')
    expect(text).not.toContain('<b>Test</b>')
  })

  it('shows what was written into it since', async () => {
    await emr.repository.create({
      resourceType: 'AppointmentResponse',
      appointment: { reference: 'Appointment/x' },
      actor: { reference: 'Patient/bob' },
      participantStatus: 'accepted',
    })
    await emr.repository.create({
      resourceType: 'Task',
      status: 'requested',
      intent: 'order',
      for: { reference: 'Patient/bob' },
      code: { coding: [{ code: 'update-schedule', display: 'Update the schedule' }] },
    })
    const { text } = await show('/patients/bob')
    expect(text).toContain('Confirmed by patient')
    expect(text).toContain('Update the schedule')
  })

  it('offers the handles that browser tests hold on to', async () => {
    const { text } = await show('/patients/amal')
    expect(text).toContain('data-testid="launch-messages"')
    expect(text).toContain('data-testid="book-visit"')
  })

  it('is a page of its own when the patient is unknown', async () => {
    const { status, text } = await show('/patients/nobody')
    expect(status).toBe(404)
    expect(text).toContain('This patient is not in the clinic.')
  })
})

describe('launching Messages', () => {
  it('hands the app the FHIR base and a launch that the SMART server knows', async () => {
    const response = await fetch(`${emr.origin}/patients/amal/launch?practitioner=okoro`, {
      redirect: 'manual',
    })
    expect(response.status).toBe(303)
    const target = new URL(response.headers.get('location') ?? '')
    expect(target.origin + target.pathname).toBe('http://localhost:8080/launch')
    expect(target.searchParams.get('iss')).toBe(emr.fhirUrl)
    expect(target.searchParams.get('launch')).toMatch(/^[\w-]{32}$/)
  })

  it('is refused for a practitioner whom the clinic does not have', async () => {
    const response = await fetch(`${emr.origin}/patients/amal/launch?practitioner=nobody`, {
      redirect: 'manual',
    })
    expect(response.status).toBe(404)
  })
})

describe('the list of patients', () => {
  it.each([
    ['a part of a name in any case', 'SAMPLE', 'Bob Sample', 'Amal'],
    ['digits of a number, however spaced', '50 000 0101', 'Amal', 'Bob Sample'],
  ])('is narrowed by %s', async (_what, query, found, notFound) => {
    const { text } = await show(`/patients?q=${encodeURIComponent(query)}`)
    expect(text).toContain(found)
    expect(text).not.toContain(notFound)
  })

  it('says what to do when nobody matches', async () => {
    const { text } = await show('/patients?q=%3Cscript%3E')
    expect(text).toContain('No patient matches')
    expect(text).toContain('value="&lt;script&gt;"')
  })
})

describe('the template', () => {
  it('escapes values and leaves its own markup alone', () => {
    const inner = html`<i>${'<&"\'>'}</i>`
    expect(html`<p title="${'"'}">${inner}${[1, undefined, false]}</p>`.toString()).toBe(
      '<p title="&quot;"><i>&lt;&amp;&quot;&#39;&gt;</i>1</p>',
    )
  })
})

describe('an age', () => {
  it.each([
    ['2026-11-20', '1980-11-21', 45],
    ['2026-11-21', '1980-11-21', 46],
    ['2026-11-21', undefined, undefined],
  ])('on %s of someone born %s is %s', (day, born, age) => {
    expect(ageOn(day, born)).toBe(age)
  })
})
