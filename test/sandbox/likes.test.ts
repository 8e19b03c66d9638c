import type { CapabilityStatement, CapabilityStatementRestResource, FhirResource } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { type LikeName, likeNames } from '../../sandbox/emr/likes/index.ts'
import type { Interaction } from '../../sandbox/emr/likes/like.ts'
import { resourceTypes } from '../../sandbox/emr/search-parameters.ts'
import { type Call, createCall, openEmr } from './emr-caller.ts'

const interactions: Interaction[] = [
  ...(['read', 'vread', 'search-type', 'create', 'update', 'patch', 'history-instance', 'delete'] as const),
]

const ours = [
  ...['Patient', 'Appointment', 'Consent', 'Communication', 'CommunicationRequest', 'Task', 'Subscription'],
]

/** A host that holds one resource of each type that it has, under the id `one`. */
async function open(like: LikeName) {
  const { emr, call } = await openEmr({ like })
  const { body } = await call('GET', '/metadata')
  const statement = body as unknown as CapabilityStatement
  const rows = statement.rest?.[0]?.resource ?? []
  for (const { type } of rows) await call('PUT', `${emr.url}/sandbox/records/${type}/one`, sample(type))
  return { emr, call, statement, rows }
}

/** What some types cannot be without; a message is for staff, so that it may be written wherever one may be. */
const elements: Record<string, object> = {
  AppointmentResponse: { appointment: { reference: 'Appointment/none' } },
  Communication: { recipient: [{ reference: 'Practitioner/one' }] },
  Subscription: { status: 'off', criteria: 'Patient?', channel: { type: 'rest-hook' } },
}

function sample(type: string): FhirResource {
  return { resourceType: type, id: 'one', ...elements[type] } as unknown as FhirResource
}

async function attempt(call: Call, type: string, interaction: Interaction, query: string): Promise<number> {
  const accept = { accept: 'application/fhir+json' }
  switch (interaction) {
    case 'read':
      return (await call('GET', `/${type}/one`, undefined, accept)).status
    case 'vread':
      return (await call('GET', `/${type}/one/_history/1`, undefined, accept)).status
    case 'history-instance':
      return (await call('GET', `/${type}/one/_history`)).status
    case 'search-type':
      return (await call('GET', `/${type}${query}`)).status
    case 'create':
      return (await call('POST', `/${type}`, { ...sample(type), id: undefined })).status
    case 'update':
      return (await call('PUT', `/${type}/one`, sample(type))).status
    case 'patch':
      return (await call('PATCH', `/${type}/one`, [{ op: 'add', path: '/language', value: 'en' }])).status
    case 'delete':
      return (await call('DELETE', `/${type}/one`)).status
  }
}

/** What the type's own documentation asks of a search, and nothing where it asks for nothing. */
function searchOf({ documentation = '' }: CapabilityStatementRestResource): string {
  return documentation.includes('A search names') ? '?_id=one' : ''
}

