import { createHmac } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createIdTokens } from '../../src/emr/id-token.ts'
import { type Answer, failure, startScriptedServer } from './emr-scripted-server.ts'

const issuer = 'https://emr.example/oauth'
const clientId = 'qasid-app'
type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>

let ours: KeyPair
let another: KeyPair
let keySet: { keys: JWK[] }
beforeAll(async () => {
  ours = await generateKeyPair('ES384')
  another = await generateKeyPair('ES384')
  keySet = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'ES384', use: 'sig' }] }
})

function tokenOf(
  claims: JWTPayload = {},
  { kid = 'k1', key = ours }: { kid?: string; key?: KeyPair } = {},
): Promise<string> {
  return new SignJWT({ iss: issuer, aud: clientId, sub: 'mona', ...claims })
    .setProtectedHeader({ alg: 'ES384', kid })
    .setIssuedAt()
    .setExpirationTime(claims.exp ?? '5m')
    .sign(key.privateKey)
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/** As a thief would who hopes that the public key is taken for a shared secret. */
function signedByPublicKey(signed: string): string {
  const mac = createHmac('sha256', JSON.stringify(keySet.keys[0])).update(signed).digest('base64url')
  return `${signed}.${mac}`
}

async function start(...answers: Answer[]) {
  const server = await startScriptedServer(...(answers.length > 0 ? answers : [{ json: keySet }]))
  const discover = async () => ({ issuer, jwksUri: `${server.origin}/jwks` })
  const idTokens = createIdTokens({
    baseUrl: 'https://emr.example/fhir',
    clientId,
    discover,
    timeoutFor: 200,
  })
  return { server, idTokens }
}

describe('an id_token', () => {
  it('that the host signed for us tells who is there', async () => {
    const { server, idTokens } = await start()
    await using _ = server
    expect(await idTokens.verify(await tokenOf())).toEqual({ subject: 'mona' })
    expect(await idTokens.verify(await tokenOf({ sub: 'omar' }))).toEqual({ subject: 'omar' })
    expect(server.asked).toHaveLength(1)
  })

  it.each([
    ['just over', -50, true],
    ['over for more than a minute', -70, false],
  ])('that is %s by our clock is judged with a minute to spare', async (_what, seconds, good) => {
    const { server, idTokens } = await start()
    await using _ = server
    const idToken = await tokenOf({ exp: Math.floor(Date.now() / 1_000) + seconds })
    expect((await idTokens.verify(idToken)) !== undefined).toBe(good)
  })

  it.each<[string, (parts: string[]) => string]>([
    ['no signature at all', ([, body]) => `${encode({ alg: 'none' })}.${body}.`],
    [
      'a signature by the public key',
      ([, body]) => signedByPublicKey(`${encode({ alg: 'HS256', kid: 'k1' })}.${body}`),
    ],
    [
      'a key of its own choice',
      ([, body, signature]) =>
        `${encode({ alg: 'ES384', jku: 'https://thief.example' })}.${body}.${signature}`,
    ],
  ])('with %s is not valid', async (_what, forge) => {
    const { server, idTokens } = await start()
    await using _ = server
    expect(await idTokens.verify(forge((await tokenOf()).split('.')))).toBeUndefined()
  })

  it.each<[string, () => Promise<string>]>([
    ['was signed by another key', () => tokenOf({}, { key: another })],
    ['names a key that the host does not have', () => tokenOf({}, { kid: 'k2' })],
    ['is for another client', () => tokenOf({ aud: 'another-app' })],
    ['comes from another issuer', () => tokenOf({ iss: 'https://other.example' })],
    ['is over', () => tokenOf({ exp: 1_700_000_000 })],
    ['names nobody', () => tokenOf({ sub: undefined })],
    ['is none', async () => 'nonsense'],
  ])('that %s is not valid', async (_what, make) => {
    const { server, idTokens } = await start()
    await using _ = server
    expect(await idTokens.verify(await make())).toBeUndefined()
  })

  it.each<[string, Answer]>([
    ['fails', { status: 500 }],
    ['moved them away', { status: 302, headers: { location: 'https://elsewhere.example' } }],
    ['answers with a page', { text: '<html>' }],
    ['answers with something else', { json: { keys: 'none' } }],
    ['cuts the connection', (response) => void response.destroy()],
    ['does not answer in time', () => {}],
  ])('cannot be judged while the host’s keys cannot be had: it %s', async (_what, answer) => {
    const { server, idTokens } = await start(answer, { json: keySet })
    await using _ = server
    const idToken = await tokenOf()
    const { error, printed } = await failure(idTokens.verify(idToken))
    expect(error.message).toBe(`Reading the keys of ${server.origin}: they cannot be had`)
    expect(printed).not.toContain(idToken)
    expect(await idTokens.verify(idToken)).toEqual({ subject: 'mona' })
  })

  it('cannot be judged while nobody listens where the keys are', async () => {
    const { server, idTokens } = await start()
    await server[Symbol.asyncDispose]()
    await failure(idTokens.verify(await tokenOf()))
  })

  it('of a host that gives out none is not valid', async () => {
    const discover = async () => ({})
    const idTokens = createIdTokens({ baseUrl: 'https://emr.example/fhir', clientId, discover })
    expect(await idTokens.verify(await tokenOf())).toBeUndefined()
  })
})
