import {
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWK,
  jwtVerify,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Instant, instant, minute, second } from '../../src/domain/time.ts'
import { createBackendToken, fixedToken } from '../../src/emr/backend-token.ts'
import type { SmartConfiguration } from '../../src/emr/smart-discovery.ts'
import { type Answer, failure, type ScriptedServer, startScriptedServer } from './emr-scripted-server.ts'

const start = instant(Date.UTC(2026, 10, 20, 6))
let keys: JWK[]
let publicKeys: JWK[]

beforeAll(async () => {
  const pairs = await Promise.all(
    ['RS384', 'ES384'].map(async (alg) => ({ alg, pair: await generateKeyPair(alg, { extractable: true }) })),
  )
  const named = (alg: string) => ({ alg, kid: `key-${alg}` })
  keys = await Promise.all(
    pairs.map(async ({ alg, pair }) => ({ ...(await exportJWK(pair.privateKey)), ...named(alg) })),
  )
  publicKeys = await Promise.all(
    pairs.map(async ({ alg, pair }) => ({ ...(await exportJWK(pair.publicKey)), ...named(alg) })),
  )
})

/** A token source at a clock that the case moves. */
function backend(
  server: ScriptedServer,
  facts: { algs?: string[]; keys?: () => Promise<JWK[]>; secret?: string } = {},
) {
  const clock = { now: start }
  const configuration: SmartConfiguration = {
    tokenEndpoint: `${server.origin}/token`,
    algs: facts.algs ?? [],
    capabilities: [],
  }
  const source = createBackendToken({
    baseUrl: server.origin,
    clientId: 'qasid-worker',
    scope: 'system/Patient.rs',
    ...(facts.secret === undefined ? { keys: facts.keys ?? (async () => keys) } : { secret: facts.secret }),
    discover: async () => configuration,
    now: () => clock.now,
  })
  const pass = (wait: number) => {
    clock.now = instant(clock.now + wait)
  }
  return { source, pass }
}

function token(text: string, expires_in: unknown = 300): Answer {
  return { json: { access_token: text, token_type: 'bearer', expires_in, scope: 'system/Patient.rs' } }
}

async function readAssertion(server: ScriptedServer, at: Instant = start, call = 0) {
  const assertion = new URLSearchParams(server.asked[call]?.body).get('client_assertion') ?? ''
  return jwtVerify(assertion, createLocalJWKSet({ keys: publicKeys }), { currentDate: new Date(at) })
}

