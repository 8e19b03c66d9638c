import { describe, expect, it } from 'vitest'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { bytesOf } from '../../src/fhir/binary.ts'
import { type Answer, failure, startScriptedServer } from './emr-scripted-server.ts'

const pdf = { 'content-type': 'application/pdf' }
const fhir = { 'content-type': 'application/fhir+json' }
const wrapped = { resourceType: 'Binary', id: '1', contentType: 'application/pdf', data: btoa('%PDF- Layla') }

async function start(...answers: Answer[]) {
  const server = await startScriptedServer(...answers)
  const dropped: (string | undefined)[] = []
  const token = {
    get: async () => `token-${dropped.length}`,
    drop: (stale?: string) => void dropped.push(stale),
  }
  return { server, dropped, emr: createEmr({ baseUrl: `${server.origin}/fhir`, token, timeoutFor: 300 }) }
}

async function textOf(emr: Awaited<ReturnType<typeof start>>['emr']): Promise<string | undefined> {
  const opened = await emr.openBinary('Binary/1')
  return opened && Buffer.from(await bytesOf(opened.stream, 1_000)).toString()
}

describe('a file of the EMR', () => {
  it('is asked for as bytes, with the token', async () => {
    const { server, emr } = await start({ headers: pdf, text: '%PDF- Layla' })
    await using _ = server
    expect(await textOf(emr)).toBe('%PDF- Layla')
    expect(server.asked[0]).toMatchObject({
      url: '/fhir/Binary/1',
      headers: { accept: '*/*', authorization: 'Bearer token-0' },
    })
  })

  it('comes out of the FHIR around it, where the server sends nothing else', async () => {
    const { server, emr } = await start({ headers: fhir, json: wrapped })
    await using _ = server
    expect(await emr.openBinary('Binary/1')).toMatchObject({ contentType: 'application/pdf', size: 11 })
    expect(await textOf(emr)).toBe('%PDF- Layla')
  })

  it('is asked for once more with a new token', async () => {
    const { server, emr, dropped } = await start({ status: 401 }, { headers: pdf, text: '%PDF-' })
    await using _ = server
    expect(await textOf(emr)).toBe('%PDF-')
    expect(dropped).toEqual(['token-0'])
    expect(server.asked[1]?.headers.authorization).toBe('Bearer token-1')
  })

  it.each([404, 410])('is gone where the server says %i in FHIR, or in nothing', async (status) => {
    const outcome = { resourceType: 'OperationOutcome', issue: [] }
    const { server, emr } = await start({ status, json: outcome }, { status })
    await using _ = server
    expect([await textOf(emr), await textOf(emr)]).toEqual([undefined, undefined])
  })
})

describe('what is no file', () => {
  it.each<[string, Answer, number | undefined]>([
    [
      'a proxy’s page',
      { status: 404, headers: { 'content-type': 'text/html' }, text: '<p>Layla' },
      undefined,
    ],
    ['a refusal', { status: 403, headers: fhir, json: { issue: [{ diagnostics: 'Layla' }] } }, 403],
    ['a way to another address', { status: 302, headers: { location: 'http://localhost:1/x' } }, 302],
    ['a failure', { status: 500, text: 'Layla' }, 500],
    ['a resource without its bytes', { headers: fhir, json: { ...wrapped, data: undefined } }, undefined],
    ['silence', () => undefined, undefined],
    ['a connection that ends', (response) => response.destroy(), undefined],
  ])('%s is an error that quotes nothing', async (_what, answer, status) => {
    const { server, emr } = await start(answer)
    await using _ = server
    const { error, printed } = await failure(emr.openBinary('Binary/1'))
    expect(error.status).toBe(status)
    expect(error.message).toMatch(/^Opening Binary\/1: /)
    expect(printed).not.toMatch(/Layla|token-0/)
  })

  it.each<[string, Answer]>([
    ['stops coming', (response) => void response.writeHead(200, pdf).write('%PDF-')],
    [
      'is cut off',
      (response) => {
        response.writeHead(200, { ...pdf, 'content-length': '99' }).write('%PDF-', () => response.destroy())
      },
    ],
  ])('one that %s is an error while it is read', async (_what, answer) => {
    const { server, emr } = await start(answer)
    await using _ = server
    const opened = await emr.openBinary('Binary/1')
    const reading = opened ? bytesOf(opened.stream, 1_000) : Promise.resolve()
    expect((await failure(reading)).error.message).toBe('Opening Binary/1: the answer broke off')
  })
})
