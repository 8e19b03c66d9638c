import { describe, expect, it } from 'vitest'
import { createCall, openEmr } from './emr-caller.ts'

const anna = { resourceType: 'Patient', name: [{ family: 'Sample' }] }

describe('a record of the EMR', () => {
  it('gets its id, version and address from the server', async () => {
    const { emr, call } = await openEmr()
    const created = await call('POST', '/Patient', { ...anna, id: 'mine' })
    const { id } = created.body
    expect(created.status).toBe(201)
    expect(id).not.toBe('mine')
    expect(created.headers.get('etag')).toBe('W/"1"')
    expect(created.headers.get('location')).toBe(`${emr.fhirUrl}/Patient/${id}/_history/1`)
    expect(created.headers.get('content-type')).toContain('application/fhir+json')
    const read = await call('GET', `/Patient/${id}`)
    expect(read.body).toEqual(created.body)
    expect(Date.parse(read.headers.get('last-modified') ?? '')).not.toBeNaN()
  })

  it('is created under the client’s id by PUT, and replaced by the next', async () => {
    const { call } = await openEmr()
    expect((await call('PUT', '/Patient/a', { ...anna, id: 'a' })).status).toBe(201)
    const second = await call('PUT', '/Patient/a', { ...anna, id: 'a', active: true })
    expect(second.status).toBe(200)
    expect(second.headers.get('etag')).toBe('W/"2"')
    expect((await call('GET', '/Patient/a')).body).toMatchObject({ active: true, meta: { versionId: '2' } })
  })

  it('keeps the versions that it had', async () => {
    const { call } = await openEmr()
    await call('PUT', '/Patient/a', { ...anna, id: 'a' })
    await call('PUT', '/Patient/a', { ...anna, id: 'a', active: true })
    expect((await call('GET', '/Patient/a/_history/1')).body.active).toBeUndefined()
    for (const _twice of [1, 2]) {
      const history = await call('GET', '/Patient/a/_history')
      expect(history.body).toMatchObject({
        total: 2,
        entry: [{ resource: { meta: { versionId: '2' } } }, { resource: { meta: { versionId: '1' } } }],
      })
    }
  })

  it('changes only from the version that If-Match names', async () => {
    const { call } = await openEmr()
    await call('PUT', '/Patient/a', { ...anna, id: 'a' })
    const save = (version: string) => call('PUT', '/Patient/a', { ...anna, id: 'a' }, { 'if-match': version })
    expect((await save('W/"1"')).status).toBe(200)
    expect((await save('W/"1"')).status).toBe(412)
    expect((await save('2')).status).toBe(200)
    expect((await save('W/"3", W/"4"')).status).toBe(400)
    expect((await call('PUT', '/Patient/new', { ...anna, id: 'new' }, { 'if-match': 'W/"1"' })).status).toBe(
      412,
    )
  })

  it('is gone after DELETE, and counts its versions on when it comes back', async () => {
    const { call } = await openEmr()
    await call('PUT', '/Patient/a', { ...anna, id: 'a' })
    expect((await call('DELETE', '/Patient/a')).status).toBe(200)
    expect((await call('DELETE', '/Patient/a')).status).toBe(200)
    const read = await call('GET', '/Patient/a')
    expect(read).toMatchObject({ status: 410, body: { resourceType: 'OperationOutcome' } })
    expect((await call('GET', '/Patient?_id=a')).body).toMatchObject({ total: 0 })
    const back = await call('PUT', '/Patient/a', { ...anna, id: 'a' })
    expect([back.status, back.headers.get('etag')]).toEqual([201, 'W/"2"'])
  })

  it('takes a JSON Patch, and refuses one that does not apply', async () => {
    const { call } = await openEmr()
    await call('PUT', '/Patient/a', { ...anna, id: 'a' })
    const patch = (path: string, version = 'W/"1"') =>
      call('PATCH', '/Patient/a', [{ op: 'replace', path, value: 'Other' }], {
        'content-type': 'application/json-patch+json',
        'if-match': version,
      })
    expect((await patch('/nowhere/0/family')).status).toBe(400)
    expect(await patch('/name/0/family')).toMatchObject({
      status: 200,
      body: { name: [{ family: 'Other' }] },
    })
    expect((await patch('/name/0/family')).status).toBe(412)
  })

  it('answers an empty body when that is preferred', async () => {
    const { call } = await openEmr()
    const created = await call('POST', '/Patient', anna, { prefer: 'return=minimal' })
    expect([created.status, created.body]).toEqual([201, ''])
    expect(created.headers.get('location')).toContain('/Patient/')
  })
})

