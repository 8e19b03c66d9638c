import type { Bundle, BundleEntry } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { type Call, idsOf, openEmr } from './emr-caller.ts'

const claim = (value: string) => ({
  resourceType: 'Communication' as const,
  status: 'preparation' as const,
  identifier: [{ system: 'http://a.example', value }],
})
const onlyOnce = (value: string) => `identifier=http://a.example|${value}`

async function send(call: Call, type: 'batch' | 'transaction', entry: BundleEntry[]) {
  const answer = await call('POST', '', { resourceType: 'Bundle', type, entry })
  return { status: answer.status, entries: (answer.body as unknown as Bundle).entry ?? [] }
}

const statuses = (entries: BundleEntry[]) => entries.map(({ response }) => response?.status)

function createOnce(value: string): BundleEntry {
  return {
    request: { method: 'POST', url: 'Communication', ifNoneExist: onlyOnce(value) },
    resource: claim(value),
  }
}

describe('a conditional create', () => {
  it('creates once and finds it ever after', async () => {
    const { call } = await openEmr()
    const once = () => call('POST', '/Communication', claim('1'), { 'if-none-exist': onlyOnce('1') })
    const [first, second] = [await once(), await once()]
    expect([first.status, second.status]).toEqual([201, 200])
    expect(second.body.id).toBe(first.body.id)
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
  })

  it('has one winner among a hundred at once', async () => {
    const { call } = await openEmr()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        index % 2
          ? call('POST', '/Communication', claim('1'), { 'if-none-exist': onlyOnce('1') })
          : call('POST', '', { resourceType: 'Bundle', type: 'batch', entry: [createOnce('1')] }),
      ),
    )
    expect(answers.every(({ status }) => status < 300)).toBe(true)
    expect((await call('GET', '/Communication')).body.total).toBe(1)
  })

  it('refuses a condition that several records meet', async () => {
    const { call } = await openEmr()
    await call('POST', '/Communication', claim('1'))
    await call('POST', '/Communication', claim('1'))
    expect(
      (await call('POST', '/Communication', claim('1'), { 'if-none-exist': onlyOnce('1') })).status,
    ).toBe(412)
  })
})

describe('a batch', () => {
  it('answers every entry by itself, with the version to update from', async () => {
    const { emr, call } = await openEmr({ resources: [{ resourceType: 'Patient', id: 'p' }] })
    const { status, entries } = await send(call, 'batch', [
      createOnce('1'),
      createOnce('1'),
      {
        request: { method: 'PUT', url: 'Patient/p' },
        resource: { resourceType: 'Patient', id: 'p', active: true },
      },
      { request: { method: 'PUT', url: 'Patient/q' }, resource: { resourceType: 'Patient', id: 'q' } },
      {
        request: { method: 'PUT', url: 'Patient/p', ifMatch: 'W/"9"' },
        resource: { resourceType: 'Patient', id: 'p' },
      },
      { request: { method: 'GET', url: 'Patient/nobody' } },
      { request: { method: 'GET', url: 'Patient/q' } },
      { request: { method: 'GET', url: 'Nonsense/1' } },
      { request: { method: 'GET', url: 'Patient?shoe-size=44' } },
    ])
    expect(status).toBe(200)
    expect(statuses(entries)).toEqual(['201', '200', '200', '201', '412', '404', '200', '404', '400'])
    expect(entries[2]?.response).toMatchObject({
      etag: 'W/"2"',
      location: `${emr.fhirUrl}/Patient/p/_history/2`,
    })
    expect(entries[0]?.resource?.id).toBe(entries[1]?.resource?.id)
  })

  it('carries searches with pages and includes', async () => {
    const patients = Array.from({ length: 60 }, (_, index) => ({
      resourceType: 'Patient' as const,
      id: `p${index}`,
    }))
    const { call } = await openEmr({ resources: patients })
    const { entries } = await send(call, 'batch', [
      { request: { method: 'GET', url: 'Patient?_id=p1,p2' } },
      { request: { method: 'GET', url: 'Patient' } },
    ])
    expect(idsOf(entries[0]?.resource)).toEqual(['p1', 'p2'])
    expect(entries[1]?.resource).toMatchObject({ total: 60, link: [{}, { relation: 'next' }] })
  })
})

describe('a transaction', () => {
  it('writes all and resolves the references between its entries', async () => {
    const { call } = await openEmr()
    const fullUrl = 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'
    const { status, entries } = await send(call, 'transaction', [
      {
        request: { method: 'POST', url: 'CommunicationRequest' },
        resource: { resourceType: 'CommunicationRequest', status: 'active', subject: { reference: fullUrl } },
      },
      { fullUrl, request: { method: 'POST', url: 'Patient' }, resource: { resourceType: 'Patient' } },
    ])
    expect([status, ...statuses(entries)]).toEqual([200, '201', '201'])
    const [request, patient] = entries.map(({ resource }) => resource)
    expect(request).toMatchObject({ subject: { reference: `Patient/${patient?.id}` } })
  })

  it('may be large', async () => {
    const { call } = await openEmr()
    const { status, entries } = await send(
      call,
      'transaction',
      Array.from({ length: 120 }, (_, index) => createOnce(String(index))),
    )
    expect([status, new Set(statuses(entries))]).toEqual([200, new Set(['201'])])
    expect((await call('GET', '/Communication')).body.total).toBe(120)
  })

  it('leaves nothing behind when one entry fails', async () => {
    const { call } = await openEmr({ resources: [{ resourceType: 'Patient', id: 'p' }] })
    const { status } = await send(call, 'transaction', [
      createOnce('1'),
      { request: { method: 'DELETE', url: 'Patient/p' } },
      { request: { method: 'PUT', url: 'Patient/q' }, resource: { resourceType: 'Patient', id: 'q' } },
      {
        request: { method: 'PUT', url: 'Patient/x', ifMatch: 'W/"7"' },
        resource: { resourceType: 'Patient', id: 'x' },
      },
    ])
    expect(status).toBe(412)
    expect((await call('GET', '/Communication')).body.total).toBe(0)
    expect(idsOf((await call('GET', '/Patient')).body)).toEqual(['p'])
    expect((await call('GET', '/Patient/p')).headers.get('etag')).toBe('W/"1"')
    expect((await call('GET', '/Patient/q')).status).toBe(404)
    expect(
      (await call('POST', '/Communication', claim('1'), { 'if-none-exist': onlyOnce('1') })).status,
    ).toBe(201)
  })
})
