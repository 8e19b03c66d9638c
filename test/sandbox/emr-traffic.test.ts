/** The sandbox EMR counts what it is asked, so that a claim about requests per message can be measured. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emr, startEmr } from '../../sandbox/emr/start-emr.ts'

describe('the traffic of the sandbox EMR', () => {
  let emr: Emr
  const headers = { authorization: 'Bearer sandbox-admin', 'content-type': 'application/fhir+json' }
  const ask = (path: string, init: RequestInit = {}) => fetch(`${emr.url}${path}`, { headers, ...init })
  const traffic = async () => (await ask('/sandbox/traffic')).json()

  beforeAll(async () => {
    emr = await startEmr({ port: 0, qasidUrl: 'http://localhost:1' })
  })
  afterAll(() => emr.stop())

  it('is counted by method and type, a batch once, until it is forgotten', async () => {
    const body = JSON.stringify({
      ...{ resourceType: 'Bundle', type: 'batch' },
      entry: [1, 2, 3].map(() => ({ request: { method: 'GET', url: 'Patient' } })),
    })
    await ask('/fhir', { method: 'POST', body })
    await ask('/fhir/Patient?name=x')
    await ask('/fhir/Patient/none')
    expect(await traffic()).toEqual({ requests: 3, by: { 'GET Patient': 2, 'POST Bundle': 1 } })
    await ask('/sandbox/traffic', { method: 'DELETE' })
    expect(await traffic()).toEqual({ requests: 0, by: {} })
  })

  it('leaves out whoever only watches', async () => {
    await ask('/fhir/Patient', { headers: { ...headers, 'x-sandbox-watcher': 'yes' } })
    expect(await traffic()).toEqual({ requests: 0, by: {} })
  })

  it('is nobody’s business', async () => {
    expect((await ask('/sandbox/traffic', { headers: {} })).status).toBe(401)
  })
})