describe('what the host is asked', () => {
  it('is a client_credentials grant with a short-lived assertion about ourselves', async () => {
    await using server = await startScriptedServer(token('t1'))
    expect(await backend(server).source.get()).toBe('t1')
    const form = new URLSearchParams(server.asked[0]?.body)
    expect(form.get('grant_type')).toBe('client_credentials')
    expect(form.get('scope')).toBe('system/Patient.rs')
    const { payload } = await readAssertion(server)
    expect(payload).toMatchObject({ iss: 'qasid-worker', sub: 'qasid-worker', aud: `${server.origin}/token` })
    expect((payload.exp ?? 0) - start / second).toBeLessThanOrEqual(300)
  })

  it('is never the same assertion twice', async () => {
    await using server = await startScriptedServer(token('t1'))
    const { source } = backend(server)
    await source.get()
    source.drop()
    await source.get()
    const both = await Promise.all([0, 1].map((call) => readAssertion(server, start, call)))
    expect(new Set(both.map(({ payload }) => payload.jti)).size).toBe(2)
  })

  it.each([
    [[], 'RS384'],
    [['RS256', 'ES384', 'RS384'], 'ES384'],
    [['RS384'], 'RS384'],
  ])('is signed as the host takes it: %j by %s', async (algs, alg) => {
    await using server = await startScriptedServer(token('t1'))
    await backend(server, { algs }).source.get()
    expect((await readAssertion(server)).protectedHeader).toMatchObject({ alg, kid: `key-${alg}` })
  })

  it('is signed with the keys of the moment, which another process may have rotated', async () => {
    await using server = await startScriptedServer(token('t1'))
    let held = keys
    const { source } = backend(server, { keys: async () => held })
    await source.get()
    held = keys.map((one) => ({ ...one, kid: `next-${one.alg}` }))
    source.drop()
    await source.get()
    const assertions = server.asked.map(({ body }) => new URLSearchParams(body).get('client_assertion') ?? '')
    expect(assertions.map((one) => decodeProtectedHeader(one).kid)).toEqual(['key-RS384', 'next-RS384'])
  })

  it('is proved by a secret where the host gives only that, each half encoded', async () => {
    await using server = await startScriptedServer(token('t1'))
    expect(await backend(server, { secret: 'a:b c+é' }).source.get()).toBe('t1')
    const [asked] = server.asked
    const credentials = `qasid-worker:${'a%3Ab+c%2B%C3%A9'}`
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from(credentials).toString('base64')}`)
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'system/Patient.rs',
    })
  })

  it('is nothing where there is no key that it takes', async () => {
    await using server = await startScriptedServer(token('t1'))
    const { error, printed } = await failure(backend(server, { algs: ['PS512'] }).source.get())
    expect(error.message).toContain('it takes PS512, and there is no such key')
    expect(printed).not.toContain(String(keys[0]?.d))
    expect(server.asked).toEqual([])
  })
})

describe('how long a token is kept', () => {
  it('is until half a minute before its end', async () => {
    await using server = await startScriptedServer(token('t1'), token('t2'))
    const { source, pass } = backend(server)
    expect(await source.get()).toBe('t1')
    pass(269 * second)
    expect(await source.get()).toBe('t1')
    pass(1 * second)
    expect(await source.get()).toBe('t2')
  })

  it('is a minute when the host does not say', async () => {
    await using server = await startScriptedServer(token('t1', null), token('t2', null))
    const { source, pass } = backend(server)
    await source.get()
    pass(minute - second)
    expect(await source.get()).toBe('t1')
    pass(second)
    expect(await source.get()).toBe('t2')
  })

  it('is one request, however many wait for it', async () => {
    await using server = await startScriptedServer(token('t1'))
    const { source } = backend(server)
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => source.get())))).toEqual(
      new Set(['t1']),
    )
    expect(server.asked).toHaveLength(1)
  })

  it('ends when it is dropped, but a newer one stays', async () => {
    await using server = await startScriptedServer(token('t1'), token('t2'), token('t3'))
    const { source } = backend(server)
    await source.get()
    source.drop('t1')
    expect(await source.get()).toBe('t2')
    source.drop('t1')
    expect(await source.get()).toBe('t2')
    source.drop()
    expect(await source.get()).toBe('t3')
  })

  it('is not at all after a failure', async () => {
    await using server = await startScriptedServer({ status: 503 }, token('t2'))
    const { source } = backend(server)
    expect((await failure(source.get())).error.status).toBe(503)
    expect(await source.get()).toBe('t2')
  })
})

describe('a refusal', () => {
  it('names the code and none of the words', async () => {
    const json = { error: 'invalid_client', error_description: 'bad assertion eyJhbGciOi' }
    const headers = { date: 'Fri, 20 Nov 2026 06:00:00 GMT' }
    await using server = await startScriptedServer({ status: 401, json, headers })
    const { error, printed } = await failure(backend(server).source.get())
    expect(error.message).toBe(
      `Fetching a token for qasid-worker from ${server.origin}: it answered 401 (invalid_client)`,
    )
    expect(printed).not.toContain('eyJ')
  })

  it('keeps the secret to itself', async () => {
    await using server = await startScriptedServer({ status: 401, json: { error: 'invalid_client' } })
    const { printed } = await failure(backend(server, { secret: 'very-secret' }).source.get())
    expect(printed).not.toContain('very-secret')
  })

  const inAMinuteAndASecond = 'Fri, 20 Nov 2026 06:01:01 GMT'
  it.each([
    ['invalid_client', inAMinuteAndASecond, '; the clocks differ by 61 seconds, ours is behind'],
    ['invalid_grant', 'Fri, 20 Nov 2026 05:00:00 GMT', '; the clocks differ by 3600 seconds, ours is ahead'],
    ['invalid_client', 'Fri, 20 Nov 2026 06:01:00 GMT', ''],
    ['invalid_client', 'soon', ''],
    ['invalid_scope', inAMinuteAndASecond, ''],
  ])('by %s at %s says when the clocks differ%s', async (error, date, words) => {
    await using server = await startScriptedServer({ status: 400, json: { error }, headers: { date } })
    const { error: thrown } = await failure(backend(server).source.get())
    expect(thrown.message.split(`(${error})`)[1]).toBe(words)
  })

  it.each<[string, Answer]>([
    ['HTML', { text: '<html>eyJsecret</html>' }],
    ['nothing', {}],
    ['no token', { json: { token_type: 'bearer' } }],
    ['a token that is no header value', { json: { access_token: 'eyJ\nsecret', expires_in: 300 } }],
  ])('is an error for %s', async (_what, answer) => {
    await using server = await startScriptedServer(answer)
    const { error, printed } = await failure(backend(server).source.get())
    expect(error.message).toContain('without an access token')
    expect(printed).not.toContain('eyJ')
  })
})

describe('a token endpoint that is asked too often', () => {
  it('is asked again after the time that it names, with a new assertion', async () => {
    await using server = await startScriptedServer(
      { status: 429, headers: { 'retry-after': '0' } },
      token('t1'),
    )
    expect(await backend(server).source.get()).toBe('t1')
    const both = await Promise.all([0, 1].map((call) => readAssertion(server, start, call)))
    expect(new Set(both.map(({ payload }) => payload.jti)).size).toBe(2)
  })

  it.each([
    '60',
    'Fri, 20 Nov 2026 06:01:00 GMT',
  ])('is left alone when it asks for longer: %s', async (wish) => {
    const headers = { 'retry-after': wish, date: 'Fri, 20 Nov 2026 06:00:00 GMT' }
    await using server = await startScriptedServer({ status: 429, headers })
    const { source } = backend(server)
    expect((await failure(source.get())).error.status).toBe(429)
    expect((await failure(source.get())).error.status).toBe(429)
    expect(server.asked).toHaveLength(1)
  })
})

it('a fixed token is always the same', async () => {
  const source = fixedToken('sandbox')
  source.drop()
  expect(await source.get()).toBe('sandbox')
})
