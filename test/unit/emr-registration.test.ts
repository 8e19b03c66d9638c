import { describe, expect, it } from 'vitest'
import { askedOf, toMetadata, toWishes } from '../../src/domain/client-metadata.ts'
import { canReplace, guessDialect, mustAskAnew, outdated } from '../../src/domain/registration.ts'
import { dynamicRegistration } from '../../src/emr/dynamic-registration.ts'
import { resourceRegistration } from '../../src/emr/resource-registration.ts'
import { toAidboxClients, toMedplumClients } from '../../src/fhir/client-resources.ts'
import { readSource } from '../source-files.ts'
import { failure, startScriptedServer } from './emr-scripted-server.ts'

const manifest = JSON.parse(readSource('plugin.manifest.json').text)
const place = { baseUrl: 'https://qasid.example', jwksPath: '/.well-known/jwks/clinic.json', v1: false }
const wishes = toWishes(manifest, place)

describe('the dialect of a host', () => {
  const smart = { registrationEndpoint: 'https://emr.example/register' }
  it.each([
    [{}, 'open'],
    [{ software: 'Epic May 2026' }, 'open'],
    [{ software: 'Epic May 2026', smart }, 'epic'],
    [{ software: 'Oracle Health Millennium FHIR', smart: {} }, 'oracle'],
    [{ software: 'Cerner', smart: {} }, 'oracle'],
    [{ software: 'athenahealth', smart: {} }, 'athena'],
    [{ software: 'OpenEMR 7.0.3', smart }, 'openemr'],
    [{ software: 'medplum 5', smart: {} }, 'medplum'],
    [{ software: 'Aidbox', smart: {} }, 'aidbox'],
    [{ software: 'Receptic', smart }, 'rfc7591'],
    [{ smart: {} }, 'by-hand'],
  ])('is guessed from %j: %s', (host, dialect) => {
    expect(guessDialect(host)).toBe(dialect)
  })
})

