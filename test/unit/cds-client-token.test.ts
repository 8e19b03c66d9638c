/** The tokens by which EMRs sign their calls of CDS Hooks: every way in which one can be wrong. */
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { instant } from '../../src/domain/time.ts'
import { type CdsClient, createCdsClientTokens } from '../../src/emr/cds-client-token.ts'
import { EmrError } from '../../src/flows/ports.ts'
import { startScriptedServer } from './emr-scripted-server.ts'

const iss = 'https://emr.example'
const audience = 'https://qasid.example/cds-services/reminder-check'
const seconds = 1_795_000_000
const now = () => instant(seconds * 1_000)

type Keys = Awaited<ReturnType<typeof generateKeyPair>>
let own: Keys
let stranger: Keys
beforeAll(async () => {
  own = await generateKeyPair('ES384', { extractable: true })
  stranger = await generateKeyPair('ES384', { extractable: true })
})

async function open(differs: Partial<CdsClient> = {}) {
  const key = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES384', use: 'sig' }
  const server = await startScriptedServer({ json: { keys: [key] } })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const jku = `${server.origin}/jwks`
  const taken = new Set<string>()
  const tokens = createCdsClientTokens({
    clients: [{ install: 'clinic', iss, jku, algs: ['ES384', 'RS384'], ...differs }],
    takeOnce: async (mark) => !taken.has(mark) && taken.add(mark) !== undefined,
    now,
  })
  return { tokens, server, jku, taken }
}

interface Wishes {
  header?: Partial<JWTHeaderParameters>
  claims?: Record<string, unknown>
  byStranger?: true
}

let made = 0
function sign({ header, claims, byStranger }: Wishes = {}): Promise<string> {
  made += 1
  const payload = { iss, aud: audience, iat: seconds, exp: seconds + 300, jti: `call-${made}`, ...claims }
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: 'k1', ...header })
    .sign((byStranger ? stranger : own).privateKey)
}

describe('a call’s token', () => {
  it('opens the installs whose list names its signer', async () => {
    const { tokens, jku, server } = await open()
    expect(await tokens.verify(await sign(), audience)).toEqual(['clinic'])
    expect(await tokens.verify(await sign({ header: { jku } }), audience)).toEqual(['clinic'])
    expect(await tokens.verify(await sign({ claims: { aud: [audience] } }), audience)).toEqual(['clinic'])
    expect(server.asked).toHaveLength(1)
  })

  it('is good once', async () => {
    const { tokens, taken } = await open()
    const token = await sign()
    expect(await tokens.verify(token, audience)).toEqual(['clinic'])
    expect(await tokens.verify(token, audience)).toBeUndefined()
    expect([...taken].join()).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each<[string, Wishes]>([
    ['one signed by somebody else', { byStranger: true }],
    ['one of an issuer that is not listed', { claims: { iss: 'https://other.example' } }],
    ['one of an issuer that is nearly the one listed', { claims: { iss: `${iss}/` } }],
    ['one without an issuer', { claims: { iss: undefined } }],
    ['one naming keys elsewhere', { header: { jku: 'https://stranger.example/jwks' } }],
    ['one for another service', { claims: { aud: 'https://qasid.example/cds-services/unread-messages' } }],
    ['one for others too', { claims: { aud: [audience, 'https://other.example'] } }],
    ['one for nobody', { claims: { aud: undefined } }],
    ['one that has run out', { claims: { iat: seconds - 300, exp: seconds - 61 } }],
    ['one of the future', { claims: { iat: seconds + 61, exp: seconds + 300 } }],
    ['one good for longer than ten minutes', { claims: { exp: seconds + 601 } }],
    ['one older than ten minutes', { claims: { iat: seconds - 700, exp: seconds + 10 } }],
    ['one that never ends', { claims: { exp: undefined } }],
    ['one that never began', { claims: { iat: undefined } }],
    ['one without a number of its own', { claims: { jti: undefined } }],
    ['one with a number that is none', { claims: { jti: '' } }],
    ['one with a number without end', { claims: { jti: 'x'.repeat(257) } }],
    ['one without the name of its key', { header: { kid: undefined } }],
    ['one with the name of another key', { header: { kid: 'k2' } }],
    ['one of another type', { header: { typ: 'at+jwt' } }],
  ])('%s is refused', async (_what, wishes) => {
    const { tokens, taken } = await open()
    expect(await tokens.verify(await sign(wishes), audience)).toBeUndefined()
    expect(taken.size).toBe(0)
  })

  it('may be a minute off', async () => {
    const { tokens } = await open()
    const early = await sign({ claims: { iat: seconds + 59 } })
    const late = await sign({ claims: { iat: seconds - 300, exp: seconds - 59 } })
    expect(await tokens.verify(early, audience)).toEqual(['clinic'])
    expect(await tokens.verify(late, audience)).toEqual(['clinic'])
  })

  it('is refused when nobody signed it, or with what is no secret', async () => {
    const { tokens } = await open()
    const claims = { aud: audience, exp: seconds + 300, iat: seconds, jti: 'n1', iss }
    expect(await tokens.verify(new UnsecuredJWT(claims).encode(), audience)).toBeUndefined()
    const publicText = new TextEncoder().encode(JSON.stringify(await exportJWK(own.publicKey)))
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: 'k1' })
      .sign(publicText)
    expect(await tokens.verify(hmac, audience)).toBeUndefined()
    expect(await tokens.verify('no token', audience)).toBeUndefined()
  })

  it('is refused in a way of signing that the list leaves out', async () => {
    const { tokens } = await open({ algs: ['RS384'] })
    expect(await tokens.verify(await sign(), audience)).toBeUndefined()
  })

  it('is never looked at with keys from elsewhere', async () => {
    const { tokens, server } = await open()
    const elsewhere = await startScriptedServer({ json: { keys: [] } })
    onTestFinished(() => elsewhere[Symbol.asyncDispose]())
    const token = await sign({ header: { jku: `${elsewhere.origin}/jwks` }, byStranger: true })
    expect(await tokens.verify(token, audience)).toBeUndefined()
    expect([elsewhere.asked, server.asked]).toEqual([[], []])
  })

  it('opens every install that lists its signer, and no other', async () => {
    const { jku } = await open()
    const at = (install: string, differs: Partial<CdsClient> = {}) => ({
      install,
      iss,
      jku,
      algs: ['ES384'],
      ...differs,
    })
    const tokens = createCdsClientTokens({
      clients: [at('north'), at('south'), at('east', { iss: 'https://other.example' })],
      takeOnce: async () => true,
      now,
    })
    expect(await tokens.verify(await sign(), audience)).toEqual(['north', 'south'])
  })

  it('cannot be judged while the EMR’s keys cannot be had', async () => {
    const { tokens } = await open({ jku: 'http://127.0.0.1:1/jwks' })
    await expect(tokens.verify(await sign(), audience)).rejects.toBeInstanceOf(EmrError)
  })
})
