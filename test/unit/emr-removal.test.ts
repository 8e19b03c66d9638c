import { describe, expect, it } from 'vitest'
import { createEmr } from '../../src/emr/fhir-server.ts'
import { failure, startScriptedServer } from './emr-scripted-server.ts'

const answering = async (status: number) => {
  const server = await startScriptedServer({ status })
  return { server, emr: createEmr({ baseUrl: `${server.origin}/fhir` }) }
}

describe('removing a resource', () => {
  it.each([
    [200, true],
    [204, true],
    [404, true],
    [410, true],
    [403, false],
    [405, false],
    [409, false],
    [501, false],
  ])('takes %i for %s', async (status, isGone) => {
    const { server, emr } = await answering(status)
    await using _ = server
    expect(await emr.remove('Subscription/s1')).toBe(isGone)
    expect(server.asked).toMatchObject([{ method: 'DELETE', url: '/fhir/Subscription/s1' }])
  })

  it.each([401, 500, 503])('is an error when the server answers %i', async (status) => {
    const { server, emr } = await answering(status)
    await using _ = server
    expect((await failure(emr.remove('Subscription/s1'))).error).toMatchObject({
      status,
      message: `Removing Subscription/s1: the server answered ${status}`,
    })
  })

  it('asks nothing of the server without an id', async () => {
    const { server, emr } = await answering(200)
    await using _ = server
    await failure(emr.remove('Subscription/'))
    expect(server.asked).toEqual([])
  })
})
