import { expect, it } from 'vitest'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { failure, startScriptedServer } from './emr-scripted-server.ts'

it.each([
  [400, 401],
  [401, 401],
  [403, 401],
  [404, 401],
  [410, 401],
  [412, 401],
  [429, 429],
  [503, 503],
  [undefined, undefined],
])('a token refused with %s leaves us unknown, and is no word about what was asked: %s', async (status, as) => {
  await using server = await startScriptedServer()
  const token = {
    get: async () => {
      throw new EmrError('Fetching a token: refused', { status })
    },
    drop() {},
  }
  const emr = createEmr({ baseUrl: server.origin, token })
  for (const work of [
    emr.read('Patient', 'p1'),
    emr.search('Patient', { active: 'true' }),
    emr.openBinary('Binary/b1'),
  ])
    expect((await failure(work)).error.status).toBe(as)
  expect(server.asked).toEqual([])
})
