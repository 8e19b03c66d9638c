import type { Patient } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { createFhirHost, HostError, mayPass } from '../../smart-app/src/chart/fhir-host.ts'

const base = 'https://emr.example/fhir'

interface Call {
  url: string
  init: RequestInit
}

function host(answers: Record<string, () => Response>) {
  const calls: Call[] = []
  const fetch = async (url: string | URL | Request, init: RequestInit = {}) => {
    calls.push({ url: String(url), init })
    const answer = answers[String(url)]
    if (!answer) throw new TypeError('Nobody answers')
    return answer()
  }
  return { calls, host: createFhirHost({ base, fetch, authorization: async () => 'Bearer secret' }) }
}

function page(ids: string[], next?: string): () => Response {
  return () =>
    Response.json({
      resourceType: 'Bundle',
      type: 'searchset',
      link: next ? [{ relation: 'next', url: next }] : [],
      entry: ids.map((id) => ({ resource: { resourceType: 'Patient', id } })),
    })
}

describe('the host', () => {
  it('gives all pages, also when it links relatively', async () => {
    const { host: emr } = host({
      [`${base}/Patient?_count=2`]: page(['1', '2'], `${base}?page=2`),
      [`${base}?page=2`]: page(['3'], 'Patient?page=3'),
      [`${base}/Patient?page=3`]: page(['4']),
    })
    const found = await emr.search<Patient>('Patient', { _count: '2' })
    expect(found.map((one) => one.id)).toEqual(['1', '2', '3', '4'])
  })

  it.each([
    'https://evil.example/fhir?page=2',
    '//evil.example/fhir?page=2',
    '\\\\evil.example\\fhir?page=2',
    'https:\\\\evil.example/fhir?page=2',
    'https://emr.example@evil.example/fhir?page=2',
    'https://someone:secret@emr.example/fhir?page=2',
    'https://emr.example:8443/fhir?page=2',
    'http://emr.example/fhir?page=2',
    'https://emr.example.evil.example/fhir?page=2',
    '/other-clinic/fhir?page=2',
    '/fhir/../admin',
    '/fhir/%2e%2e/admin',
    '/fhirs?page=2',
    'javascript:alert(1)',
    'http://[',
  ])('never takes the token to %s', async (next) => {
    const { host: emr, calls } = host({ [`${base}/Patient?`]: page(['1'], next) })
    await expect(emr.search<Patient>('Patient', {})).rejects.toThrow(HostError)
    expect(calls).toHaveLength(1)
  })

  it('sends no cookies, and keeps nothing of what it reads', async () => {
    const { host: emr, calls } = host({ [`${base}/Patient/1`]: () => Response.json({}) })
    await emr.read('Patient/1')
    expect(calls[0]?.init).toMatchObject({ credentials: 'omit', cache: 'no-store' })
  })

  it.each([404, 410])('has nothing where it answers %i', async (status) => {
    const { host: emr } = host({ [`${base}/Patient/1`]: () => new Response('', { status }) })
    expect(await emr.read('Patient/1')).toBeUndefined()
  })

  it.each([
    [() => new Response('', { status: 403 }), 403],
    [() => new Response('<html>', { status: 200 }), 200],
  ])('refuses in one kind of error', async (answer, status) => {
    const { host: emr } = host({ [`${base}/Patient/1`]: answer })
    await expect(emr.read('Patient/1')).rejects.toMatchObject({ name: 'HostError', status })
  })

  it('gives the bytes of a file, also where they come wrapped in FHIR', async () => {
    const { host: emr, calls } = host({
      [`${base}/Binary/1`]: () => new Response('%PDF-', { headers: { 'content-type': 'application/pdf' } }),
      [`${base}/Binary/2`]: () =>
        Response.json(
          { resourceType: 'Binary', contentType: 'image/png', data: btoa('PNG') },
          { headers: { 'content-type': 'application/fhir+json' } },
        ),
      [`${base}/Binary/3`]: () => Response.json({ an: 'export' }),
      [`${base}/Binary/4`]: () => new Response('', { status: 410 }),
    })
    const opened = await Promise.all(['1', '2', '3', '4'].map((id) => emr.bytes(`Binary/${id}`)))
    const texts = await Promise.all(opened.map((one) => one?.text()))
    expect(texts).toEqual(['%PDF-', 'PNG', '{"an":"export"}', undefined])
    expect(opened.map((one) => one?.type)).toEqual([
      'application/pdf',
      'image/png',
      'application/json',
      undefined,
    ])
    expect(new Headers(calls[0]?.init.headers).get('accept')).toBe('*/*')
  })

  it('creates once per identifier', async () => {
    const { host: emr, calls } = host({
      [`${base}/Patient`]: () => Response.json({ resourceType: 'Patient', id: '9' }, { status: 201 }),
    })
    const created = await emr.createOnce<Patient>(
      { resourceType: 'Patient' },
      { system: 'urn:x', value: 'k' },
    )
    expect(created.id).toBe('9')
    expect(new Headers(calls[0]?.init.headers).get('If-None-Exist')).toBe('identifier=urn%3Ax%7Ck')
  })

  it('reads what it created when it is only told where', async () => {
    const { host: emr } = host({
      [`${base}/Patient`]: () =>
        new Response(null, { status: 201, headers: { Location: `${base}/Patient/9/_history/1` } }),
      [`${base}/Patient/9`]: () => Response.json({ resourceType: 'Patient', id: '9' }),
    })
    const created = await emr.createOnce<Patient>(
      { resourceType: 'Patient' },
      { system: 'urn:x', value: 'k' },
    )
    expect(created.id).toBe('9')
  })

  it.each<[string, number]>([
    ['0', 2],
    ['60', 1],
    ['Fri, 20 Nov 2026 06:00:00 GMT', 1],
  ])('that is asked too often is asked once more only where it wishes that soon: %s', async (wish, asked) => {
    const { host: emr, calls } = host({
      [`${base}/Patient/1`]: () => new Response('', { status: 429, headers: { 'Retry-After': wish } }),
    })
    await expect(emr.read('Patient/1')).rejects.toMatchObject({ status: 429 })
    expect(calls).toHaveLength(asked)
  })

  it.each([
    [new HostError('refused', 403), false],
    [new HostError('ended', 401), false],
    [new HostError('too often', 429), false],
    [new HostError('in trouble', 503), true],
    [new HostError('away'), true],
  ])('that said no is not asked the same in a second: %s', (error, again) => {
    expect(mayPass(error)).toBe(again)
  })
})
