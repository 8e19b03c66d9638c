import { describe, expect, it } from 'vitest'
import { createVersionRemoval } from '../../src/emr/old-versions.ts'
import { type Answer, startScriptedServer } from './emr-scripted-server.ts'

const json = (value: object): Answer => ({ json: value })
const stating = (operations: object[]) =>
  json({ resourceType: 'CapabilityStatement', rest: [{ mode: 'server', operation: operations }] })
const named = { name: 'expunge', definition: 'https://emr.example/fhir/OperationDefinition/-s-expunge' }
const defining = (...names: string[]) =>
  json({ resourceType: 'OperationDefinition', parameter: names.map((name) => ({ name, use: 'in' })) })

async function asked(...answers: Answer[]) {
  await using server = await startScriptedServer(...answers)
  const remove = createVersionRemoval({ baseUrl: `${server.origin}/fhir` })
  const removed = [await remove('Communication/1'), await remove('Communication/2')]
  return { removed, calls: server.asked.map(({ method, url }) => `${method} ${url}`), asked: server.asked }
}

describe('older versions', () => {
  it('are removed where the server describes an operation that spares the newest, asked once', async () => {
    const definition = defining('limit', 'expungePreviousVersions')
    const { removed, calls, asked: all } = await asked(stating([named]), definition, json({}))
    expect(removed).toEqual([true, true])
    expect(calls).toEqual([
      'GET /fhir/metadata',
      'GET /fhir/OperationDefinition/-s-expunge',
      'POST /fhir/Communication/1/$expunge',
      'POST /fhir/Communication/2/$expunge',
    ])
    expect(JSON.parse(all[2]?.body ?? '').parameter).toContainEqual({
      ...{ name: 'expungePreviousVersions', valueBoolean: true },
    })
  })

  it.each<[string, Answer[]]>([
    ['offers no such operation', [stating([])]],
    ['has one of that name that removes the whole resource', [stating([named]), defining('everything')]],
    ['does not describe it', [stating([named]), { status: 404 }]],
    ['says nothing of itself', [json({ resourceType: 'CapabilityStatement' })]],
  ])('stay where the server %s: nothing is posted', async (_what, answers) => {
    const { removed, calls } = await asked(...answers)
    expect(removed).toEqual([false, false])
    expect(calls.filter((call) => call.startsWith('POST'))).toEqual([])
  })
})
