import { describe, expect, it } from 'vitest'
import { EmrRepository } from '../../sandbox/emr/fhir-repository.ts'
import { createRecordStore } from '../../sandbox/emr/record-store.ts'
import { loadSearchParameters } from '../../sandbox/emr/search-parameters.ts'
import { createTurns } from '../../sandbox/emr/turns.ts'
import { openEmr } from './emr-caller.ts'

const png = {
  resourceType: 'Binary' as const,
  contentType: 'image/png',
  data: btoa('\u0089PNG…'.slice(0, 4)),
}

describe('a Binary of the sandbox EMR', () => {
  async function open() {
    const { emr, call } = await openEmr()
    const context = { securityContext: { reference: 'Patient/ada' } }
    const { body, status } = await call(
      'POST',
      '/Binary',
      { ...png, ...context },
      { accept: 'application/fhir+json' },
    )
    const get = (accept?: string, method = 'GET') =>
      fetch(`${emr.fhirUrl}/Binary/${body.id}`, {
        method,
        headers: { authorization: 'Bearer sandbox-admin', ...(accept && { accept }) },
      })
    return { status, get }
  }

  it.each([
    undefined,
    '*/*',
    'image/png',
    'image/*,*/*;q=0.8',
  ])('is given as the bytes that it holds to who accepts %s', async (accept) => {
    const { status, get } = await open()
    expect(status).toBe(201)
    const response = await get(accept)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...{ 'content-type': 'image/png', 'content-length': '4', 'x-content-type-options': 'nosniff' },
      ...{ 'x-security-context': 'Patient/ada', etag: 'W/"1"' },
    })
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toBe('\u0089PNG')
  })

  it.each([
    'application/fhir+json',
    'application/json',
  ])('is given as FHIR to who accepts %s', async (accept) => {
    const { get } = await open()
    expect(await (await get(accept)).json()).toMatchObject(png)
  })

  it('tells its size to who asks for no more', async () => {
    const { get } = await open()
    const response = await get('*/*', 'HEAD')
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '4'])
  })

  it('may be as large as what patients send', async () => {
    const { call } = await openEmr()
    const data = Buffer.alloc(16_000_000).toString('base64')
    expect((await call('POST', '/Binary', { ...png, data }, { accept: 'application/json' })).status).toBe(201)
  })
})

describe('who may see a Binary, where only one patient may be seen', () => {
  const mine = { reference: 'Patient/me' }
  const binary = (id: string, securityContext?: { reference: string }) => ({ ...png, id, securityContext })

  it.each([
    ['the patient’s own', binary('b', mine), true],
    ['of a message of theirs', binary('b', { reference: 'Communication/mine' }), true],
    ['of a document of theirs', binary('b', { reference: 'DocumentReference/mine' }), true],
    ['of a message of another', binary('b', { reference: 'Communication/others' }), false],
    ['of a message that is gone', binary('b', { reference: 'Communication/none' }), false],
    ['of nobody', binary('b'), false],
    ['of itself', binary('b', { reference: 'Binary/b' }), false],
  ])('%s', async (_whose, resource, visible) => {
    loadSearchParameters()
    const store = createRecordStore({ now: () => new Date('2026-11-20T08:00:00Z') })
    const status = 'completed' as const
    const others = { reference: 'Patient/other' }
    store.put({ resourceType: 'Patient', id: 'me' })
    store.put({ resourceType: 'Communication', id: 'mine', status, subject: mine })
    store.put({ resourceType: 'Communication', id: 'others', status, subject: others })
    store.put({
      resourceType: 'DocumentReference',
      id: 'mine',
      status: 'current',
      subject: mine,
      content: [],
    })
    store.put(resource)
    const records = { store, exclusive: createTurns(), announce: async () => {} }
    const access = { may: () => true, patientOf: () => 'me' }
    const read = new EmrRepository(records, access).readResource('Binary', 'b')
    expect(
      await read.then(
        () => true,
        () => false,
      ),
    ).toBe(visible)
  })
})