describe.each(likeNames)('an EMR like %s', (like) => {
  it('does what its metadata lists, and nothing else', async () => {
    const { call, rows } = await open(like)
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows) {
      const listed = row.interaction?.map(({ code }) => code) ?? []
      for (const interaction of interactions) {
        const status = await attempt(call, row.type, interaction, searchOf(row))
        const what = `${row.type} ${interaction}`
        if (listed.includes(interaction)) expect([what, status < 300]).toEqual([what, true])
        else expect([what, status]).toEqual([what, 405])
      }
    }
  })

  it('answers 404 for every type that its metadata does not list', async () => {
    const { call, rows } = await open(like)
    const listed = rows.map(({ type }) => type)
    for (const type of [...resourceTypes, 'Nonsense'].filter((one) => !listed.includes(one))) {
      for (const interaction of interactions) {
        expect([type, interaction, await attempt(call, type, interaction, '')]).toEqual([
          type,
          interaction,
          404,
        ])
      }
      const { body } = await call('GET', `/${type}/one`)
      expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'not-supported' }] })
    }
  })

  it('searches by the parameters that its metadata lists, and refuses all others', async () => {
    const { call, rows } = await open(like)
    // Where all types are the same, those that we use stand for all.
    const asked = rows.length > ours.length * 2 ? rows.filter(({ type }) => ours.includes(type)) : rows
    for (const { type, searchParam = [], interaction = [], documentation } of asked) {
      if (!interaction.some(({ code }) => code === 'search-type')) continue
      const names = searchParam.map(({ name }) => name)
      const needed = documentation?.includes('A search names') ? '_id=one&' : ''
      for (const { name, type: kind } of searchParam) {
        const { status } = await call(
          'GET',
          `/${type}?${needed}${name}=${kind === 'date' ? '2026-11-20' : 'x'}`,
        )
        expect([type, name, status]).toEqual([type, name, 200])
      }
      const odd = ['shoe-size', 'status', 'date', '_lastUpdated', 'identifier'].filter(
        (one) => !names.includes(one),
      )
      for (const name of odd) {
        const { status } = await call('GET', `/${type}?${needed}${name}=2026-11-20`)
        expect([type, name, status]).toEqual([type, name, 400])
      }
    }
  })

  it('takes the Bundles that its metadata lists', async () => {
    const { call, statement } = await open(like)
    const listed = statement.rest?.[0]?.interaction?.map(({ code }) => code) ?? []
    for (const type of ['batch', 'transaction'] as const) {
      const entry = [{ request: { method: 'GET', url: 'Patient/one' } }]
      const { status } = await call('POST', '', { resourceType: 'Bundle', type, entry })
      expect([type, status]).toEqual([type, listed.includes(type) ? 200 : 405])
    }
  })

  it('has SMART exactly where its metadata says so', async () => {
    const { emr, call, statement } = await open(like)
    const isSecure = statement.rest?.[0]?.security !== undefined
    expect((await call('GET', '/.well-known/smart-configuration')).status).toBe(isSecure ? 200 : 404)
    const stranger = await createCall(emr.fhirUrl, '')('GET', '/Patient/one')
    expect(stranger.status).toBe(isSecure ? 401 : 200)
  })
})

