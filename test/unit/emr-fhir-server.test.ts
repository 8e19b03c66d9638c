import { inspect } from 'node:util'
import type { CommunicationRequest, Patient } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import type { TokenSource } from '../../src/emr/backend-token.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { ConflictError, type Stored } from '../../src/flows/ports.ts'
import { type Answer, failure, startScriptedServer } from './emr-scripted-server.ts'

const patient = { resourceType: 'Patient', id: 'p1', meta: { versionId: '1' } } satisfies Stored<Patient>
const request = { resourceType: 'CommunicationRequest', status: 'active' } satisfies CommunicationRequest
const kept = { ...request, id: 'c1', meta: { versionId: '3' } } satisfies Stored<CommunicationRequest>
const identifier = { system: 'https://example.org/keys', value: 'sms:+15550100001' }

async function start(...answers: Answer[]) {
  const server = await startScriptedServer(...answers)
  return { server, emr: createEmr({ baseUrl: `${server.origin}/fhir/`, timeoutFor: 2_000 }) }
}

function countingToken(): TokenSource & { dropped: (string | undefined)[] } {
  const dropped: (string | undefined)[] = []
  return { get: async () => `token-${dropped.length}`, drop: (stale) => void dropped.push(stale), dropped }
}

describe('an answer that is not FHIR', () => {
  it.each<[string, Answer]>([
    ['a page in HTML', { headers: { 'content-type': 'text/html' }, text: '<html>Layla Haddad</html>' }],
    ['half of a resource', { text: '{"resourceType":"Patient","id":"p1","name":[{"family":"Layla Had' }],
    ['nothing at all', {}],
    ['a list', { json: [] }],
    ['a bare word', { json: 'Layla Haddad' }],
    ['null', { text: 'null' }],
    [
      'another resource',
      { json: { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'Layla Haddad' }] } },
    ],
  ])('is an error for %s', async (_what, answer) => {
    const { server, emr } = await start(answer)
    await using _ = server
    for (const work of [
      emr.read('Patient', 'p1'),
      emr.search('Patient', { active: 'true' }),
      emr.save(patient),
    ]) {
      const { error, printed } = await failure(work)
      expect(error.status).toBeUndefined()
      expect(printed).not.toContain('Layla')
    }
  })

  it('says what was being done, to which reference', async () => {
    const { server, emr } = await start({ text: '<html>' })
    await using _ = server
    const { error } = await failure(emr.read('Patient', 'p1'))
    expect(error.message).toBe('Reading Patient/p1: the server answered 200 with something that is not FHIR')
  })

  it("does not take a proxy's 404 page for a patient who is gone", async () => {
    const { server, emr } = await start({ status: 404, text: '<html>nginx</html>' })
    await using _ = server
    const { error } = await failure(emr.read('Patient', 'p1'))
    expect(error.status).toBeUndefined()
  })

  it.each([404, 410])('takes %i with an OperationOutcome, or with nothing, for gone', async (status) => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] }
    const { server, emr } = await start({ status, json: outcome }, { status })
    await using _ = server
    expect(await emr.read('Patient', 'p1')).toBeUndefined()
    expect(await emr.read('Patient', 'p1')).toBeUndefined()
  })

  it.each([404, 410])('does not take %i for gone where the server calls it passing', async (status) => {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'throttled' }] }
    const { server, emr } = await start({ status, json: outcome })
    await using _ = server
    const { error } = await failure(emr.read('Patient', 'p1'))
    expect([error.status, error.message]).toEqual([
      undefined,
      `Reading Patient/p1: the server answered ${status}, but only for now (throttled)`,
    ])
  })
})

