/** Whether a clinician may see a patient is the host's to say, and only a plain yes is one. */
import { describe, expect, it } from 'vitest'
import { createChartRight } from '../../src/emr/chart-right.ts'
import { type Answer, failure, startScriptedServer } from './emr-scripted-server.ts'

const proof = { accessToken: 'access-token-of-a-test', subject: 'mona' }
const ada = { json: { resourceType: 'Patient', id: 'ada' } }

/** A JWT of the host's; nobody here checks its signature. */
function tokenOf(claims: object): string {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part(claims)}.signature`
}

async function ask(answer: Answer, differs: Partial<typeof proof> = {}, patient = 'Patient/ada') {
  await using server = await startScriptedServer(answer)
  const right = createChartRight({ baseUrl: `${server.origin}/fhir/`, timeoutFor: 50 })
  return { answer: await right.hasRight(patient, { ...proof, ...differs }), asked: server.asked }
}

describe('the right to a chart', () => {
  it('is asked of the host’s own base, with the clinician’s token', async () => {
    const { answer, asked } = await ask(ada)
    expect(answer).toBe(true)
    expect(asked).toMatchObject([
      { url: '/fhir/Patient/ada', headers: { authorization: `Bearer ${proof.accessToken}` } },
    ])
  })

  it.each<[string, Answer]>([
    ['401', { status: 401 }],
    ['403', { status: 403, json: { resourceType: 'OperationOutcome' } }],
    ['404', { status: 404 }],
    ['410', { status: 410 }],
    ['another patient', { json: { resourceType: 'Patient', id: 'omar' } }],
    ['another resource', { json: { resourceType: 'Person', id: 'ada' } }],
    ['a bundle', { json: { resourceType: 'Bundle', entry: [{ resource: ada.json }] } }],
  ])('is none where the host answers %s', async (_what, answer) => {
    expect((await ask(answer)).answer).toBe(false)
  })

  it.each([
    ['Patient/../Practitioner/1', proof.accessToken],
    ['Patient/..', proof.accessToken],
    ['Practitioner/mona', proof.accessToken],
    ['Patient/ada', 'two\r\nlines'],
    ['Patient/ada', tokenOf({ sub: 'somebody else' })],
  ])('is not even asked for %s with a token that cannot be', async (patient, accessToken) => {
    expect(await ask(ada, { accessToken }, patient)).toEqual({ answer: false, asked: [] })
  })

  it.each([
    ['says the same person', tokenOf({ sub: 'mona' })],
    ['says nobody', tokenOf({ scope: 'openid' })],
    ['looks like one that can be read, and is not', 'a.b.c'],
  ])('is the host’s to judge where the token %s', async (_what, accessToken) => {
    expect((await ask(ada, { accessToken })).answer).toBe(true)
  })

  it.each<[string, Answer]>([
    ['fails', { status: 500 }],
    ['asks for patience', { status: 429 }],
    ['leads elsewhere', { status: 302, headers: { location: 'https://evil.example/' } }],
    ['answers a page', { text: '<html>Sign in</html>' }],
    ['says nothing', () => undefined],
  ])('cannot be told while the host %s, and the error holds no token', async (_what, answer) => {
    await using server = await startScriptedServer(answer)
    const right = createChartRight({ baseUrl: server.origin, timeoutFor: 50 })
    const { printed } = await failure(right.hasRight('Patient/ada', proof))
    expect(printed).not.toContain(proof.accessToken)
    expect(server.asked).toHaveLength(1)
  })
})
