import type { FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { idsOf, openEmr } from './emr-caller.ts'

const host = 'http://localhost:8081/fhir'
const other = 'http://localhost:9081/fhir'

const message = (id: string, patient: string, basedOn: string) => ({
  resourceType: 'Communication',
  id,
  status: 'completed',
  subject: { reference: patient },
  recipient: [{ reference: patient }],
  basedOn: [{ reference: basedOn }],
})
const consent = (id: string, patient: string) => ({
  resourceType: 'Consent',
  id,
  status: 'active',
  patient: { reference: patient },
})

const records = [
  message('ours', `${host}/Patient/1`, `${host}/Appointment/7`),
  message('theirs', `${other}/Patient/1`, `${other}/Appointment/7`),
  message('local', 'Patient/1', 'Appointment/7'),
  consent('ours', `${host}/Patient/1`),
  consent('theirs', `${other}/Patient/1`),
  consent('local', 'Patient/1'),
] as unknown as FhirResource[]

describe('a store beside another host', () => {
  it.each([
    [`Communication?patient=${host}/Patient/1`, ['ours']],
    [`Communication?subject=${host}/Patient/1`, ['ours']],
    [`Communication?recipient=${other}/Patient/1`, ['theirs']],
    [`Communication?based-on=${host}/Appointment/7`, ['ours']],
    [`Communication?patient=${host}/Patient/1,${other}/Patient/1`, ['ours', 'theirs']],
    [`Communication?patient=${host}/Patient/2`, []],
    [`Consent?patient=${other}/Patient/1`, ['theirs']],
    ['Communication?patient=Patient/1', ['local']],
    ['Communication?patient=1', ['local']],
    ['Communication?patient:Patient=1', ['local']],
    ['Communication?subject=1', ['local']],
    ['Communication?based-on=Appointment/7', ['local']],
    ['Communication?based-on=7', ['local']],
    ['Consent?patient=Patient/1', ['local']],
    ['Consent?patient=1', ['local']],
  ])('finds for %s exactly those', async (query, ids) => {
    const { call } = await openEmr({ like: 'hapi', resources: records })
    const [path = '', parameters = ''] = query.split('?')
    const encoded = parameters.replace(/=(.*)$/, (_whole, value: string) => `=${encodeURIComponent(value)}`)
    for (const search of [parameters, encoded]) {
      const found = await call('GET', `/${path}?${search}`)
      expect([found.status, idsOf(found.body)]).toEqual([200, ids])
    }
  })

  it('finds its own records by their full address too', async () => {
    const { emr, call } = await openEmr({ like: 'hapi', resources: records })
    const found = await call('GET', `/Communication?patient=${emr.fhirUrl}/Patient/1`)
    expect(idsOf(found.body)).toEqual(['local'])
  })

  it('takes them in conditions and batches as well, and is empty at first', async () => {
    const { emr, call } = await openEmr({ like: 'hapi' })
    expect((await call('GET', `${emr.url}/sandbox/records`)).body).toEqual({ resources: [], clients: [] })
    const once = { 'if-none-exist': `patient=${host}/Patient/1` }
    const written = message('', `${host}/Patient/1`, `${host}/Appointment/7`)
    const statuses = [(await call('POST', '/Communication', written, once)).status]
    statuses.push((await call('POST', '/Communication', written, once)).status)
    expect(statuses).toEqual([201, 200])
    const url = `Communication?patient=${encodeURIComponent(`${host}/Patient/1`)}`
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url } }] }
    expect((await call('POST', '', batch)).body).toMatchObject({ entry: [{ resource: { total: 1 } }] })
  })
})