describe('a host with ways of its own', () => {
  const visit = { resourceType: 'Appointment', status: 'booked', participant: [] }

  it('like epic shows visits of one patient, never of a day', async () => {
    const { call } = await open('epic')
    expect((await call('GET', '/Appointment?patient=Patient/one')).status).toBe(200)
    expect((await call('GET', '/Appointment?_id=one')).status).toBe(200)
    for (const query of ['', '?_count=10', '?date=2026-11-20', '?patient=Patient/one&_sort=date'])
      expect([query, (await call('GET', `/Appointment${query}`)).status]).toEqual([query, 400])
  })

  it('like oracle shows visits of somebody or somewhere, with a date', async () => {
    const { call } = await open('oracle')
    const date = 'date=ge2026-11-20'
    for (const query of [`patient=one&${date}`, `practitioner=one&${date}`, `location=one&${date}`])
      expect([query, (await call('GET', `/Appointment?${query}`)).status]).toEqual([query, 200])
    for (const query of [date, 'patient=one', '_lastUpdated=gt2026-11-20'])
      expect([query, (await call('GET', `/Appointment?${query}`)).status]).toEqual([query, 400])
  })

  it.each([
    ['nobody', [], 422],
    ['a patient', ['Patient/one'], 422],
    ['staff and a patient', ['Practitioner/one', 'Patient/one'], 422],
    ['staff', ['Practitioner/one'], 201],
  ])('like oracle takes a message for %s or does not', async (_who, references, status) => {
    const { call } = await open('oracle')
    const recipient = references.map((reference) => ({ reference }))
    const message = { resourceType: 'Communication', status: 'completed', recipient }
    expect((await call('POST', '/Communication', message)).status).toBe(status)
  })

  it('like epic does not heed If-None-Exist', async () => {
    const { call } = await open('epic')
    const message = { resourceType: 'Communication', status: 'completed', identifier: [{ value: 'a' }] }
    const once = { 'if-none-exist': 'identifier=a' }
    const made = [await call('POST', '/Communication', message, once)]
    made.push(await call('POST', '/Communication', message, once))
    expect(made.map(({ status }) => status)).toEqual([201, 201])
  })

  it('like openemr writes all times in UTC', async () => {
    const zoned = { ...visit, id: 'z', start: '2026-11-20T10:30:00+04:00', end: '2026-11-20T11:00:00+04:00' }
    const { call } = await openEmr({ like: 'openemr', resources: [zoned as FhirResource] })
    const { body } = await call('GET', '/Appointment/z')
    expect(body).toMatchObject({ start: '2026-11-20T06:30:00Z', end: '2026-11-20T07:00:00Z' })
    expect((await call('GET', '/Appointment?date=2026-11-20')).body.total).toBe(1)
  })

  it('holds nothing of a type that it does not have', async () => {
    const resources = [
      { resourceType: 'Consent', id: 'c' },
      { resourceType: 'Patient', id: 'p' },
    ] as FhirResource[]
    const { emr, call } = await openEmr({ like: 'openemr', resources })
    const { body } = await call('GET', `${emr.url}/sandbox/records`)
    expect(body).toEqual({ resources: [{ type: 'Patient', id: 'p', version: '1' }], clients: [] })
  })

  it.each([
    ['hapi', /^\d+$/],
    ['medplum', /^[\da-f]{8}-[\da-f-]{27}$/],
  ] as const)('like %s names what it creates in its own way', async (like, shape) => {
    const { call } = await open(like)
    expect((await call('POST', '/Appointment', visit)).body.id).toMatch(shape)
  })

  it.each([
    ['full', 'a1', 201],
    ['full', '17', 201],
    ['hapi', 'a1', 201],
    ['hapi', '17', 400],
    ['medplum', 'a1', 404],
  ] as const)('like %s answers a PUT below the new id %s with %i', async (like, id, status) => {
    const { call } = await open(like)
    expect((await call('PUT', `/Appointment/${id}`, { ...visit, id })).status).toBe(status)
  })

  it('like medplum expunges the whole resource, like hapi its older versions', async () => {
    const previous = {
      resourceType: 'Parameters',
      parameter: [{ name: 'expungePreviousVersions', valueBoolean: true }],
    }
    const statuses = async (like: LikeName) => {
      const { call } = await open(like)
      expect((await call('POST', '/Appointment/one/$expunge', previous)).status).toBe(200)
      return (await call('GET', '/Appointment/one')).status
    }
    expect([await statuses('medplum'), await statuses('hapi')]).toEqual([404, 200])
    const { call } = await open('epic')
    expect((await call('POST', '/Appointment/one/$expunge', previous)).status).toBe(404)
  })

  it('like hapi answers the same search from its cache for a minute, unless told not to', async () => {
    let now = Date.parse('2026-11-20T08:00:00Z')
    const { call } = await openEmr({ like: 'hapi', clock: () => new Date(now) })
    const count = async (headers = {}) =>
      Number((await call('GET', '/Appointment?status=booked', undefined, headers)).body.total)
    const seen = [await count()]
    await call('POST', '/Appointment', visit)
    seen.push(await count(), await count({ 'cache-control': 'no-cache' }), await count())
    await call('POST', '/Appointment', visit)
    now += 61_000
    seen.push(await count())
    expect(seen).toEqual([0, 0, 1, 1, 2])
  })
})

describe('what is done behind the host’s back', () => {
  it('is for the sandbox admin only, and only with what the host has', async () => {
    const { emr } = await openEmr({ like: 'epic' })
    const stranger = createCall(emr.url, 'Bearer somebody')
    expect((await stranger('GET', '/sandbox/records')).status).toBe(401)
    const admin = createCall(emr.url)
    const put = (path: string, body: object) => admin('PUT', `/sandbox/records/${path}`, body)
    expect((await put('Task/a', { resourceType: 'Task', id: 'a' })).status).toBe(200)
    expect((await put('Task/b', { resourceType: 'Task', id: 'a' })).status).toBe(400)
    expect((await put('Basic/a', { resourceType: 'Basic', id: 'a' })).status).toBe(400)
    const { body } = await admin('GET', '/sandbox/records')
    expect(body).toEqual({
      resources: [{ type: 'Task', id: 'a', version: '1' }],
      clients: [
        { id: 'qasid-app', name: 'Qasid Messages' },
        { id: 'qasid-worker', name: 'Qasid backend' },
      ],
    })
    expect((await admin('DELETE', '/sandbox/records/Task/a')).status).toBe(204)
    expect((await admin('DELETE', '/sandbox/records/Task/a')).status).toBe(404)
  })
})
