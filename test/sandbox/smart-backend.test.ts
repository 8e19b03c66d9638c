import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestEmr, type TestEmr } from './pages-test-clinic.ts'

type Algorithm = 'ES384' | 'RS384'

let emr: TestEmr
let qasid: Server
let published: { keys: object[] }

beforeEach(async () => {
  published = { keys: [] }
  qasid = createServer((request, response) => {
    response.statusCode = request.url === '/.well-known/jwks.json' ? 200 : 404
    response.end(JSON.stringify(published))
  })
  qasid.listen(0, '127.0.0.1')
  await new Promise((resolve) => qasid.once('listening', resolve))
  emr = await startTestEmr({ qasidUrl: `http://127.0.0.1:${(qasid.address() as AddressInfo).port}` })
})
afterEach(async () => {
  await emr.stop()
  qasid.closeAllConnections()
  qasid.close()
})

/** A key pair whose public half Qasid publishes from now on, in place of what it published before. */
async function publishKey(alg: Algorithm, kid: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  published = { keys: [{ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }] }
  return (claims: object = {}) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg, kid, typ: 'JWT' })
      .setIssuer('qasid-worker')
      .setSubject('qasid-worker')
      .setAudience(`${emr.origin}/oauth/token`)
      .setExpirationTime('4m')
      .setJti(randomUUID())
      .sign(privateKey)
}

function requestToken(assertion: string, scope = 'system/*.cruds'): Promise<Response> {
  return fetch(`${emr.origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
}

describe('a backend that signs with its own key', () => {
  it.each(['ES384', 'RS384'] as const)('gets a token with %s that opens what it asked for', async (alg) => {
    const sign = await publishKey(alg, 'key-1')
    const response = await requestToken(await sign(), 'system/Communication.crus system/Patient.read')
    expect(response.status).toBe(200)
    const body = (await response.json()) as Record<string, unknown>
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: 'system/Communication.crus system/Patient.read',
    })
    expect(body).not.toHaveProperty('patient')
    const access = await emr.smart.authorize(`Bearer ${body.access_token}`)
    if (access.kind === 'refused') throw new Error('refused')
    expect(access.may('update', 'Communication')).toBe(true)
    expect(access.may('update', 'Patient')).toBe(false)
    expect(access.patientOf('Patient')).toBeUndefined()
  })

  it('is known by a new key as soon as it publishes it', async () => {
    const signOld = await publishKey('ES384', 'key-1')
    expect((await requestToken(await signOld())).status).toBe(200)
    const signNew = await publishKey('ES384', 'key-2')
    expect((await requestToken(await signNew())).status).toBe(200)
    expect((await requestToken(await signOld())).status).toBe(401)
  })

  it('is refused for a key that it does not publish', async () => {
    const sign = await publishKey('ES384', 'key-1')
    published = { keys: [] }
    expect((await requestToken(await sign())).status).toBe(401)
  })

  it('cannot use an assertion twice', async () => {
    const sign = await publishKey('ES384', 'key-1')
    const assertion = await sign()
    await requestToken(assertion)
    expect((await requestToken(assertion)).status).toBe(401)
  })

  it('gets no person’s scopes', async () => {
    const sign = await publishKey('ES384', 'key-1')
    const response = await requestToken(await sign(), 'user/*.cruds')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_scope' })
  })
})
