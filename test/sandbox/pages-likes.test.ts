import { describe, expect, it } from 'vitest'
import { sampleClinic } from '../../sandbox/clinic/sample-clinic.ts'
import { type LikeName, likeNames, likes } from '../../sandbox/emr/likes/index.ts'
import { createCall, idsOf, openEmr } from './emr-caller.ts'

const clock = () => new Date('2026-11-20T06:00:00Z')
const resources = sampleClinic({ seed: 1, today: clock() })
const idOf = (type: string) => String(resources.find(({ resourceType }) => resourceType === type)?.id)
const patient = idOf('Patient')

async function open(like: LikeName) {
  const { emr } = await openEmr({ like, resources, clock })
  const show = async (path: string) => {
    const response = await fetch(emr.url + path)
    return { status: response.status, text: await response.text() }
  }
  const form = { location: idOf('Location'), practitioner: idOf('Practitioner'), service: 'Check-up' }
  const book = () =>
    fetch(`${emr.url}/patients/${patient}/visits`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...form, date: '2027-01-04', time: '10:00' }),
    })
  return { emr, show, book }
}

describe.each(likeNames)('the pages of an EMR like %s', (like) => {
  it('show the schedule and the chart, as far as the host has them', async () => {
    const { show } = await open(like)
    for (const path of ['/', '/patients']) expect((await show(path)).status).toBe(200)
    const { status, text } = await show(`/patients/${patient}`)
    expect(status).toBe(200)
    expect(text.includes('Consent to messages')).toBe('Consent' in likes[like].types)
    expect(text.includes('Latest in the chart')).toBe('Task' in likes[like].types)
  })

  it('book a visit that the FHIR server then holds, in the host’s own way', async () => {
    const { emr, book } = await open(like)
    const call = createCall(emr.fhirUrl)
    const records = async () =>
      (await call('GET', `${emr.url}/sandbox/records`)).body.resources as { id: string }[]
    const before = new Set((await records()).map(({ id }) => id))
    expect((await book()).status).toBe(303)
    const [made, ...more] = (await records()).filter(({ id }) => !before.has(id))
    expect(more).toEqual([])
    const { body } = await call('GET', `/Appointment/${made?.id}`)
    expect(body.status).toBe(like === 'openemr' ? 'proposed' : 'booked')
    expect(String(body.start).endsWith('Z')).toBe(like === 'openemr')
    expect(idsOf((await call('GET', `/Appointment?_id=${made?.id}`)).body)).toEqual([made?.id])
  })

  it('open Messages, or say why they cannot', async () => {
    const { emr, show } = await open(like)
    const { text } = await show(`/patients/${patient}`)
    const opens = like === 'full' || like === 'epic' || like === 'oracle'
    expect([text.includes('launch-messages'), text.includes('no-launch')]).toEqual([opens, !opens])
    const launch = await fetch(`${emr.url}/patients/${patient}/launch`, { redirect: 'manual' })
    expect(launch.status).toBe(opens ? 303 : 404)
  })
})