describe('a server that fails', () => {
  it('is an error when it cuts the connection, before and within the body', async () => {
    const { server, emr } = await start(
      (response) => void response.destroy(),
      (response) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"resourceType":"Patient"')
        setImmediate(() => response.destroy())
      },
    )
    await using _ = server
    expect((await failure(emr.read('Patient', 'p1'))).error.message).toContain('could not be reached')
    expect((await failure(emr.read('Patient', 'p1'))).error.message).toContain('Reading Patient/p1')
  })

  it('is an error when nobody listens', async () => {
    const { server, emr } = await start()
    await server[Symbol.asyncDispose]()
    expect((await failure(emr.read('Patient', 'p1'))).error.message).toBe(
      'Reading Patient/p1: the server could not be reached (ECONNREFUSED)',
    )
  })

  it.each<[string, Answer]>([
    ['begins no answer', () => {}],
    ['ends no answer', (response) => void response.writeHead(200).write('{"resourceType":')],
  ])('is an error when it %s in time', async (_what, answer) => {
    await using server = await startScriptedServer(answer)
    const emr = createEmr({ baseUrl: server.origin, timeoutFor: 100 })
    expect((await failure(emr.read('Patient', 'p1'))).error.message).toBe(
      'Reading Patient/p1: no answer within 100 ms',
    )
  })

  it('keeps its status and the code of its outcome, and none of its words', async () => {
    const issue = [{ severity: 'error', code: 'invariant', diagnostics: 'Layla Haddad +15550100001' }]
    const { server, emr } = await start({ status: 422, json: { resourceType: 'OperationOutcome', issue } })
    await using _ = server
    const named: Patient = { resourceType: 'Patient', name: [{ family: 'Haddad' }] }
    const { error, printed } = await failure(emr.create(named, identifier))
    expect(error.message).toBe('Creating Patient: the server answered 422 (invariant)')
    expect(error.status).toBe(422)
    expect(printed).not.toMatch(/Haddad|5550100001/)
  })

  it('does not follow a redirect', async () => {
    await using elsewhere = await startScriptedServer({ json: patient })
    const { server, emr } = await start({
      status: 307,
      headers: { location: `${elsewhere.origin}/Patient/p1` },
    })
    await using _ = server
    expect((await failure(emr.read('Patient', 'p1'))).error.status).toBe(307)
    expect(elsewhere.asked).toEqual([])
  })
})

describe('the token', () => {
  it('is dropped and asked for once more after a 401', async () => {
    const token = countingToken()
    await using server = await startScriptedServer({ status: 401 }, { json: patient })
    expect(await createEmr({ baseUrl: server.origin, token }).read('Patient', 'p1')).toEqual(patient)
    expect(token.dropped).toEqual(['token-0'])
    expect(server.asked.map((one) => one.headers.authorization)).toEqual(['Bearer token-0', 'Bearer token-1'])
  })

  it('is not asked for a third time', async () => {
    const token = countingToken()
    await using server = await startScriptedServer({ status: 401 })
    const { error, printed } = await failure(
      createEmr({ baseUrl: server.origin, token }).read('Patient', 'p1'),
    )
    expect(error.status).toBe(401)
    expect(printed).not.toContain('token-')
    expect(server.asked).toHaveLength(2)
  })

  it('does not stay on what is read', async () => {
    await using server = await startScriptedServer({ json: patient })
    const read = await createEmr({ baseUrl: server.origin, token: countingToken() }).read('Patient', 'p1')
    expect(inspect(read, { showHidden: true, depth: 10 })).not.toContain('token-')
  })
})

describe('a server that is asked too often', () => {
  it('is asked again after the time that it names', async () => {
    const { server, emr } = await start({ status: 429, headers: { 'retry-after': '0' } }, { json: patient })
    await using _ = server
    expect(await emr.read('Patient', 'p1')).toEqual(patient)
  })

  it('is an error the second time', async () => {
    const { server, emr } = await start({ status: 429, headers: { 'retry-after': '0' } })
    await using _ = server
    expect((await failure(emr.read('Patient', 'p1'))).error.status).toBe(429)
    expect(server.asked).toHaveLength(2)
  })

  const date = 'Fri, 20 Nov 2026 06:00:00 GMT'

  it('is asked again after the date that it names, by its own clock', async () => {
    const headers = { 'retry-after': date, date }
    const { server, emr } = await start({ status: 429, headers }, { json: patient })
    await using _ = server
    expect(await emr.read('Patient', 'p1')).toEqual(patient)
  })

  it.each<[number, string]>([
    [429, '6'],
    [429, 'Fri, 20 Nov 2026 06:00:06 GMT'],
    [503, '120'],
  ])('is left alone by everything when it asks for longer: %i, %s', async (status, wish) => {
    const { server, emr } = await start({ status, headers: { 'retry-after': wish, date } })
    await using _ = server
    expect((await failure(emr.read('Patient', 'p1'))).error.status).toBe(status)
    const { error } = await failure(emr.read('Patient', 'p2'))
    expect(error.message).toBe(`Reading Patient/p2: the server answered ${status}`)
    expect(server.asked).toHaveLength(1)
  })
})

