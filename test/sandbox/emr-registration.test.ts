import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { LikeName } from '../../sandbox/emr/likes/index.ts'
import { type Call, createCall, openEmr, openKeySet } from './emr-caller.ts'
import { createAuthorization, createBrowser, exchange, follow, redirectUri } from './smart-app.ts'

const json = { 'content-type': 'application/json' }

async function open(like: LikeName) {
  const { emr, call } = await openEmr({
    like,
    resources: [
      { resourceType: 'Patient', id: 'p', name: [{ text: 'Amal Test' }] },
      { resourceType: 'Practitioner', id: 'd', name: [{ text: 'Dr Test' }] },
    ],
  })
  const configuration = (await call('GET', '/.well-known/smart-configuration')).body
  const endpoint = String(configuration.registration_endpoint)
  const register = (metadata: object | string) => createCall('', '')('POST', endpoint, metadata, json)
  return { emr, call, configuration, endpoint, register }
}

const backend = { client_name: 'Qasid backend', grant_types: ['client_credentials'] }
const app = {
  client_name: 'Qasid',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'none',
  initiate_login_uri: 'http://localhost:8080/launch',
  launch_uris: ['http://localhost:8080/launch'],
}

async function requestToken(origin: string, clientId: string, key: Key, scope: string) {
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'ES384', kid: key.kid, typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(`${origin}/oauth/token`)
    .setExpirationTime('4m')
    .setJti(randomUUID())
    .sign(key.privateKey)
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

interface Key {
  kid: string
  privateKey: CryptoKey
}

const charts = async (origin: string) => (await fetch(`${origin}/patients/p`)).text()

describe('a client that registers itself', () => {
  it('as a backend with a key set, published or given, gets tokens for what it registered for', async () => {
    const { emr, register } = await open('full')
    const keys = await openKeySet()
    const jwks = { keys: keys.published }
    for (const own of [{ jwks_uri: keys.url }, { jwks }]) {
      const scope = 'system/Patient.rs system/Communication.crus'
      const wish = { ...backend, ...own, scope, token_endpoint_auth_method: 'private_key_jwt' }
      const { status, body } = await register(wish)
      expect([status, body]).toMatchObject([201, { ...wish, client_id: expect.any(String) }])
      const token = await requestToken(
        emr.url,
        String(body.client_id),
        keys,
        'system/Patient.r system/Task.c',
      )
      expect(token).toMatchObject({ status: 200, body: { scope: 'system/Patient.r' } })
      const call = createCall(emr.fhirUrl, `Bearer ${token.body.access_token}`)
      expect((await call('GET', '/Patient/p')).status).toBe(200)
      expect((await call('GET', '/Task/p')).status).toBe(403)
    }
  })

  it('is known by a new key as soon as it publishes it', async () => {
    const { emr, register } = await open('full')
    const keys = await openKeySet()
    const wish = { ...backend, jwks_uri: keys.url, token_endpoint_auth_method: 'private_key_jwt' }
    const id = String((await register(wish)).body.client_id)
    const ask = (key: Key) => requestToken(emr.url, id, key, 'system/Patient.rs').then(({ status }) => status)
    expect(await ask(keys)).toBe(200)
    const next = await generateKeyPair('ES384')
    keys.published.splice(0, 1, {
      ...(await exportJWK(next.publicKey)),
      kid: 'key-2',
      alg: 'ES384',
      use: 'sig',
    })
    expect(await ask({ kid: 'key-2', privateKey: next.privateKey })).toBe(200)
    expect(await ask(keys)).toBe(401)
  })

  it('as an app is launched from the chart, at its own address', async () => {
    const { emr, register } = await open('full')
    const { body } = await register({ ...app, initiate_login_uri: 'http://localhost:8090/start' })
    const clientId = String(body.client_id)
    const opened = await fetch(`${emr.url}/patients/p/launch?app=${clientId}`, { redirect: 'manual' })
    const target = new URL(opened.headers.get('location') ?? '')
    expect(target.origin + target.pathname).toBe('http://localhost:8090/start')
    const launch = target.searchParams.get('launch') ?? undefined
    const origin = { origin: emr.url, fhirUrl: emr.fhirUrl }
    const { url, verifier } = createAuthorization(origin, { client_id: clientId, launch })
    const end = await follow(createBrowser(), url)
    const response = await exchange(origin, end.url.searchParams.get('code'), verifier, clientId)
    expect(await response.json()).toMatchObject({ patient: 'p', token_type: 'Bearer' })
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:8080')
  })

  it('is one of several that the chart offers, and stands in for the one that was there before', async () => {
    const { emr, register } = await open('full')
    expect(await charts(emr.url)).toMatch(/Launch\s+Messages/)
    const other = { ...app, client_name: 'Qasid East', initiate_login_uri: 'http://localhost:8090/launch' }
    const id = String((await register(other)).body.client_id)
    const page = await charts(emr.url)
    expect(page).toMatch(/Launch\s+Qasid East/)
    expect(page).toContain('data-testid="launch-messages"')
    expect(page).toContain('data-testid="launch-qasid-app"')
    await register({ ...app, client_name: 'Qasid West', initiate_login_uri: 'http://localhost:1/launch' })
    const replaced = await charts(emr.url)
    expect(replaced).toMatch(/Launch\s+Qasid West/)
    expect(replaced).not.toContain('launch-qasid-app')
    expect(replaced).toContain(`value="${id}"`)
  })

  it('reads and removes itself with its own token, and is then unknown', async () => {
    const { emr, call, register } = await open('full')
    const { body } = await register(app)
    const { client_id: id, registration_client_uri: uri, registration_access_token: token } = body
    const own = createCall('', `Bearer ${token}`)
    const stranger = createCall('', 'Bearer somebody')
    expect((await stranger('GET', String(uri))).status).toBe(401)
    expect((await stranger('DELETE', String(uri))).status).toBe(401)
    expect((await own('GET', String(uri))).body).toEqual(body)
    const clients = async () => (await call('GET', `${emr.url}/sandbox/records`)).body.clients
    expect(await clients()).toContainEqual({ id, name: 'Qasid' })
    expect((await own('DELETE', String(uri))).status).toBe(204)
    expect((await own('GET', String(uri))).status).toBe(401)
    expect(await clients()).not.toContainEqual({ id, name: 'Qasid' })
    const { url } = createAuthorization({ origin: emr.url, fhirUrl: emr.fhirUrl }, { client_id: String(id) })
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(400)
  })

  it.each([
    ['no JSON', '{', 'invalid_client_metadata'],
    ['no way to authenticate', { redirect_uris: [redirectUri] }, 'invalid_client_metadata'],
    ['a secret', { ...app, token_endpoint_auth_method: 'client_secret_basic' }, 'invalid_client_metadata'],
    ['a grant that is none', { ...app, grant_types: ['password'] }, 'invalid_client_metadata'],
    ['an app without a way back', { ...app, redirect_uris: [] }, 'invalid_redirect_uri'],
    ['a way back that is no URL', { ...app, redirect_uris: ['javascript:1'] }, 'invalid_redirect_uri'],
    [
      'a backend without keys',
      { ...backend, token_endpoint_auth_method: 'private_key_jwt' },
      'invalid_client_metadata',
    ],
    ['a public backend', { ...backend, token_endpoint_auth_method: 'none' }, 'invalid_client_metadata'],
  ])('is refused with %s', async (_what, metadata, error) => {
    const { register } = await open('full')
    expect(await register(metadata)).toMatchObject({ status: 400, body: { error } })
  })
})

describe('registration like openemr', () => {
  const scope = 'openid fhirUser launch patient/Patient.read patient/Appointment.read'

  it('has its own endpoint and words, and version 1 scopes only', async () => {
    const { emr, configuration, endpoint, register } = await open('openemr')
    expect(endpoint).toBe(`${emr.url}/oauth2/default/registration`)
    expect(configuration.capabilities).toContain('permission-v1')
    expect(configuration.capabilities).not.toContain('permission-v2')
    const keys = await openKeySet()
    const own = { application_type: 'private', redirect_uris: [redirectUri], jwks_uri: keys.url }
    const { status, body } = await register({
      ...own,
      client_name: 'Backend',
      scope: 'system/Appointment.read',
    })
    expect(status).toBe(200)
    const id = String(body.client_id)
    expect(await requestToken(emr.url, id, keys, 'system/Appointment.rs')).toMatchObject({ status: 400 })
    expect(await requestToken(emr.url, id, keys, 'system/Appointment.read')).toMatchObject({ status: 200 })
  })

  it.each([
    [
      'a public app that wants more than its patient',
      { application_type: 'public', scope: 'user/Patient.read' },
    ],
    ['a public app that wants to stay', { application_type: 'public', scope: `${scope} offline_access` }],
    ['a backend without keys', { application_type: 'private', scope: 'system/Patient.read' }],
    ['no kind', { scope }],
    ['no way back', { application_type: 'public', scope, redirect_uris: undefined }],
  ])('refuses %s', async (_what, metadata) => {
    const { register } = await open('openemr')
    const answer = await register({ redirect_uris: [redirectUri], client_name: 'App', ...metadata })
    expect(answer.status).toBe(400)
  })

  it('lets a client be read, and leaves its removal to the admins', async () => {
    const { register } = await open('openemr')
    const { body } = await register({ ...app, application_type: 'public', scope })
    const own = createCall('', `Bearer ${body.registration_access_token}`)
    expect((await own('GET', String(body.registration_client_uri))).status).toBe(200)
    const headers = { authorization: `Bearer ${body.registration_access_token}` }
    const removal = await fetch(String(body.registration_client_uri), { method: 'DELETE', headers })
    expect(removal.status).toBe(404)
  })

  it('grants a public app nothing beyond its patient', async () => {
    const { emr, register } = await open('openemr')
    expect(await charts(emr.url)).toContain('data-testid="no-launch"')
    const { body } = await register({ ...app, application_type: 'public', scope })
    const clientId = String(body.client_id)
    const launch = await launchOf(emr.url)
    const origin = { origin: emr.url, fhirUrl: emr.fhirUrl }
    const asked = { client_id: clientId, launch, scope: `${scope} user/Patient.read` }
    const { url, verifier } = createAuthorization(origin, asked)
    const end = await follow(createBrowser(), url)
    const tokens = await exchange(origin, end.url.searchParams.get('code'), verifier, clientId)
    expect(((await tokens.json()) as { scope: string }).scope.split(' ').sort()).toEqual(
      scope.split(' ').sort(),
    )
  })
})

async function launchOf(origin: string): Promise<string | undefined> {
  const opened = await fetch(`${origin}/patients/p/launch`, { redirect: 'manual' })
  return new URL(opened.headers.get('location') ?? '').searchParams.get('launch') ?? undefined
}

describe('registration like medplum', () => {
  it('is a transaction of an admin’s, and ends with the resource', async () => {
    const { emr, call, configuration } = await open('medplum')
    expect(configuration.registration_endpoint).toBeUndefined()
    const keys = await openKeySet()
    const policy = { resourceType: 'AccessPolicy', name: 'Qasid', resource: [{ resourceType: 'Patient' }] }
    const client = { resourceType: 'ClientApplication', name: 'Qasid backend', jwksUri: keys.url }
    const screen = {
      resourceType: 'ClientApplication',
      name: 'Qasid',
      redirectUris: [redirectUri],
      launchUri: 'http://localhost:8080/launch',
    }
    const ids = await write(call, [policy, client, screen])
    expect(ids).toHaveLength(3)
    const found = await call('GET', '/ClientApplication?name=Qasid')
    expect(found.body.total).toBe(2)
    expect(await requestToken(emr.url, ids[1] ?? '', keys, 'system/Patient.rs')).toMatchObject({
      status: 200,
    })
    expect(await charts(emr.url)).toMatch(/Launch\s+Messages/)
    await call('DELETE', `/ClientApplication/${ids[1]}`)
    expect(await requestToken(emr.url, ids[1] ?? '', keys, 'system/Patient.rs')).toMatchObject({
      status: 401,
    })
  })
})

async function write(call: Call, resources: { resourceType: string }[]): Promise<string[]> {
  const entry = resources.map((resource) => ({
    request: { method: 'POST', url: resource.resourceType },
    resource,
  }))
  const { body } = await call('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })
  return (body as unknown as { entry: { resource: { id: string } }[] }).entry.map(
    ({ resource }) => resource.id,
  )
}

describe.each(['epic', 'oracle', 'hapi'] as const)('registration like %s', (like) => {
  it('is not offered', async () => {
    const { emr, configuration } = await open(like)
    expect(configuration.registration_endpoint).toBeUndefined()
    const tried = await fetch(`${emr.url}/oauth/register`, { method: 'POST', headers: json, body: '{}' })
    expect(tried.status).toBe(404)
    const page = await charts(emr.url)
    if (like === 'hapi') expect(page).toContain('This EMR has no SMART server')
    else expect(page).toContain('data-testid="launch-messages"')
  })
})
