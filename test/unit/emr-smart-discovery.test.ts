import { describe, expect, it } from 'vitest'
import { instant, minute } from '../../src/domain/time.ts'
import { createSmartDiscovery, discoverSmart } from '../../src/emr/smart-discovery.ts'
import { startScriptedServer } from './emr-scripted-server.ts'

const document = {
  issuer: 'http://emr.example/oauth',
  jwks_uri: 'http://emr.example/oauth/jwks',
  authorization_endpoint: 'http://emr.example/oauth/authorize',
  token_endpoint: 'http://emr.example/oauth/token',
  token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
  capabilities: ['launch-ehr', 'permission-v2'],
}

describe('the SMART configuration', () => {
  it('is read from below the base, whether that ends in a slash or not', async () => {
    await using server = await startScriptedServer({ json: document })
    const expected = {
      issuer: 'http://emr.example/oauth',
      jwksUri: 'http://emr.example/oauth/jwks',
      authorizationEndpoint: 'http://emr.example/oauth/authorize',
      tokenEndpoint: 'http://emr.example/oauth/token',
      algs: ['RS384', 'ES384'],
      capabilities: ['launch-ehr', 'permission-v2'],
    }
    expect(await discoverSmart(`${server.origin}/fhir`)).toEqual(expected)
    expect(await discoverSmart(`${server.origin}/fhir/`)).toEqual(expected)
    expect(server.asked.map(({ url }) => url)).toEqual(Array(2).fill('/fhir/.well-known/smart-configuration'))
  })

  it('may leave out everything but the token endpoint', async () => {
    await using server = await startScriptedServer({ json: { token_endpoint: document.token_endpoint } })
    expect(await discoverSmart(server.origin)).toMatchObject({
      tokenEndpoint: document.token_endpoint,
      algs: [],
    })
  })

  it.each([
    ['no token endpoint', { json: { issuer: 'x' } }, 'it names no token_endpoint'],
    ['an endpoint that is no URL', { json: { ...document, jwks_uri: '/jwks' } }, 'jwks_uri is not a URL'],
    [
      'an endpoint of another kind',
      { json: { ...document, jwks_uri: 'file:///etc' } },
      'jwks_uri is not https',
    ],
    ['HTML', { text: '<html>' }, 'something that is not JSON'],
    ['an error', { status: 500 }, 'it answered 500'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example' } }, 'it answered 302'],
  ])('is refused with %s', async (_what, answer, words) => {
    await using server = await startScriptedServer(answer)
    await expect(discoverSmart(server.origin)).rejects.toThrow(words)
  })

  it('is asked for once an hour, however many want it', async () => {
    await using server = await startScriptedServer({ json: document })
    let now = instant(0)
    const discover = createSmartDiscovery(() => now)
    await Promise.all([discover(server.origin), discover(server.origin)])
    now = instant(59 * minute)
    await discover(server.origin)
    expect(server.asked).toHaveLength(1)
    now = instant(60 * minute)
    await discover(server.origin)
    expect(server.asked).toHaveLength(2)
  })

  it('is asked for again after a failure', async () => {
    await using server = await startScriptedServer({ status: 503 }, { json: document })
    const discover = createSmartDiscovery(() => instant(0))
    await expect(discover(server.origin)).rejects.toThrow('503')
    expect((await discover(server.origin)).tokenEndpoint).toBe(document.token_endpoint)
  })
})
