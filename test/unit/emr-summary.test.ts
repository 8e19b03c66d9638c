import { describe, expect, it } from 'vitest'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { failure, startScriptedServer } from './emr-scripted-server.ts'

const binary = { resourceType: 'Binary', id: 'b', contentType: 'image/png' }
const refused = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid' }] }

describe('a summary', () => {
  it('is asked of the server, so that the bytes of a file stay there', async () => {
    await using server = await startScriptedServer({ json: binary })
    const emr = createEmr({ baseUrl: `${server.origin}/fhir` })
    expect(await emr.read('Binary', 'b', { summary: true })).toEqual(binary)
    expect(server.asked.map(({ method, url }) => [method, url])).toEqual([
      ['GET', '/fhir/Binary/b?_summary=true'],
    ])
    expect(server.asked[0]?.headers.accept).toContain('fhir+json')
  })

  it('is the whole where the server knows no summaries', async () => {
    await using server = await startScriptedServer({ status: 400, json: refused }, { json: binary })
    const emr = createEmr({ baseUrl: `${server.origin}/fhir` })
    expect(await emr.read('Binary', 'b', { summary: true })).toEqual(binary)
    expect(server.asked.map(({ url }) => url)).toEqual(['/fhir/Binary/b?_summary=true', '/fhir/Binary/b'])
  })

  it.each([404, 403, 503])('that is answered with %i is not asked for again', async (status) => {
    await using server = await startScriptedServer({ status, json: refused })
    const emr = createEmr({ baseUrl: `${server.origin}/fhir` })
    if (status === 404) expect(await emr.read('Binary', 'b', { summary: true })).toBeUndefined()
    else expect((await failure(emr.read('Binary', 'b', { summary: true }))).error.status).toBe(status)
    expect(server.asked).toHaveLength(1)
  })
})
