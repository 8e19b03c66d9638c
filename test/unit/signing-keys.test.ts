import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { loadSigningKeys, publicHalf } from '../../src/signing-keys.ts'

const key = Buffer.alloc(32, 1)
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'qasid-keys-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

const load = () => loadSigningKeys({ dataDir, key })

describe('signing keys', () => {
  it('are made once, one for each algorithm that hosts ask for, and found again', async () => {
    const made = await load()
    expect(made.map(({ alg }) => alg)).toEqual(['ES384', 'RS384'])
    expect(made.every(({ kid, use }) => kid && use === 'sig')).toBe(true)
    expect(await load()).toEqual(made)
  })

  it('are the same for processes that start together', async () => {
    const [first, ...others] = await Promise.all([load(), load(), load()])
    for (const other of others) expect(other).toEqual(first)
    expect(await readdir(dataDir)).toEqual(['signing-keys'])
  })

  it('sign what their public halves prove, and those hold nothing private', async () => {
    const keys = await load()
    const jwks = createLocalJWKSet({ keys: keys.map(publicHalf) })
    for (const jwk of keys) {
      const { alg = '', kid } = jwk
      const signed = await new SignJWT({ sub: 'worker' })
        .setProtectedHeader({ alg, kid })
        .sign(await importJWK(jwk))
      expect((await jwtVerify(signed, jwks)).payload.sub).toBe('worker')
      expect(
        Object.keys(publicHalf(jwk)).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name)),
      ).toEqual([])
    }
  })

  it('lie sealed on the disk, for their owner only', async () => {
    const [made] = await load()
    const file = join(dataDir, 'signing-keys')
    const text = await readFile(file, 'utf8')
    expect(text).toMatch(/^sealed:/)
    expect(text).not.toContain(made?.d)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  it.each([
    ['under another key', async () => loadSigningKeys({ dataDir, key: Buffer.alloc(32, 2) })],
    [
      'when the file was altered',
      async () => writeFile(join(dataDir, 'signing-keys'), 'sealed:AAAA').then(load),
    ],
  ])('are never made anew %s: hosts know the old ones', async (_when, again) => {
    await load()
    await expect(again()).rejects.toThrow(ConfigError)
    await expect(again()).rejects.toThrow(/QASID_KEY/)
  })

  it('cannot be kept in a folder that is not there, which is told by the variable', async () => {
    const missing = join(dataDir, 'other')
    await expect(loadSigningKeys({ dataDir: missing, key })).rejects.toThrow(/QASID_DATA/)
  })
})
