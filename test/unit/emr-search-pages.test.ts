import { describe, expect, it } from 'vitest'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { type Answer, failure, startScriptedServer } from './emr-scripted-server.ts'

function page(ids: string[], next?: string, extra: object[] = []) {
  const entry = [
    ...ids.map((id) => ({ search: { mode: 'match' }, resource: { resourceType: 'Patient', id } })),
    ...extra,
  ]
  return {
    json: {
      resourceType: 'Bundle',
      type: 'searchset',
      link: next ? [{ relation: 'next', url: next }] : [],
      entry,
    },
  }
}

async function start(...answers: Answer[]) {
  const server = await startScriptedServer(...answers)
  return { server, emr: createEmr({ baseUrl: `${server.origin}/fhir/`, timeoutFor: 2_000 }) }
}

describe('a search', () => {
  it('follows next links under the base, absolute or relative', async () => {
    const { server, emr } = await start(
      (response, { headers }) => {
        const next = `http://${headers.host}/fhir?_getpages=2`
        response.end(JSON.stringify(page(['a', 'b'], next).json))
      },
      page(['c'], 'Patient?_page=3'),
      page(['d']),
    )
    await using _ = server
    expect((await emr.search('Patient', { active: 'true' })).map((one) => one.id)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ])
    expect(server.asked.map((one) => one.url)).toEqual([
      '/fhir/Patient?active=true&_count=250',
      '/fhir?_getpages=2',
      '/fhir/Patient?_page=3',
    ])
  })

  it.each([
    'https://thief.example/fhir?_getpages=2',
    '//thief.example/fhir',
    '\\\\thief.example\\fhir',
    'http:\\\\thief.example/fhir',
    'http://127.0.0.1:1/fhir?_getpages=2',
    'https://127.0.0.1/fhir?_getpages=2',
    'http://127.0.0.1@thief.example/fhir',
    '/fhir/%2e%2e/admin',
    'ftp://127.0.0.1/fhir',
    '/other?_getpages=2',
    '/fhirs/Patient',
    '/fhir/../admin',
    'http://[',
  ])('does not carry the token to %s', async (next) => {
    const { server, emr } = await start(page(['a'], next))
    await using _ = server
    const { error } = await failure(emr.search('Patient', { active: 'true' }))
    expect(error.message).toBe(
      "Searching Patient by active: the server's next page is outside its base, so it was not followed",
    )
    expect(server.asked).toHaveLength(1)
  })

  it('does not follow a link to its own server under another name and password', async () => {
    const { server, emr } = await start((response, { headers }) => {
      const next = `http://someone:secret@${headers.host}/fhir?_getpages=2`
      response.end(JSON.stringify(page(['a'], next).json))
    })
    await using _ = server
    const { error } = await failure(emr.search('Patient', { active: 'true' }))
    expect(error.message).toContain('outside its base')
    expect(server.asked).toHaveLength(1)
  })

  it('ends when pages go in a circle', async () => {
    const { server, emr } = await start(page(['a'], 'Patient?_page=2'))
    await using _ = server
    await failure(emr.search('Patient', { active: 'true' }))
    expect(server.asked).toHaveLength(2)
  })

  it('leaves out what was only included, and outcomes', async () => {
    const included = { search: { mode: 'include' }, resource: { resourceType: 'Patient', id: 'x' } }
    const outcome = { search: { mode: 'outcome' }, resource: { resourceType: 'OperationOutcome', issue: [] } }
    const bare = { resource: { resourceType: 'Patient', id: 'b' } }
    const { server, emr } = await start(page(['a'], undefined, [included, outcome, bare]))
    await using _ = server
    expect((await emr.search('Patient', {})).map((one) => one.id)).toEqual(['a', 'b'])
  })

  it('asks for no more than the limit', async () => {
    const { server, emr } = await start(page(['a', 'b'], 'Patient?_page=2'))
    await using _ = server
    expect(await emr.search('Patient', {}, { limit: 2 })).toHaveLength(2)
    expect(server.asked.map((one) => one.url)).toEqual(['/fhir/Patient?_count=2'])
  })

  it.each([
    'telecom',
    'phone',
    'email',
    'phone:exact',
    'patient.telecom',
    'identifier',
    'family',
  ])('keeps the value of %s out of the URL and of errors', async (name) => {
    const { server, emr } = await start(page([]), { status: 500 })
    await using _ = server
    expect(await emr.search('Patient', { [name]: '+15550100001', active: 'true' })).toEqual([])
    const { printed } = await failure(emr.search('Patient', { [name]: '+15550100001' }))
    expect(printed).not.toContain('5550100001')
    expect(server.asked.map(({ method, url }) => [method, url])).toEqual([
      ['POST', '/fhir/Patient/_search'],
      ['POST', '/fhir/Patient/_search'],
    ])
    expect(server.asked[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(new URLSearchParams(server.asked[0]?.body).get(name)).toBe('+15550100001')
  })

  it('keeps them out of the next page too', async () => {
    const { server, emr } = await start(page(['a'], 'Patient?phone=%2B15550100001&_page=2'), page(['b']))
    await using _ = server
    expect(await emr.search('Patient', { phone: '+15550100001' })).toHaveLength(2)
    expect(server.asked.map((one) => one.url).join()).not.toContain('5550100001')
    expect(server.asked[1]?.body).toBe('phone=%2B15550100001&_page=2')
  })

  it('posts what is too long for a URL, and repeats a parameter that means AND', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `patient-${index}`).join(',')
    const { server, emr } = await start(page([]))
    await using _ = server
    await emr.search('Patient', { _id: ids, birthplace: ['a', 'b'] })
    expect(server.asked[0]?.url).toBe('/fhir/Patient/_search')
    expect(new URLSearchParams(server.asked[0]?.body).getAll('birthplace')).toEqual(['a', 'b'])
  })
})
