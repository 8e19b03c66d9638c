/** `/api/chart`: the session's patient and nobody else, whatever is asked. */
import type { Bundle, FhirResource } from 'fhir/r4'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createChartDesk } from '../../src/compose/chart-desk.ts'
import { chartTypes } from '../../src/contract/chart.ts'
import { toBinary } from '../../src/fhir/binary.ts'
import { toMedium } from '../../src/fhir/medium.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createWorld, type FakeWorld } from '../fakes/world.ts'
import { expectDocumented } from './documented.ts'
import { iss, startWeb, type Web } from './web-under-test.ts'

const ada = { reference: 'Patient/ada' }
const omar = { reference: 'Patient/omar' }
const said = (id: string, subject = ada): FhirResource => ({
  ...{ resourceType: 'Communication', id, status: 'completed', subject },
})
const photo = new TextEncoder().encode('PNG of a test')

let web: Web
let world: FakeWorld
beforeEach(async () => {
  world = await createWorld({}, { hostCan: (interaction) => interaction === 'read' })
  web = await startWeb()
  web.install.chart = createChartDesk(world.world, { fhirBase: iss })
  for (const one of [said('hers'), said('his', omar)]) world.emr.put(one)
  for (const whose of ['hers', 'his'])
    world.emr.put({ ...toBinary('image/png', photo, `Communication/${whose}`), id: `photo-${whose}` })
})
afterEach(() => web.stop())

async function call(path: string, init: RequestInit & { bearer?: string } = {}) {
  const { bearer = await web.bearer() } = init
  const headers = { authorization: bearer, 'content-type': 'application/fhir+json' }
  const response = await fetch(`${web.url}/api/chart/${path}`, { headers, ...init })
  const text = await response.text()
  expectDocumented(init.method ?? 'GET', `/api/chart/${path}`, response.status, text)
  return { status: response.status, text, headers: response.headers }
}

const idsIn = (text: string) => (JSON.parse(text) as Bundle).entry?.map(({ resource }) => resource?.id)

describe('a search of the gateway', () => {
  it.each([
    '',
    '?patient=Patient/ada&_count=10',
    '?subject=ada',
    '?_sort=_lastUpdated',
  ])('is about the session’s patient: %j', async (query) => {
    const { status, text, headers } = await call(`Communication${query}`)
    expect([status, idsIn(text)]).toEqual([200, ['hers']])
    expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each<[string, string, number]>([
    ['names another patient', 'Communication?patient=Patient/omar', 403],
    ['names both', 'Communication?patient=Patient/ada&subject=Patient/omar', 403],
    ['names two', 'Communication?patient=Patient/ada&patient=Patient/omar', 400],
    ['names many', 'Communication?patient=Patient/ada,Patient/omar', 400],
    ['goes another way to the patient', 'Communication?patient.name=Omar', 400],
    ['brings others with it', 'Communication?_include=*', 400],
    ['asks for too many', 'Communication?_count=100000', 400],
    ['begins where no page does', 'Communication?page=1', 400],
    ['is sorted by what we do not know', 'Communication?_sort=subject', 400],
  ])('that %s is refused', async (_what, path, status) => {
    const answer = await call(path)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toEqual({ error: expect.stringMatching(/^[A-Z].*\.$/) })
  })

  it('leads from page to page', async () => {
    for (let nth = 0; nth < 7; nth += 1) {
      await world.pass(1_000)
      world.emr.put(said(`more-${nth}`))
    }
    const ids: unknown[] = []
    for (let path: string | undefined = 'Communication?_count=3'; path; ) {
      const { text } = await call(path)
      ids.push(...(idsIn(text) ?? []))
      path = (JSON.parse(text) as Bundle).link?.find(({ relation }) => relation === 'next')?.url
    }
    expect(ids).toHaveLength(8)
    expect(new Set(ids).size).toBe(8)
  })
})

describe('a read of the gateway', () => {
  it('gives what is the patient’s, and the bytes of what they sent', async () => {
    expect(JSON.parse((await call('Communication/hers')).text)).toMatchObject({ id: 'hers' })
    const { text, headers } = await call('Binary/photo-hers')
    expect([text, headers.get('content-type')]).toEqual(['PNG of a test', 'image/png'])
    expect(headers.get('content-security-policy')).toContain('sandbox')
  })

  it.each([
    'Communication',
    'Binary',
  ])('of a %s of another patient is as if there were none', async (type) => {
    const theirs = await call(`${type}/${type === 'Binary' ? 'photo-his' : 'his'}`)
    const nobodys = await call(`${type}/none`)
    expect([theirs.status, theirs.text]).toEqual([404, nobodys.text])
  })

  it.each([
    'Patient/ada',
    'Appointment',
    'Basic',
    'AuditEvent?patient=Patient/ada',
  ])('of what is not ours is nowhere: %s', async (path) => {
    const headers = { authorization: await web.bearer() }
    expect((await fetch(`${web.url}/api/chart/${path}`, { headers })).status).toBe(404)
  })
})

describe('a message through the gateway', () => {
  const message = {
    resourceType: 'CommunicationRequest',
    identifier: [{ system: 'https://qasid.dev/fhir/NamingSystem/request-key', value: 'manual_1' }],
    ...{ status: 'active', subject: ada, occurrenceDateTime: '2026-11-20T08:00:00Z' },
    medium: [toMedium('sms')],
    payload: [{ contentString: 'The laboratory is open from eight.' }],
  }
  const post = (body: unknown) =>
    call('CommunicationRequest', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  it('is written for the session’s patient, and once', async () => {
    const answers = [await post(message), await post(message)]
    expect(answers.map(({ status }) => status)).toEqual([201, 200])
    const [written, ...more] = world.emr.all('CommunicationRequest')
    expect([JSON.parse(answers[0]?.text ?? ''), more]).toEqual([written, []])
  })

  it.each<[string, unknown, number]>([
    ['for another patient', { ...message, subject: omar }, 422],
    ['that forbids', { ...message, doNotPerform: true }, 422],
    ['with an element that the app does not write', { ...message, replaces: [] }, 422],
    ['whose elements are of another kind', { ...message, payload: 'Ada' }, 422],
    ['that is another resource', { resourceType: 'Communication' }, 422],
    ['that is cut off', '{"resourceType":', 400],
  ])('%s is refused', async (_what, body, status) => {
    const answer = await post(body)
    expect(answer.status).toBe(status)
    if (status === 422)
      expect(JSON.parse(answer.text)).toMatchObject({
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', diagnostics: expect.stringMatching(/^[A-Z].*\.$/) }],
      })
    expect(answer.text).not.toContain('Ada')
    expect(world.emr.all('CommunicationRequest')).toEqual([])
  })
})

const everything = [...chartTypes, ...chartTypes.map((type) => `${type}/hers`), 'Binary/photo-hers']

describe('the gateway', () => {
  it('is closed without a session, and to that of another install', async () => {
    const facts = { install: 'elsewhere', user: 'mona', patient: 'Patient/ada' }
    const { token } = await web.parts.sessions.open(facts)
    for (const path of everything)
      for (const bearer of ['', `Bearer ${token}`]) expect((await call(path, { bearer })).status).toBe(401)
  })

  it('is not there where the host keeps the records', async () => {
    delete web.install.chart
    for (const path of everything) expect((await call(path)).status).toBe(404)
  })

  it('puts off who asks while the store is away', async () => {
    world.emr.failNext(new EmrError('the store does not answer'))
    expect((await call('Communication')).status).toBe(503)
  })
})
