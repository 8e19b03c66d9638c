import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { day, hour, minute } from '../../src/domain/time.ts'
import { seal } from '../../src/seal.ts'
import {
  forgetSharedKeys,
  type KeyPlace,
  listSigningKeys,
  loadSigningKeys,
  publicHalf,
  rotateSigningKeys,
} from '../../src/signing-keys.ts'

const key = Buffer.alloc(32, 1)
const clinic = 'sample-clinic'
let dataDir: string
let time: number
let place: KeyPlace
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'qasid-keys-'))
  time = Date.UTC(2026, 10, 20, 6)
  place = { dataDir, key, now: () => time }
})
afterEach(() => rm(dataDir, { recursive: true }))

const load = (install = clinic) => loadSigningKeys(place, install)
const rotate = (atOnce = false) => rotateSigningKeys(place, clinic, { atOnce })
const kids = (keys: JWK[]) => keys.map(({ kid }) => kid)
const isPrivate = (name: string) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name)

/** As versions before wrote it: one file for all installs. */
async function writeShared(): Promise<JWK[]> {
  const keys = await Promise.all(
    ['ES384', 'RS384'].map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `shared-${alg}` }
    }),
  )
  await writeFile(join(dataDir, 'signing-keys'), seal(key, JSON.stringify(keys)))
  return keys
}

