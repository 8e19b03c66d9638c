import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { problem, session } from '../../src/contract/api.ts'
import { toIso } from '../../src/domain/time.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { createSessions } from '../../src/http/sessions.ts'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { clinic, iss, sessionLastsFor, startedAt, startWeb, type Web } from './web-under-test.ts'

let web: Web
beforeEach(async () => {
  web = await startWeb()
})
afterEach(() => web.stop())

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${web.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** One sentence and nothing else. */
async function expectRefusal(response: Response, status: number): Promise<void> {
  const text = await response.text()
  expect(response.status).toBe(status)
  expect(problem.strict().parse(JSON.parse(text)).error).toMatch(/^[A-Z].*\.$/)
  expect(text).not.toMatch(/Ada|Unexpected|\.ts:|node_modules|Zod/)
}

describe('GET /api/launch-check', () => {
  const check = (query: string) => fetch(`${web.url}/api/launch-check${query}`)

  it.each([
    iss,
    `${iss}/`,
    'HTTPS://EMR.Example/fhir',
  ])('tells the app how to launch in the host at %s', async (base) => {
    const response = await check(`?iss=${encodeURIComponent(base)}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ iss: base, clientId: 'qasid-app', scope: 'openid of-ehr' })
  })

  it('tells how to launch where the host did not begin it', async () => {
    const response = await check(`?launch=standalone&iss=${encodeURIComponent(iss)}`)
    expect(await response.json()).toMatchObject({ scope: 'openid of-standalone' })
  })

  it('tells the only install’s to whoever names none', async () => {
    const response = await check('?launch=standalone')
    expect(await response.json()).toMatchObject({ iss, clientId: 'qasid-app' })
  })

  it('answers 409 to whoever names none of several, and names none either', async () => {
    web.parts.installs.push({ ...web.install, id: 'other-clinic', fhirBase: 'https://emr.example/other' })
    const response = await check('')
    expect(await response.clone().text()).not.toContain('emr.example')
    await expectRefusal(response, 409)
  })

  it('tells installs of one origin apart by their paths', async () => {
    const app = { clientId: 'other-app', scopeFor: async () => 'openid' }
    const fhirBase = 'https://emr.example/fhir/other'
    web.parts.installs.push({ ...web.install, id: 'other-clinic', fhirBase, app })
    const clientOf = async (base: string) =>
      ((await (await check(`?iss=${encodeURIComponent(base)}`)).json()) as { clientId: string }).clientId
    expect(await clientOf(fhirBase)).toBe('other-app')
    expect(await clientOf(iss)).toBe('qasid-app')
  })

  it.each([
    'https://evil.example/fhir',
    `${iss}.evil.example`,
    `${iss}//`,
    `${iss}/Patient`,
    'https://emr.example/FHIR',
    'https://emr.example/x/../fhir',
    'https://emr.example/%66hir',
    'https://emr.example:443/fhir',
    'https://emr.example:8443/fhir',
    'https://emr.example@evil.example/fhir',
    'https://evil.example\\@emr.example/fhir',
    'https://user:pass@emr.example/fhir',
    'http://emr.example/fhir',
    `${iss}?x=1`,
    `${iss}#x`,
    ` ${iss}`,
    '//emr.example/fhir',
    '',
  ])('answers 404 for %j', async (base) => {
    await expectRefusal(await check(`?iss=${encodeURIComponent(base)}`), 404)
  })

  it('answers 404 for two hosts', async () => {
    await expectRefusal(await check(`?iss=${iss}&iss=${iss}`), 404)
  })
})

describe('POST /api/session', () => {
  const asked = { iss, idToken: 'good', patient: 'Patient/ada' }

  it('opens a session for the user, the patient and the install', async () => {
    const response = await post('/api/session', asked)
    expect(response.status).toBe(201)
    const opened = session.parse(await response.json())
    expect(opened).toMatchObject({ install: 'sample-clinic', clinic })
    expect(await web.parts.sessions.read(opened.token)).toEqual({
      ...{ install: 'sample-clinic', host: iss, user: 'Practitioner/mona', patient: 'Patient/ada' },
    })
  })

  it('is of no use once another host has the install’s name', async () => {
    const { token } = session.parse(await (await post('/api/session', asked)).json())
    web.install.fhirBase = 'https://other.example/fhir'
    const nudged = await fetch(`${web.url}/api/nudge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ request: 'CommunicationRequest/r1' }),
    })
    expect(nudged.status).toBe(401)
  })

  it('says when the session ends, and lets it end then', async () => {
    const { token, expiresAt } = session.parse(await (await post('/api/session', asked)).json())
    expect(expiresAt).toBe(toIso((startedAt + sessionLastsFor) as typeof startedAt))
    web.passTime(sessionLastsFor)
    expect(await web.parts.sessions.read(token)).toBeUndefined()
  })

  it.each<[string, unknown, number]>([
    ['without a body', '', 400],
    ['with half a body', '{"iss":"', 400],
    ['without iss', { ...asked, iss: undefined }, 400],
    ['with an iss that is no address', { ...asked, iss: 'Ada' }, 400],
    ['without a token', { ...asked, idToken: '' }, 400],
    ['with an endless token', { ...asked, idToken: 'x'.repeat(20_000) }, 400],
    ['with a patient that is no reference', { ...asked, patient: 'Ada Lovelace' }, 400],
    ['with a list', [asked], 400],
    ['for a host that we do not know', { ...asked, iss: 'https://evil.example/fhir' }, 404],
    ['with a token that the host did not sign', { ...asked, idToken: 'forged' }, 401],
    ['with a body too large', JSON.stringify({ ...asked, more: 'x'.repeat(70_000) }), 413],
  ])('%s is refused', async (_what, body, status) => {
    await expectRefusal(await post('/api/session', body), status)
  })

  it.each([
    'verifyIdToken',
    'clinic',
  ] as const)('is put off while the host cannot answer %s', async (what) => {
    web.install[what] = async () => {
      throw new EmrError('the host does not answer')
    }
    await expectRefusal(await post('/api/session', asked), 503)
  })
})

describe('POST /api/nudge', () => {
  const request = 'CommunicationRequest/r1'
  const nudge = async (body: unknown, authorization?: string) =>
    post('/api/nudge', body, authorization === undefined ? {} : { authorization })

  it('has the request dispatched', async () => {
    const response = await nudge({ request }, await web.bearer())
    expect([response.status, await response.text()]).toEqual([202, ''])
    expect(web.jobs.pending().map(({ job }) => job)).toEqual([
      { kind: 'dispatch', request, patient: 'Patient/ada' },
    ])
  })

  it.each<[string, unknown]>([
    ['of another type', { request: 'Patient/ada' }],
    ['that is none', { request: 'CommunicationRequest/' }],
    ['that is more than one', { request: `${request}?_id=x` }],
    ['that is missing', {}],
    ['that is cut off', '{"request":'],
  ])('is refused with a reference %s', async (_what, body) => {
    await expectRefusal(await nudge(body, await web.bearer()), 400)
    expect(web.jobs.pending()).toEqual([])
  })

  it('is refused without a session, before the body is looked at', async () => {
    const now = () => startedAt
    const facts = { install: 'sample-clinic', user: 'Practitioner/mona', patient: 'Patient/ada' }
    const forged = await createSessions({ secret: 'another secret', now }).open(facts)
    const elsewhere = await web.parts.sessions.open({ ...facts, install: 'gone' })
    const [head, body] = (await web.bearer()).split('.')
    const wrong = [
      undefined,
      'Bearer ',
      'Basic YTpi',
      `Bearer ${forged.token}`,
      `Bearer ${elsewhere.token}`,
      `${head}.${body}.`,
      `Bearer ${btoa('{"alg":"none"}')}.${body}.`,
    ]
    for (const authorization of wrong) await expectRefusal(await nudge({ request }, authorization), 401)
    await expectRefusal(await nudge({ request: 'Ada' }), 401)
    expect(web.jobs.pending()).toEqual([])
  })

  it('is refused when the session is over', async () => {
    const bearer = await web.bearer()
    web.passTime(sessionLastsFor + 1_000)
    await expectRefusal(await nudge({ request }, bearer), 401)
  })

  it('is put off while the queue is away', async () => {
    web.install.jobs.add = async () => {
      throw new QueueUnavailable('Redis did not answer')
    }
    await expectRefusal(await nudge({ request }, await web.bearer()), 503)
  })
})
