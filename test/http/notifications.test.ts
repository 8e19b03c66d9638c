import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { notificationSecret, startWeb, type Web } from './web-under-test.ts'

const fhirBase = 'https://emr.example/fhir'
const visit = { resourceType: 'Appointment', id: 'v1', status: 'booked', description: 'knee pain' }
const secret = { 'x-qasid-secret': notificationSecret }
const place = '/notify/sample-clinic/appointments'

interface Call {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: unknown
}

let web: Web
beforeEach(async () => {
  web = await startWeb()
})
afterEach(() => web.stop())

function call({ method = 'POST', path = place, headers = secret, body }: Call): Promise<Response> {
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array
  return fetch(`${web.url}${path}`, {
    ...{ method, headers },
    ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
  })
}

const jobs = () => web.jobs.pending().map(({ job }) => job)
const plan = (id: string) => ({ kind: 'plan', visit: `Appointment/${id}` })

/** FHIR R4 with the backport: numbers are strings. */
function backportR4(type: string, ...ids: string[]) {
  const events = ids.map((id, index) => ({
    name: 'notification-event',
    part: [
      { name: 'event-number', valueString: String(index + 1) },
      { name: 'focus', valueReference: { reference: `${fhirBase}/Appointment/${id}` } },
    ],
  }))
  return bundle('history', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'subscription', valueReference: { reference: 'Subscription/s1' } },
      { name: 'type', valueCode: type },
      ...events,
    ],
  })
}

function statusBundle(bundleType: string, type: string, ...ids: string[]) {
  const notificationEvent = ids.map((id, index) => ({
    eventNumber: index + 1,
    focus: { reference: `Appointment/${id}` },
  }))
  return bundle(bundleType, { resourceType: 'SubscriptionStatus', type, notificationEvent })
}

function bundle(type: string, ...resources: object[]) {
  return { resourceType: 'Bundle', type, entry: resources.map((resource) => ({ resource })) }
}

describe('a notification', () => {
  it.each<[string, Call, object[]]>([
    ['Medplum: the bare resource', { body: visit }, [plan('v1')]],
    [
      'Medplum: a deleted resource',
      { body: '{}', headers: { ...secret, 'x-medplum-deleted-resource': 'Appointment/v1' } },
      [plan('v1')],
    ],
    ['HAPI: PUT Type/id', { method: 'PUT', path: `${place}/Appointment/v1`, body: visit }, [plan('v1')]],
    ['HAPI: PUT without a body', { method: 'PUT', path: `${place}/Appointment/v1` }, [plan('v1')]],
    ['HAPI: DELETE Type/id', { method: 'DELETE', path: `${place}/Appointment/v1` }, [plan('v1')]],
    ['HAPI without payload: empty', {}, [{ kind: 'sweep' }]],
    [
      'backport on R4: Parameters',
      { body: backportR4('event-notification', 'v1', 'v2') },
      [plan('v1'), plan('v2')],
    ],
    [
      'backport on R4B: SubscriptionStatus',
      { body: statusBundle('history', 'event-notification', 'v1') },
      [plan('v1')],
    ],
    [
      'R5: subscription-notification',
      { body: statusBundle('subscription-notification', 'event-notification', 'v1') },
      [plan('v1')],
    ],
    [
      'full resources beside the status',
      { body: bundle('history', { resourceType: 'SubscriptionStatus' }, visit) },
      [plan('v1')],
    ],
    [
      'an event that says nothing',
      { body: statusBundle('history', 'event-notification') },
      [{ kind: 'sweep' }],
    ],
    ['a handshake', { body: statusBundle('history', 'handshake') }, []],
    ['a heartbeat on R4', { body: backportR4('heartbeat') }, []],
    [
      'a content type nobody knows',
      { body: visit, headers: { ...secret, 'content-type': 'x/y' } },
      [plan('v1')],
    ],
  ])('%s is answered with 200 and queued', async (_form, given, wanted) => {
    const response = await call(given)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ resourceType: 'OperationOutcome' })
    expect(jobs()).toEqual(wanted)
    expect(web.refused).toEqual([])
  })

  it('changes nothing when it comes ten times', async () => {
    for (let time = 0; time < 10; time += 1) expect((await call({ body: visit })).status).toBe(200)
    expect(jobs()).toEqual([plan('v1')])
  })

  it('leaves a reference in the queue and nothing of what it told', async () => {
    await call({ body: visit })
    expect(JSON.stringify(web.jobs.pending())).not.toContain('knee')
  })

  it('is refused with 503 while the queue is away, so that the host repeats it', async () => {
    web.install.jobs.addAll = async () => {
      throw new QueueUnavailable('redis://:secret@cache.example does not answer')
    }
    const response = await call({ body: visit })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await response.text()).not.toContain('redis://')
  })
})