describe('a request that the EMR cannot carry out', () => {
  it.each([
    ['GET', '/Patient/nobody', undefined, 404],
    ['GET', '/Nonsense/1', undefined, 404],
    ['GET', '/Nonsense', undefined, 404],
    ['POST', '/Nonsense', { resourceType: 'Nonsense' }, 404],
    ['DELETE', '/Patient/nobody', undefined, 404],
    ['POST', '/Patient', '{ "resourceType": ', 400],
    ['POST', '/Patient', undefined, 400],
    ['POST', '/Patient', { resourceType: 'Task' }, 400],
    ['POST', '/Patient', [], 400],
    ['PUT', '/Patient/a', { resourceType: 'Patient', id: 'b' }, 400],
    ['PUT', '/Patient/a', { resourceType: 'Patient' }, 400],
    ['PUT', '/Patient/a_b', { resourceType: 'Patient', id: 'a_b' }, 400],
    ['POST', '', { resourceType: 'Patient' }, 400],
    ['GET', '/Patient?shoe-size=44', undefined, 400],
    ['GET', '/Patient?birthdate=yesterday', undefined, 400],
    ['GET', '/Patient?_count=many', undefined, 400],
    ['GET', '/Patient?_sort=shoe-size', undefined, 400],
    ['GET', '/Patient?_include=Patient:shoe', undefined, 400],
  ] as const)('%s %s with %j gets an OperationOutcome and %i', async (method, path, body, status) => {
    const { call } = await openEmr()
    const answer = await call(method, path, body)
    expect(answer).toMatchObject({ status, body: { resourceType: 'OperationOutcome' } })
  })

  it('gets 415 when the body is of another kind', async () => {
    const { call } = await openEmr()
    expect(
      (await call('POST', '/Patient', '<Patient/>', { 'content-type': 'application/fhir+xml' })).status,
    ).toBe(415)
  })
})

describe('the EMR over HTTP', () => {
  it('answers HEAD like GET, without a body', async () => {
    const { call } = await openEmr()
    await call('PUT', '/Patient/a', { ...anna, id: 'a' })
    const head = await call('HEAD', '/Patient/a')
    expect([head.status, head.headers.get('etag'), head.body]).toEqual([200, 'W/"1"', ''])
  })

  it('lets an app on another origin in, and shows it the headers that it needs', async () => {
    const { call } = await openEmr()
    const preflight = await call('OPTIONS', '/Patient', undefined, {
      origin: 'http://localhost:9',
      'access-control-request-method': 'POST',
    })
    expect(preflight.status).toBe(204)
    const allowed = preflight.headers.get('access-control-allow-headers')
    for (const name of ['Authorization', 'If-None-Exist', 'If-Match', 'Content-Type'])
      expect(allowed).toContain(name)
    const answer = await call('GET', '/Patient', undefined, { origin: 'http://localhost:9' })
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/ETag.*Location/)
  })

  it('asks for a token everywhere but in what it says about itself', async () => {
    const { emr } = await openEmr()
    const stranger = createCall(emr.fhirUrl, '')
    expect(await stranger('GET', '/Patient')).toMatchObject({
      status: 401,
      body: { resourceType: 'OperationOutcome' },
    })
    expect((await createCall(emr.fhirUrl, 'Bearer made-up')('GET', '/Patient')).status).toBe(401)
    expect((await stranger('GET', '/metadata')).status).toBe(200)
    expect((await stranger('GET', '/.well-known/smart-configuration')).status).toBe(200)
  })

  it('describes itself as R4 4.0.1 with what it can do and where to sign in', async () => {
    const { emr, call } = await openEmr()
    const { body } = await call('GET', '/metadata')
    expect(body).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1' })
    const text = JSON.stringify(body)
    expect(text).toContain(`${emr.url}/oauth/authorize`)
    expect(text).toContain('"conditionalCreate":true')
    expect(text).toContain('{"code":"transaction"}')
    expect(text).toContain('{"name":"identifier","type":"token"}')
  })

  it('serves what the clinic held at the start', async () => {
    const { call } = await openEmr({ resources: [{ resourceType: 'Patient', id: 'p' }] })
    expect((await call('GET', '/Patient/p')).status).toBe(200)
  })
})
