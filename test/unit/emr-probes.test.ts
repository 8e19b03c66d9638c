import { describe, expect, it } from 'vitest'
import { createProbing } from '../../src/emr/probes.ts'
import type { ProbeWish } from '../../src/flows/install-ports.ts'
import { type Answer, startScriptedServer } from './emr-scripted-server.ts'

const row = {
  interactions: ['read', 'search-type', 'create', 'update', 'delete'],
  conditionalCreate: true,
  searchParams: ['date', 'patient'],
}
const statement: ProbeWish['statement'] = {
  ...{ fhirVersion: '4.0.1', topics: [], subscriptionsStartAs: 'requested', batch: true, transaction: false },
  resources: new Map(['Patient', 'Appointment', 'Subscription', 'Basic'].map((type) => [type, row])),
}
const visits = {
  criteria: 'Appointment?status=booked',
  topics: [],
  endpoint: 'https://qasid.example/notify/c/probe',
}

/** Each answer by method and the first part of the path. */
async function probe(answers: Record<string, Answer>, more: Partial<ProbeWish> = {}) {
  const gone: Answer = { status: 404, json: { resourceType: 'OperationOutcome' } }
  await using server = await startScriptedServer((response, { method, url }) => {
    const name = `${method} ${/^\/fhir\/?(\w*)/.exec(url)?.[1] ?? ''}`
    const answer = answers[name] ?? gone
    if (typeof answer === 'function') throw new Error('nothing here answers by itself')
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/fhir+json', ...answer.headers })
    response.end(answer.json === undefined ? '' : JSON.stringify(answer.json))
  })
  const probing = createProbing({ baseUrl: `${server.origin}/fhir` }, { looks: 3, pauseFor: 1 })
  const { probes, left } = await probing({
    ...{ statement, visits, role: 'host', keepsRecords: false, mayRemove: () => true, onProbe() {} },
    ...more,
  })
  return { ends: Object.fromEntries(probes.map(({ name, end }) => [name, end])), left, asked: server.asked }
}

const bundle = (...resources: object[]): Answer => ({
  json: { resourceType: 'Bundle', type: 'searchset', entry: resources.map((resource) => ({ resource })) },
})
const subscription = (status: string) => ({ resourceType: 'Subscription', id: 's1', status })
const made: Record<string, Answer> = {
  'POST Subscription': { status: 201, json: subscription('requested') },
  'DELETE Subscription': { status: 204 },
}

describe('a Subscription that is only tried', () => {
  it('works when the server makes it active, and is taken back', async () => {
    const { ends, left, asked } = await probe({
      ...made,
      'GET Subscription': { json: subscription('active') },
    })
    expect(ends.subscription).toEqual({ kind: 'worked' })
    const sent = JSON.parse(asked.find(({ method }) => method === 'POST')?.body ?? '{}')
    expect(sent).toMatchObject({ criteria: visits.criteria, channel: { endpoint: visits.endpoint } })
    expect(sent.channel.header).toBeUndefined()
    expect(asked.at(-1)?.method).toBe('DELETE')
    expect(left).toEqual([])
  })

  it.each([
    ['requested', 'never-active'],
    ['error', 'error'],
    ['off', 'off'],
  ])('is refused where it stays or becomes %s, and taken back', async (status, code) => {
    const { ends, asked } = await probe({ ...made, 'GET Subscription': { json: subscription(status) } })
    expect(ends.subscription).toEqual({ kind: 'refused', code })
    expect(asked.at(-1)?.method).toBe('DELETE')
  })

  it('begins as active on a server that makes none active by itself', async () => {
    const active = { ...made, 'GET Subscription': { json: subscription('active') } }
    const { asked } = await probe(active, { statement: { ...statement, subscriptionsStartAs: 'active' } })
    expect(JSON.parse(asked.find(({ method }) => method === 'POST')?.body ?? '{}').status).toBe('active')
  })

  it('is named when it cannot be taken back', async () => {
    const kept = {
      ...made,
      'GET Subscription': { json: subscription('active') },
      'DELETE Subscription': { status: 405 },
    }
    expect((await probe(kept)).left).toEqual(['Subscription/s1'])
  })

  it('is not tried by whoever may not remove it', async () => {
    const { ends, asked } = await probe(made, { mayRemove: () => false })
    expect(ends.subscription).toEqual({ kind: 'untried', because: 'cannot-be-removed' })
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('is by topic where one fits, and then not by criteria as well', async () => {
    const topics = ['https://emr.example/topics/appointment-change']
    const active = { ...made, 'GET Subscription': { json: subscription('active') } }
    const { ends } = await probe(active, { visits: { ...visits, topics } })
    expect([ends['topic-subscription']?.kind, ends.subscription]).toEqual([
      'worked',
      { kind: 'untried', because: 'not-needed' },
    ])
  })
})

describe('visits', () => {
  it('are asked for by day, and in no other way where that works', async () => {
    const { ends } = await probe({ 'GET Appointment': bundle(), 'GET Patient': bundle() })
    expect(ends['visits-by-date']).toEqual({ kind: 'worked' })
    expect(ends['visits-by-patient']).toEqual({ kind: 'untried', because: 'not-needed' })
  })

  it('cannot be asked for patient by patient where none is known', async () => {
    const refusal = { status: 400, json: { resourceType: 'OperationOutcome' } }
    const { ends } = await probe({ 'GET Appointment': refusal, 'GET Patient': refusal })
    expect(ends['visits-by-date']).toEqual({ kind: 'refused', code: '400' })
    expect(ends['visits-by-patient']).toEqual({ kind: 'untried', because: 'nothing-to-read' })
    expect(ends['read-patient']).toEqual({ kind: 'untried', because: 'nothing-to-read' })
  })

  it('are not asked for by what the server does not list', async () => {
    expect((await probe({})).ends['visits-by-change']).toEqual({ kind: 'untried', because: 'not-offered' })
  })
})

describe('a server', () => {
  it('in trouble is not one that refuses', async () => {
    const { ends } = await probe({ 'GET Patient': { status: 503, json: {} } })
    expect(ends['read-patient']).toEqual({ kind: 'failed', code: '503' })
  })

  it('that keeps none of our records is written nothing but a Subscription', async () => {
    const { ends } = await probe({})
    expect(Object.keys(ends)).not.toContain('conditional-create')
  })

  it('that writes a thing twice is found out, and both are removed', async () => {
    const basic = { resourceType: 'Basic', id: 'b1', code: { text: 'x' } }
    const twice: Record<string, Answer> = {
      'POST Basic': { status: 201, json: basic },
      'DELETE Basic': { status: 204 },
    }
    const { ends, asked } = await probe(twice, { role: 'store', keepsRecords: true })
    expect(ends['conditional-create']).toEqual({ kind: 'refused', code: 'written-twice' })
    expect(asked.filter(({ method }) => method === 'DELETE')).toHaveLength(2)
  })

  it('that refuses another server’s patients is found out', async () => {
    const refusing: Record<string, Answer> = {
      'POST Basic': { status: 400, json: { resourceType: 'OperationOutcome' } },
    }
    const beside = { role: 'store', keepsRecords: true, hostBase: 'https://emr.example/fhir' } as const
    expect((await probe(refusing, beside)).ends['foreign-reference']).toEqual({
      kind: 'refused',
      code: '400',
    })
  })
})