describe('a create', () => {
  it('asks for the whole resource, and to be left undone where the identifier is taken', async () => {
    const { server, emr } = await start({ status: 201, json: kept }, { status: 200, json: kept })
    await using _ = server
    expect(await emr.create(request, identifier)).toEqual({ resource: kept, created: true })
    expect(await emr.create(request, identifier)).toEqual({ resource: kept, created: false })
    expect(server.asked[0]?.headers).toMatchObject({
      prefer: 'return=representation',
      'if-none-exist': 'identifier=https%3A%2F%2Fexample.org%2Fkeys%7Csms%3A%2B15550100001',
    })
  })

  it.each([
    'http://elsewhere.example/base/CommunicationRequest/c1/_history/3',
    'CommunicationRequest/c1',
  ])('reads what a server only gives the place of: %s', async (location) => {
    const { server, emr } = await start({ status: 201, headers: { location } }, { json: kept })
    await using _ = server
    expect(await emr.create(request, identifier)).toEqual({ resource: kept, created: true })
    expect(server.asked[1]?.url).toBe('/fhir/CommunicationRequest/c1')
  })

  it('finds by its identifier what a server gives nothing of', async () => {
    const bundle = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: kept }] }
    const { server, emr } = await start({ status: 200 }, { json: bundle })
    await using _ = server
    expect(await emr.create(request, identifier)).toEqual({ resource: kept, created: false })
  })

  it('is an error where nobody can say what became of it', async () => {
    const { server, emr } = await start({ status: 201 })
    await using _ = server
    expect((await failure(emr.create(request))).error.message).toContain('did not say where it is')
  })

  it('finds the winner when a strict server answers a race with 409', async () => {
    const { server, emr } = await start({ status: 409 }, { status: 200, json: kept })
    await using _ = server
    expect(await emr.create(request, identifier)).toEqual({ resource: kept, created: false })
  })

  it('gives back the oldest when several carry the identifier', async () => {
    const changed = (id: string, lastUpdated?: string) => ({
      resource: { ...kept, id, meta: { lastUpdated } },
    })
    const entry = [
      changed('c1', '2026-11-20T09:00:00Z'),
      changed('c3', '2026-11-20T12:00:00+04:00'),
      changed('c2', '2026-11-20T08:00:00Z'),
    ]
    const { server, emr } = await start(
      { status: 412 },
      { json: { resourceType: 'Bundle', type: 'searchset', entry } },
    )
    await using _ = server
    expect(await emr.create(request, identifier)).toMatchObject({ resource: { id: 'c2' }, created: false })
    expect(server.asked[1]).toMatchObject({ method: 'POST', url: '/fhir/CommunicationRequest/_search' })
  })

  it('is a conflict when several are said to carry the identifier, and none is found', async () => {
    const none = { resourceType: 'Bundle', type: 'searchset' }
    const { server, emr } = await start({ status: 412 }, { json: none })
    await using _ = server
    await expect(emr.create(request, identifier)).rejects.toThrow(ConflictError)
  })
})

describe('a save', () => {
  it('names the version that it changes', async () => {
    const { server, emr } = await start({ json: { ...kept, meta: { versionId: '4' } } })
    await using _ = server
    expect((await emr.save(kept)).meta?.versionId).toBe('4')
    expect(server.asked[0]).toMatchObject({ method: 'PUT', url: '/fhir/CommunicationRequest/c1' })
    expect(server.asked[0]?.headers['if-match']).toBe('W/"3"')
  })

  it.each([409, 412])('is a conflict on %i', async (status) => {
    const { server, emr } = await start({ status })
    await using _ = server
    await expect(emr.save(kept)).rejects.toThrow(ConflictError)
  })

  it('is an error where the server makes anew what was gone', async () => {
    const { server, emr } = await start({ status: 201, json: { ...kept, meta: { versionId: '1' } } })
    await using _ = server
    const { error } = await failure(emr.save(kept))
    expect(error.message).toContain('Saving CommunicationRequest/c1: it was gone')
  })

  it('reads again what a server answers nothing about', async () => {
    const { server, emr } = await start({ status: 200 }, { json: { ...kept, meta: { versionId: '4' } } })
    await using _ = server
    expect((await emr.save(kept)).meta?.versionId).toBe('4')
  })
})
