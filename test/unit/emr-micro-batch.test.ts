import type { Bundle, BundleEntry, Consent } from 'fhir/r4'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { ConflictError } from '../../src/flows/ports.ts'
import { type Answer, type Asked, failure, startScriptedServer } from './emr-scripted-server.ts'

const now = () => instant(Date.now())
const patient = (id: string) => ({ resourceType: 'Patient', id, meta: { versionId: '1' } })
const consent = (id: string, whose: string): Consent => ({
  ...{ resourceType: 'Consent', id, status: 'active', scope: {}, category: [] },
  patient: { reference: whose },
})
const entriesOf = ({ body }: Asked) => (JSON.parse(body) as Bundle).entry ?? []

/** Answers a batch entry by entry, and every other request by what stands in its URL. */
function byUrl(answer: (url: string, entry?: BundleEntry) => { status: number; resource?: object }): Answer {
  return (response, asked) => {
    const isBatch = asked.method === 'POST' && asked.url === '/fhir/'
    const entry = isBatch
      ? entriesOf(asked).map((one) => {
          const { status, resource } = answer(one.request?.url ?? '', one)
          return { response: { status: String(status) }, ...(resource && { resource }) }
        })
      : []
    const alone = answer(asked.url.replace('/fhir/', ''))
    response.writeHead(isBatch ? 200 : alone.status, { 'content-type': 'application/fhir+json' })
    const bundle = { resourceType: 'Bundle', type: 'batch-response', entry }
    response.end(JSON.stringify(isBatch ? bundle : (alone.resource ?? {})))
  }
}

const everyone = byUrl((url) => ({ status: 200, resource: patient(url.split('/')[1] ?? '') }))

async function start(...answers: Answer[]) {
  const server = await startScriptedServer(...answers)
  const wishes = { now, batch: { most: 100, atOnce: 1 } }
  return { server, emr: createEmr({ baseUrl: `${server.origin}/fhir`, timeoutFor: 2_000 }, wishes) }
}

describe('what is asked in the same moment', () => {
  it('goes as one request', async () => {
    const { server, emr } = await start(everyone)
    await using _ = server
    const read = await Promise.all(['a', 'b', 'c'].map((id) => emr.read('Patient', id)))
    expect(read.map((one) => one?.id)).toEqual(['a', 'b', 'c'])
    expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /fhir/'])
  })

  it('is asked once where it is the same question', async () => {
    const { server, emr } = await start(everyone)
    await using _ = server
    await Promise.all(['a', 'b', 'a', 'a'].map((id) => emr.read('Patient', id)))
    expect(entriesOf(server.asked[0] as Asked).map(({ request }) => request?.url)).toEqual([
      'Patient/a',
      'Patient/b',
    ])
  })

  it('is a plain request where it is only one thing', async () => {
    const { server, emr } = await start({ json: patient('a') })
    await using _ = server
    await emr.read('Patient', 'a')
    expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /fhir/Patient/a'])
  })

  it('gathers while the server is busy, and then goes together', async () => {
    const { server, emr } = await start(everyone)
    await using _ = server
    const first = emr.read('Patient', 'first')
    await new Promise(setImmediate)
    const others = ['a', 'b', 'c', 'd'].map((id) => emr.read('Patient', id))
    await Promise.all([first, ...others])
    expect(server.asked).toHaveLength(2)
  })

  it('is one search where only the patient differs, and everybody gets their own', async () => {
    const found = [consent('1', 'Patient/a'), consent('2', 'Patient/b'), consent('3', 'Patient/a')]
    const set = { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) }
    const { server, emr } = await start({ json: set })
    await using _ = server
    const asked = ['Patient/a', 'Patient/b', 'Patient/c'].map((one) =>
      emr.search('Consent', { patient: one, status: 'active' }),
    )
    expect((await Promise.all(asked)).map((some) => some.map(({ id }) => id))).toEqual([
      ['1', '3'],
      ['2'],
      [],
    ])
    expect(server.asked).toHaveLength(1)
  })
})

