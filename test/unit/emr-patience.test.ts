import { describe, expect, it } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { type Answer, failure, startScriptedServer } from './emr-scripted-server.ts'

const now = () => instant(Date.now())
const patient = { resourceType: 'Patient', id: 'a', meta: { versionId: '1' } }
const trouble: Answer[] = [
  { status: 503, json: {} },
  { text: '<html>' },
  (response) => void response.destroy(),
]

describe('a server in trouble', () => {
  it.each(
    trouble.map((one, index) => [index, one] as const),
  )('is waited for (%i)', async (_index, answer) => {
    await using server = await startScriptedServer(answer, { json: patient })
    let troubles = 0
    const onTrouble = () => {
      troubles += 1
    }
    const emr = createEmr({ baseUrl: server.origin }, { now, waitsFor: 10_000, onTrouble })
    expect((await emr.read('Patient', 'a'))?.id).toBe('a')
    expect([server.asked.length, troubles]).toEqual([2, 1])
  })

  it.each([400, 403, 412, 422])('is not one that says %i: that is its answer', async (status) => {
    await using server = await startScriptedServer({ status, json: { resourceType: 'OperationOutcome' } })
    const emr = createEmr({ baseUrl: server.origin }, { now, waitsFor: 10_000 })
    expect((await failure(emr.read('Patient', 'a'))).error.status).toBe(status)
    expect(server.asked).toHaveLength(1)
  })

  it('is an error in the end', async () => {
    await using server = await startScriptedServer({ status: 503, json: {} })
    const emr = createEmr({ baseUrl: server.origin }, { now, waitsFor: 300 })
    expect((await failure(emr.read('Patient', 'a'))).error.status).toBe(503)
    expect(server.asked).toHaveLength(2)
  })
})