describe('a notification about something else than visits', () => {
  it.each<[string, Call, object[]]>([
    [
      'an urgent request is sent at once',
      {
        ...{ method: 'PUT', path: '/notify/sample-clinic/requests/CommunicationRequest/r1' },
        body: { resourceType: 'CommunicationRequest', id: 'r1' },
      },
      [{ kind: 'dispatch', request: 'CommunicationRequest/r1' }],
    ],
    [
      'a consent is told to open screens',
      { path: '/notify/sample-clinic/consents', body: { resourceType: 'Consent', id: 'c1' } },
      [{ kind: 'consent', consent: 'Consent/c1' }],
    ],
    ['that says not which is left to the clock', { path: '/notify/sample-clinic/requests' }, []],
  ])('%s', async (_what, given, wanted) => {
    expect((await call(given)).status).toBe(200)
    expect(jobs()).toEqual(wanted)
  })
})

describe('a notification that is not right', () => {
  const truncated = JSON.stringify(visit).slice(0, -5)
  it.each<[string, Call, number, string | undefined]>([
    ['unsigned', { body: visit, headers: {} }, 401, 'notification-unsigned'],
    ['wrongly signed', { body: visit, headers: { 'x-qasid-secret': 'guess' } }, 401, 'notification-unsigned'],
    [
      'signed with more than the secret',
      { body: visit, headers: { 'x-qasid-secret': `${notificationSecret}, x` } },
      401,
      'notification-unsigned',
    ],
    ['unsigned and truncated', { body: truncated, headers: {} }, 401, 'notification-unsigned'],
    ['truncated', { body: truncated }, 400, 'notification-malformed'],
    ['no FHIR', { body: '<html>knee</html>' }, 400, 'notification-malformed'],
    ['a list', { body: [visit] }, 400, 'notification-malformed'],
    ['null', { body: 'null' }, 400, 'notification-malformed'],
    ['not UTF-8', { body: new Uint8Array([0x7b, 0xff, 0x7d]) }, 400, 'notification-malformed'],
    ['a resource without id', { body: { resourceType: 'Appointment' } }, 400, 'notification-malformed'],
    ['of another type', { body: { ...visit, resourceType: 'Patient' } }, 400, 'notification-malformed'],
    [
      'of another type in the path',
      { method: 'PUT', path: `${place}/Patient/v1` },
      400,
      'notification-malformed',
    ],
    [
      'a way out of the path',
      { method: 'PUT', path: `${place}/Appointment/..%2F..%2FPatient%2Fv1` },
      400,
      'notification-malformed',
    ],
    ['an id that is none', { path: `${place}/Appointment/${'x'.repeat(65)}` }, 400, 'notification-malformed'],
    [
      'for an unknown install',
      { body: visit, path: '/notify/other/appointments' },
      404,
      'notification-unknown',
    ],
    [
      'for an unknown key',
      { body: visit, path: '/notify/sample-clinic/patients' },
      404,
      'notification-unknown',
    ],
    [
      'for a key of JavaScript',
      { body: visit, path: '/notify/sample-clinic/constructor' },
      404,
      'notification-unknown',
    ],
    ['with a path that cannot be read', { path: `${place}/%E0%A4%A` }, 400, undefined],
    [
      'too large',
      { body: JSON.stringify({ ...visit, comment: 'x'.repeat(1_100_000) }) },
      413,
      'body-too-large',
    ],
    ['a GET', { method: 'GET' }, 404, undefined],
  ])('%s is refused, counted and tells nothing', async (_what, given, status, counted) => {
    const response = await call(given)
    const text = await response.text()
    expect(response.status).toBe(status)
    expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(/^[A-Z].*\.$/) })
    expect(text).not.toMatch(/knee|secret-of|node_modules|\.ts:|SyntaxError/)
    expect(jobs()).toEqual([])
    expect(web.refused).toEqual(counted ? [counted] : [])
  })
})
