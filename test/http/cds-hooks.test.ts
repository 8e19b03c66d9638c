/** `/cds-services`: who is heard, what is read of a call, and what a card holds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cdsServices } from '../../src/contract/cds-hooks.ts'
import type { AdviceAsk, AdviceGiven } from '../../src/domain/cds-advice.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { QueueUnavailable } from '../../src/queue/connection.ts'
import { baseUrl, iss, startWeb, type Web } from './web-under-test.ts'

const chart = {
  hook: 'patient-view',
  hookInstance: 'd1577c69',
  fhirServer: iss,
  context: { patientId: 'ada' },
}
const proposed = {
  resourceType: 'Appointment',
  status: 'proposed',
  start: '2026-11-25T10:00:00+04:00',
  comment: 'a word of the EMR’s own',
  participant: [{ actor: { reference: 'Patient/ada', display: 'Ada' }, status: 'needs-action' }],
}
const booking = {
  ...{ hook: 'appointment-book', hookInstance: 'd1577c70', fhirServer: iss },
  context: {
    userId: 'Practitioner/mona',
    patientId: 'ada',
    appointments: { resourceType: 'Bundle', entry: [{ resource: proposed }] },
  },
}

let web: Web
let asked: AdviceAsk[]
let counted: string[]
let heardAt: string[]
beforeEach(async () => {
  web = await startWeb()
  asked = []
  counted = []
  heardAt = []
  const used = new Set<string>()
  web.parts.verifyCdsToken = async (token, audience) => {
    heardAt.push(audience)
    if (token !== 'good' || used.has(token)) return undefined
    used.add(token)
    return ['sample-clinic']
  }
  web.install.advise = async (ask) => {
    asked.push(ask)
    return { advice: [{ kind: 'unread', count: 2 }], language: 'en' }
  }
  web.install.tally.count = (what, label) => void counted.push(`${what} ${label}`)
})
afterEach(() => web.stop())

function post(path: string, body: unknown, token = 'good'): Promise<Response> {
  return fetch(`${web.url}/cds-services${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

describe('discovery', () => {
  it('lists the services to anyone, from any page, and asks for no data of a patient', async () => {
    const response = await fetch(`${web.url}/cds-services`)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toEqual({ services: cdsServices })
    for (const service of cdsServices) expect(service).not.toHaveProperty('prefetch')
  })

  it.each(['', '/reminder-check', '/reminder-check/feedback'])('a browser may call %s', async (path) => {
    const response = await fetch(`${web.url}/cds-services${path}`, { method: 'OPTIONS' })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toContain('authorization')
  })
})

describe('a call', () => {
  it('is answered with cards that open Messages', async () => {
    const response = await post('/unread-messages', chart)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const { cards } = (await response.json()) as { cards: { uuid: string }[] }
    expect(cards).toEqual([
      {
        uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        summary: '2 messages from this patient wait for an answer.',
        indicator: 'info',
        source: { label: 'Qasid' },
        links: [
          {
            ...{ label: 'Open Messages', url: `${baseUrl}/launch`, type: 'smart' },
            appContext: '{"intent":"thread"}',
          },
        ],
      },
    ])
    expect(asked).toEqual([{ hook: 'patient-view', patient: 'Patient/ada' }])
    expect(heardAt).toEqual([`${baseUrl}/cds-services/unread-messages`])
    expect(counted).toEqual(['advised unread'])
  })

  it('about a booking is read as far as it matters, and nothing of it is kept that does not', async () => {
    const more = {
      fhirAuthorization: { access_token: 'x' },
      prefetch: { patient: { resourceType: 'Patient' } },
    }
    expect((await post('/reminder-check', { ...booking, ...more })).status).toBe(200)
    const { comment: _comment, participant: _participant, ...kept } = proposed
    const participant = [{ actor: { reference: 'Patient/ada', display: 'Ada' } }]
    expect(asked).toEqual([
      { hook: 'appointment-book', patient: 'Patient/ada', appointments: [{ ...kept, participant }] },
    ])
  })

  it('may leave out its FHIR server, and may end it with a slash', async () => {
    expect((await post('/unread-messages', { ...chart, fhirServer: undefined })).status).toBe(200)
    web.parts.verifyCdsToken = async () => ['sample-clinic']
    expect((await post('/unread-messages', { ...chart, fhirServer: `${iss}/` })).status).toBe(200)
  })

  it.each<[string, string, unknown, number, string]>([
    ['another service', '/nonsense', chart, 404, 'cds-unknown'],
    ['another hook', '/reminder-check', chart, 400, 'cds-malformed'],
    ['no context', '/unread-messages', { ...chart, context: undefined }, 400, 'cds-malformed'],
    [
      'an odd patient',
      '/unread-messages',
      { ...chart, context: { patientId: '../x' } },
      400,
      'cds-malformed',
    ],
    ['a list', '/unread-messages', [], 400, 'cds-malformed'],
    [
      'another EMR',
      '/unread-messages',
      { ...chart, fhirServer: 'https://other.example/fhir' },
      403,
      'cds-install',
    ],
  ])('to %s is refused', async (_what, path, body, status, label) => {
    const response = await post(path, body)
    expect(response.status).toBe(status)
    expect(counted).toEqual([`refused ${label}`])
    expect(asked).toEqual([])
    expect(Object.keys((await response.json()) as object)).toEqual(['error'])
  })

  it('with a list of visits that are none is a call without visits', async () => {
    const appointments = { entry: [{ resource: 1 }, {}, { resource: { resourceType: 'Patient' } }] }
    const context = { ...booking.context, appointments }
    expect((await post('/reminder-check', { ...booking, context })).status).toBe(200)
    expect(asked).toEqual([{ hook: 'appointment-book', patient: 'Patient/ada', appointments: [] }])
  })

  it('for an install of another EMR than its signer’s is refused like one that nobody knows', async () => {
    web.parts.verifyCdsToken = async () => ['another-clinic']
    const foreign = await post('/unread-messages', chart)
    const unknown = await post('/unread-messages', { ...chart, fhirServer: 'https://nobody.example/fhir' })
    expect([foreign.status, unknown.status]).toEqual([403, 403])
    expect(await foreign.text()).toBe(await unknown.text())
  })
})

describe('who proves nothing', () => {
  it.each([
    'bad',
    '',
    'a b',
    'a!',
    'x'.repeat(9_000),
  ])('is refused before anything is read', async (token) => {
    const response = await post('/unread-messages', '{ no json', token)
    expect(response.status).toBe(401)
    expect(counted).toEqual(['refused cds-token'])
  })

  it('may not use a token twice', async () => {
    expect((await post('/unread-messages', chart)).status).toBe(200)
    expect((await post('/unread-messages', chart)).status).toBe(401)
  })

  it('is not believed while nobody can tell whether the token was used', async () => {
    web.parts.verifyCdsToken = async () => {
      throw new QueueUnavailable('Redis is away')
    }
    expect((await post('/unread-messages', chart)).status).toBe(503)
  })
})

describe('what is not known in time', () => {
  it.each<[string, () => Promise<AdviceGiven>, string]>([
    ['an EMR that does not answer us', () => Promise.reject(new EmrError('away')), 'advised unknown'],
    ['an EMR that takes too long', () => new Promise(() => undefined), 'advised late'],
  ])('gives no card: %s', async (_what, advise, label) => {
    web.install.advise = advise
    const begun = performance.now()
    const response = await post('/unread-messages', chart)
    expect([response.status, await response.json()]).toEqual([200, { cards: [] }])
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(counted).toEqual([label])
    expect(web.errors).toEqual([])
  })

  it('and nothing to say is counted too', async () => {
    web.install.advise = async () => ({ advice: [], language: 'en' })
    expect(await (await post('/unread-messages', chart)).json()).toEqual({ cards: [] })
    expect(counted).toEqual(['advised none'])
  })
})

describe('feedback', () => {
  const feedback = [
    {
      card: 'c1',
      outcome: 'overridden',
      overrideReason: { userComment: 'of a person' },
      outcomeTimestamp: '2026-11-20',
    },
    { card: 'c2', outcome: 'accepted', acceptedSuggestions: [] },
  ]

  it('is counted, and nothing of it is kept', async () => {
    const response = await post('/reminder-check/feedback', { feedback })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(counted).toEqual(['advised feedback-overridden', 'advised feedback-accepted'])
    expect(heardAt).toEqual([`${baseUrl}/cds-services/reminder-check/feedback`])
  })

  it.each<[string, unknown, number]>([
    ['/reminder-check/feedback', { feedback: [{ card: 'c1', outcome: 'liked' }] }, 400],
    ['/nonsense/feedback', { feedback }, 404],
  ])('%s is refused when it is odd', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status)
  })
})