describe('signing keys', () => {
  it('are made once, one for each algorithm that hosts ask for, and found again', async () => {
    const made = await (await load()).current()
    expect(made.map(({ alg }) => alg)).toEqual(['ES384', 'RS384'])
    expect(made.every(({ kid, use }) => kid && use === 'sig')).toBe(true)
    expect(await (await load()).current()).toEqual(made)
  })

  it('are the same for processes that start together', async () => {
    const all = await Promise.all([load(), load(), load()])
    const [first, ...others] = await Promise.all(all.map((one) => one.current()))
    for (const other of others) expect(other).toEqual(first)
    expect(await readdir(join(dataDir, 'keys', clinic))).toEqual(['1'])
  })

  it('are each install’s own', async () => {
    const [one, other] = await Promise.all([load(), load('other-clinic')])
    expect(kids(await one.published())).not.toContain(kids(await other.current())[0])
  })

  it('are published with those that come next, and nothing private of either', async () => {
    const keys = await load()
    const published = await keys.published()
    expect(published.map(({ alg }) => alg)).toEqual(['ES384', 'RS384', 'ES384', 'RS384'])
    expect(kids(published).slice(0, 2)).toEqual(kids(await keys.current()))
    expect(published.flatMap((jwk) => Object.keys(jwk)).filter(isPrivate)).toEqual([])
  })

  it('sign what their public halves prove', async () => {
    const keys = await load()
    const jwks = createLocalJWKSet({ keys: await keys.published() })
    for (const jwk of await keys.current()) {
      const { alg = '', kid } = jwk
      const signed = await new SignJWT({ sub: 'worker' })
        .setProtectedHeader({ alg, kid })
        .sign(await importJWK(jwk))
      expect((await jwtVerify(signed, jwks)).payload.sub).toBe('worker')
      expect(Object.keys(publicHalf(jwk)).filter(isPrivate)).toEqual([])
    }
  })

  it('lie sealed on the disk, for their owner only', async () => {
    const [made] = await (await load()).current()
    const file = join(dataDir, 'keys', clinic, '1', 'sealed')
    const text = await readFile(file, 'utf8')
    expect(text).toMatch(/^sealed:/)
    expect(text).not.toContain(made?.d)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  it.each([
    ['under another key', async () => loadSigningKeys({ ...place, key: Buffer.alloc(32, 2) }, clinic)],
    [
      'when the file was altered',
      async () => writeFile(join(dataDir, 'keys', clinic, '1', 'sealed'), 'sealed:AAAA').then(() => load()),
    ],
  ])('are never made anew %s: hosts know the old ones', async (_when, again) => {
    await load()
    await expect(again()).rejects.toThrow(ConfigError)
    await expect(again()).rejects.toThrow(/QASID_KEY/)
  })

  it('cannot be kept in a folder that is not there, which is told by the variable', async () => {
    const missing = { ...place, dataDir: join(dataDir, 'other') }
    await expect(loadSigningKeys(missing, clinic)).rejects.toThrow(/QASID_DATA/)
  })
})

describe('keys of all installs together, as there were before', () => {
  it('are taken over by each install that has none of its own', async () => {
    const shared = await writeShared()
    expect(await (await load()).current()).toEqual(shared)
    expect(await (await load('other-clinic')).current()).toEqual(shared)
  })

  it('go on where nothing can be written beside them', async () => {
    const shared = await writeShared()
    await writeFile(join(dataDir, 'keys'), 'in the way')
    const keys = await load()
    expect(await keys.current()).toEqual(shared)
    expect(kids(await keys.published())).toEqual(kids(shared))
    await expect(rotate(true)).rejects.toThrow(/QASID_DATA/)
  })

  it('are taken over by nobody once they are forgotten', async () => {
    const shared = await writeShared()
    await forgetSharedKeys(place)
    expect(kids(await (await load()).current())).not.toEqual(kids(shared))
  })
})

describe('a rotation', () => {
  it('makes the next keys current, and is noticed by who runs', async () => {
    const running = await load()
    const [before, published] = [await running.current(), await running.published()]
    time += 2 * hour
    expect(await rotate()).toEqual({ kind: 'rotated' })
    expect(kids(await running.current())).toEqual(kids(published).slice(2))
    expect(kids(await running.current())).not.toEqual(kids(before))
  })

  it('leaves the keys before published for a day', async () => {
    const running = await load()
    const before = kids(await running.current())
    time += 2 * hour
    await rotate()
    time += day - minute
    expect(kids(await running.published())).toEqual(expect.arrayContaining(before))
    time += minute
    expect(await running.published()).toHaveLength(4)
    expect(kids(await running.published())).not.toContain(before[0])
  })

  it('waits until hosts can have seen the next keys, unless told not to', async () => {
    await load()
    expect(await rotate()).toEqual({ kind: 'too-soon', goodAt: time + hour })
    expect(await rotate(true)).toEqual({ kind: 'rotated' })
  })

  it('at once publishes the keys from before no more: somebody else has seen them', async () => {
    const keys = await load()
    const [before, next] = [kids(await keys.current()), kids(await keys.published()).slice(2)]
    await rotate(true)
    expect(kids(await keys.published())).toHaveLength(4)
    expect(kids(await keys.published())).toEqual(expect.arrayContaining(next))
    expect(kids(await keys.published())).not.toContain(before[0])
  })

  it('by two processes at once ends with the same keys, one step on', async () => {
    const [one, other] = await Promise.all([load(), load()])
    const next = kids(await one.published()).slice(2)
    time += 2 * hour
    await Promise.all([rotate(), rotate(), rotate()])
    expect(kids(await one.current())).toEqual(next)
    expect(await one.published()).toEqual(await other.published())
    expect(await readdir(join(dataDir, 'keys', clinic))).toEqual(['2'])
  })

  it('that was left in the middle hurts nobody', async () => {
    const keys = await load()
    await mkdir(join(dataDir, 'keys', clinic, 'draft-left'))
    expect(await keys.current()).toHaveLength(2)
    expect(await rotate(true)).toEqual({ kind: 'rotated' })
  })

  it('is seen in the list, which holds names and ages only', async () => {
    await load()
    const madeAt = time
    time += 2 * hour
    await rotate()
    const list = await listSigningKeys(place, clinic)
    expect(list.map(({ state, alg, madeAt: at }) => [state, alg, time - at])).toEqual([
      ...['ES384', 'RS384'].map((alg) => ['current', alg, time - madeAt]),
      ...['ES384', 'RS384'].map((alg) => ['next', alg, 0]),
      ...['ES384', 'RS384'].map((alg) => ['previous', alg, time - madeAt]),
    ])
    expect(new Set(list.flatMap((one) => Object.keys(one)))).toEqual(
      new Set(['state', 'kid', 'alg', 'madeAt']),
    )
  })
})