describe('what a host is told of us', () => {
  it('is a public app with both ways to launch it, and a worker that signs', () => {
    const { app, worker } = toMetadata('rfc7591', wishes)
    const launch = 'https://qasid.example/launch'
    expect(app).toMatchObject({
      ...{ token_endpoint_auth_method: 'none', redirect_uris: ['https://qasid.example/app'] },
      ...{ initiate_login_uri: launch, launch_uris: [launch] },
    })
    expect(worker).toMatchObject({
      ...{ token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'] },
      jwks_uri: 'https://qasid.example/.well-known/jwks/clinic.json',
    })
  })

  it('is, to OpenEMR, a public app without user scopes, and a private worker with an address to return to', () => {
    const { app, worker } = toMetadata('openemr', wishes)
    expect(app.application_type).toBe('public')
    expect(app.scope).not.toMatch(/user\/|system\//)
    expect(worker).toMatchObject({
      application_type: 'private',
      redirect_uris: ['https://qasid.example/app'],
    })
  })

  it('is, to Medplum, clients and a policy that lets the worker only read what it only reads', () => {
    const [policy, worker, app] = toMedplumClients(wishes).map(({ resource }) => resource)
    expect(policy?.resource).toContainEqual({ resourceType: 'Patient', readonly: true })
    expect(policy?.resource).toContainEqual({ resourceType: 'Communication' })
    expect([worker?.jwksUri, app?.redirectUris]).toEqual([wishes.worker.jwksUrl, wishes.app.redirectUrls])
  })

  it('is, to Aidbox, clients under ids that it gives: nobody else’s are written over', () => {
    const written = toAidboxClients(wishes).map(({ resource }) => resource)
    expect(written.map(({ id }) => id)).toEqual([undefined, undefined, undefined])
    expect(written[1]?.matcho).toMatchObject({ client: { id: '{0.id}' } })
  })

  it('is told anew only where addresses or scopes are others', () => {
    const asked = askedOf(wishes)
    const before = { dialect: 'rfc7591' as const, registered: { made: [] }, asked }
    expect(mustAskAnew(before, asked.toReversed())).toBe(false)
    expect(
      mustAskAnew(before, askedOf(toWishes(manifest, { ...place, baseUrl: 'https://other.example' }))),
    ).toBe(true)
    expect(mustAskAnew({ ...before, asked: [] }, asked)).toBe(false)
    expect(mustAskAnew(undefined, asked)).toBe(false)
  })

  it('can be replaced where we may take back what was', () => {
    const registered = { worker: { clientId: 'w', uri: 'https://emr.example/w' }, made: [] }
    const before = { registered, asked: [] }
    expect(canReplace({ ...before, dialect: 'rfc7591' }, false)).toBe(true)
    expect(canReplace({ ...before, dialect: 'openemr' }, true)).toBe(false)
    expect(canReplace({ ...before, dialect: 'medplum' }, false)).toBe(false)
    expect(canReplace({ ...before, dialect: 'medplum' }, true)).toBe(true)
    expect(canReplace({ ...before, dialect: 'epic' }, true)).toBe(false)
  })

  it('leaves alone what the new registration still uses', () => {
    const before = { worker: { clientId: 'w' }, app: { clientId: 'a' }, made: ['Client/w', 'Client/a'] }
    const now = { worker: { clientId: 'w' }, app: { clientId: 'b' }, made: ['Client/w', 'Client/b'] }
    expect(outdated(before, now)).toEqual({ app: { clientId: 'a' }, made: ['Client/a'] })
  })
})

describe('registering at an endpoint', () => {
  const given = (id: string, origin = 'https://emr.example') => ({
    client_id: id,
    registration_client_uri: `${origin}/register/${id}`,
    registration_access_token: 'opens-it',
  })
  const metadata = toMetadata('rfc7591', wishes)

  it('takes the worker back when the app is refused, and tells of the refusal only its code', async () => {
    await using server = await startScriptedServer(
      (response, { headers }) => void response.end(JSON.stringify(given('w', `http://${headers.host}`))),
      { status: 400, json: { error: 'invalid_redirect_uri', error_description: 'not said' } },
      { status: 204 },
    )
    const { error, printed } = await failure(
      dynamicRegistration.register(`${server.origin}/register`, metadata),
    )
    expect([error.status, error.code]).toEqual([400, 'invalid_redirect_uri'])
    expect(printed).not.toContain('not said')
    expect(server.asked.at(-1)).toMatchObject({ method: 'DELETE', url: '/register/w' })
  })

  it('takes no place elsewhere for what it was given: our token goes to nobody but the host', async () => {
    await using elsewhere = await startScriptedServer({ status: 204 })
    await using server = await startScriptedServer(
      { status: 201, json: given('w', elsewhere.origin) },
      { status: 400, json: { error: 'invalid_client_metadata' } },
    )
    await failure(dynamicRegistration.register(`${server.origin}/register`, metadata))
    expect(elsewhere.asked).toEqual([])
  })

  it('keeps the worker’s client while the app’s stays, because it must sign in to try again', async () => {
    await using server = await startScriptedServer({ status: 500, json: {} })
    const at = (id: string) => ({ clientId: id, uri: `${server.origin}/register/${id}`, token: 'opens-it' })
    const left = await dynamicRegistration.unregister({ app: at('a'), worker: at('w'), made: [] })
    expect(left).toEqual(['a', 'w'])
    expect(server.asked.map(({ url }) => url)).toEqual(['/register/a'])
  })

  it.each([
    ['takes it', [204], []],
    ['has none any more', [404, 404], []],
    ['has forgotten its token', [401, 401], []],
    ['says it has none, and shows it', [404, 200], ['w']],
    ['refuses', [403], ['w']],
  ])('gives a client back to a host that %s', async (_what, statuses, left) => {
    await using server = await startScriptedServer(...statuses.map((status) => ({ status, json: {} })))
    const worker = { clientId: 'w', uri: `${server.origin}/register/w`, token: 'opens-it' }
    expect(await dynamicRegistration.unregister({ worker, made: [] })).toEqual(left)
    expect(server.asked.every(({ headers }) => headers.authorization === 'Bearer opens-it')).toBe(true)
  })
})

describe('registering by resources', () => {
  it('names the policy to the worker, and takes everything back when one is refused', async () => {
    await using server = await startScriptedServer(
      { status: 201, json: { resourceType: 'AccessPolicy', id: 'p1' } },
      { status: 201, json: { resourceType: 'ClientApplication', id: 'w1' } },
      { status: 403, json: {} },
      { status: 200 },
    )
    const registering = resourceRegistration.register(
      `${server.origin}/fhir`,
      toMedplumClients(wishes),
      'admin',
    )
    expect((await failure(registering)).error.status).toBe(403)
    expect(JSON.parse(server.asked[1]?.body ?? '{}').accessPolicy).toEqual({ reference: 'AccessPolicy/p1' })
    const removed = server.asked.filter(({ method }) => method === 'DELETE').map(({ url }) => url)
    expect(removed).toEqual(['/fhir/ClientApplication/w1', '/fhir/AccessPolicy/p1'])
  })
})