describe('a batch of which a part fails', () => {
  it('is an error for that part only', async () => {
    const { server, emr } = await start(
      byUrl((url) => (url === 'Patient/gone' ? { status: 404 } : { status: 200, resource: patient('a') })),
    )
    await using _ = server
    expect(await Promise.all([emr.read('Patient', 'a'), emr.read('Patient', 'gone')])).toEqual([
      patient('a'),
      undefined,
    ])
    expect(server.asked).toHaveLength(1)
  })

  it('says who was slower than others', async () => {
    const { server, emr } = await start(
      byUrl((_url, entry) => ({
        status: entry?.request?.ifMatch === 'W/"1"' ? 412 : 200,
        resource: patient('a'),
      })),
    )
    await using _ = server
    const save = (versionId: string) =>
      emr.save({ resourceType: 'Patient', id: 'a', meta: { versionId } }).catch((error: unknown) => error)
    const [late, inTime] = await Promise.all([save('1'), save('2')])
    expect(late).toBeInstanceOf(ConflictError)
    expect(inTime).toMatchObject({ id: 'a' })
  })

  it('is asked once more, by itself, what met trouble of the server’s own', async () => {
    const { server, emr } = await start(
      byUrl((url, entry) =>
        entry && url === 'Patient/b'
          ? { status: 503 }
          : { status: 200, resource: patient(url.split('/')[1] ?? '') },
      ),
    )
    await using _ = server
    const read = await Promise.all(['a', 'b'].map((id) => emr.read('Patient', id)))
    expect(read.map((one) => one?.id)).toEqual(['a', 'b'])
    expect(server.asked.map(({ url }) => url)).toEqual(['/fhir/', '/fhir/Patient/b'])
  })
})

describe('a batch that is answered in another order', () => {
  it('is not believed: everything is asked one by one', async () => {
    const { server, emr } = await start((response, asked) => {
      const isBatch = asked.url === '/fhir/'
      const entry = ['b', 'a'].map((id) => ({ response: { status: '200' }, resource: patient(id) }))
      response.writeHead(200, { 'content-type': 'application/fhir+json' })
      const bundle = { resourceType: 'Bundle', type: 'batch-response', entry }
      response.end(JSON.stringify(isBatch ? bundle : patient(asked.url.split('/').at(-1) ?? '')))
    })
    await using _ = server
    const read = await Promise.all(['a', 'b'].map((id) => emr.read('Patient', id)))
    expect(read.map((one) => one?.id)).toEqual(['a', 'b'])
  })
})

describe('every batch', () => {
  it('asks for what holds now, not for what a search found a minute ago', async () => {
    const { server, emr } = await start(everyone)
    await using _ = server
    await Promise.all(['a', 'b'].map((id) => emr.read('Patient', id)))
    expect(server.asked[0]?.headers['cache-control']).toBe('no-cache')
  })
})

describe('a server that takes no batch', () => {
  const takesNone =
    (status: number): Answer =>
    (response, asked) => {
      const isBatch = asked.method === 'POST' && asked.url === '/fhir/'
      response.writeHead(isBatch ? status : 200, { 'content-type': 'application/fhir+json' })
      const outcome = {
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code: 'not-supported' }],
      }
      response.end(JSON.stringify(isBatch ? outcome : patient(asked.url.split('/').at(-1) ?? '')))
    }

  it.each([308, 404, 405, 501])('is asked one by one, and is not offered another (%i)', async (status) => {
    const { server, emr } = await start(takesNone(status))
    await using _ = server
    for (const ids of [
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]) {
      const read = await Promise.all(ids.map((id) => emr.read('Patient', id)))
      expect(read.map((one) => one?.id)).toEqual(ids)
    }
    expect(server.asked.filter(({ url }) => url === '/fhir/')).toHaveLength(1)
  })

  it('is told from one that is down: that one is not asked the same a second time', async () => {
    const { server, emr } = await start({ status: 503, json: { resourceType: 'OperationOutcome' } })
    await using _ = server
    const ends = await Promise.all(['a', 'b'].map((id) => failure(emr.read('Patient', id))))
    expect(ends.map(({ error }) => [error.message, error.status])).toEqual([
      ['Reading Patient/a: the server answered 503', 503],
      ['Reading Patient/b: the server answered 503', 503],
    ])
    expect(server.asked).toHaveLength(1)
  })
})
