/**
 * The keys we sign with as a SMART backend, of each install its own, sealed under `<data>/keys/{install}/`. There stand
 * generations, `1`, `2`, `3` …: the highest is the truth, and none is ever changed. A new one comes into its place in one
 * step that fails where one stands already, so of two processes that rotate at once one wins, and both go on with its keys.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Config, ConfigError } from './config.ts'
import { seal, unseal } from './seal.ts'

const algorithms = ['ES384', 'RS384'] as const

/** Milliseconds, all here. A host that fetched our keys before a rotation still finds the one that signed a minute ago. */
const previousStaysFor = 24 * 60 * 60_000
/** Hosts keep what they fetched for about as long: a key is used only once they can have seen it. */
const settlesFor = 60 * 60_000

export interface SigningKeys {
  /** Private JWKs with `kid` and `alg`; those of another process's rotation too. */
  current(): Promise<JWK[]>
  /** Public JWKs: current, next, and for a day those that were current before. */
  published(): Promise<JWK[]>
}

export type KeyState = 'current' | 'next' | 'previous'

/** What may be told of a key. */
export interface KeyAge {
  state: KeyState
  kid: string
  alg: string
  madeAt: number
}

export type Rotated = { kind: 'rotated' } | { kind: 'too-soon'; goodAt: number }

interface Kept {
  jwk: JWK
  madeAt: number
}

interface KeyRing {
  current: Kept[]
  next: Kept[]
  previous: (Kept & { until: number })[]
}

interface Generation {
  number: number
  ring: KeyRing
}

/** `now` in milliseconds. */
export type KeyPlace = Pick<Config, 'dataDir' | 'key'> & { now: () => number }

/** Makes them where there are none yet. Throws `ConfigError` where they can neither be read nor made. */
export async function loadSigningKeys(place: KeyPlace, install: string): Promise<SigningKeys> {
  let held = await openOrMake(place, install)
  async function newest(): Promise<KeyRing> {
    const number = await newestNumber(place, install).catch(() => undefined)
    // What cannot be read now does not take away the keys that we have.
    if (number !== undefined && number !== held.number)
      held = (await openNewest(place, install).catch(() => undefined)) ?? held
    return held.ring
  }
  return {
    current: async () => (await newest()).current.map(({ jwk }) => jwk),
    published: async () => inOrder(await newest(), place.now()).map(({ jwk }) => publicHalf(jwk)),
  }
}

/** Public JWKs of every install that has keys, also of one that is still being made. */
export async function publishedByInstall(place: KeyPlace): Promise<Map<string, JWK[]>> {
  const installs = (await readdir(join(place.dataDir, 'keys')).catch(unlessGone)) ?? []
  const published = new Map<string, JWK[]>()
  for (const install of installs) {
    // One that was sealed under another key takes no other's away.
    const newest = await openNewest(place, install).catch(() => undefined)
    if (newest)
      published.set(
        install,
        inOrder(newest.ring, place.now()).map(({ jwk }) => publicHalf(jwk)),
      )
  }
  return published
}

export async function removeSigningKeys(place: Pick<KeyPlace, 'dataDir'>, install: string): Promise<void> {
  await rm(folderOf(place, install), { recursive: true, force: true })
}

export async function listSigningKeys(place: KeyPlace, install: string): Promise<KeyAge[]> {
  const { ring } = await openOrMake(place, install)
  return inOrder(ring, place.now()).map(({ state, madeAt, jwk: { kid = '', alg = '' } }) => ({
    ...{ state, kid, alg, madeAt },
  }))
}

/**
 * The next keys become current, and new ones come next. `atOnce`, for keys that somebody else has seen: also where hosts
 * may not have fetched the next ones yet, and those from before are published no more.
 */
export async function rotateSigningKeys(
  place: KeyPlace,
  install: string,
  { atOnce }: { atOnce: boolean },
): Promise<Rotated> {
  const { number, ring } = await openOrMake(place, install)
  const goodAt = Math.max(...ring.next.map(({ madeAt }) => madeAt)) + settlesFor
  if (!atOnce && place.now() < goodAt) return { kind: 'too-soon', goodAt }
  const until = place.now() + previousStaysFor
  const retired = [...ring.previous, ...ring.current.map((one) => ({ ...one, until }))]
  const previous = atOnce ? [] : retired.filter((one) => one.until > place.now())
  const next = await makeKeys(place.now())
  await put(place, install, { number: number + 1, ring: { current: ring.next, next, previous } })
  return { kind: 'rotated' }
}

/** The keys of all installs before each had its own: forgotten, so that no new install takes them over. */
export async function forgetSharedKeys({ dataDir }: Pick<KeyPlace, 'dataDir'>): Promise<void> {
  await rm(sharedFile(dataDir), { force: true })
}

export function publicHalf(jwk: JWK): JWK {
  const { kty, crv, x, y, n, e, kid, alg, use } = jwk
  return { kty, crv, x, y, n, e, kid, alg, use }
}

function inOrder({ current, next, previous }: KeyRing, now: number): (Kept & { state: KeyState })[] {
  const as = (state: KeyState, keys: Kept[]) => keys.map((one) => ({ ...one, state }))
  const known = previous.filter(({ until }) => until > now)
  return [...as('current', current), ...as('next', next), ...as('previous', known)]
}

async function openOrMake(place: KeyPlace, install: string): Promise<Generation> {
  const present = await openNewest(place, install)
  if (present) return present
  const shared = await readShared(place)
  const made = () => makeKeys(place.now())
  const ring = { current: shared ?? (await made()), next: await made(), previous: [] }
  try {
    return await put(place, install, { number: 1, ring })
  } catch (error) {
    // A folder that only reads, with keys that hosts know: they go on, and do not rotate.
    if (shared && error instanceof ConfigError) return { number: 0, ring: { ...ring, next: [] } }
    throw error
  }
}

/** The generation that stands there in the end: this one, or that of whoever was faster. */
async function put(place: KeyPlace, install: string, { number, ring }: Generation): Promise<Generation> {
  const folder = folderOf(place, install)
  const draft = join(folder, `draft-${randomUUID()}`)
  try {
    for (const one of [join(place.dataDir, 'keys'), folder, draft])
      await mkdir(one, { mode: 0o700 }).catch(unlessThere)
    await writeFile(join(draft, 'sealed'), seal(place.key, JSON.stringify(ring)), { mode: 0o600 })
    // A folder with something in it gives way to no other, on any file system.
    await rename(draft, join(folder, String(number))).catch(unlessThere)
  } catch (cause) {
    throw new ConfigError([`QASID_DATA: the folder ${folder} cannot be written.`], { cause })
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {})
  }
  const newest = await openNewest(place, install)
  if (!newest) throw new ConfigError([`QASID_DATA: the folder ${folder} cannot be read.`])
  await removeOlder(folder, newest.number)
  return newest
}

async function openNewest(place: KeyPlace, install: string): Promise<Generation | undefined> {
  const number = await newestNumber(place, install)
  if (number === undefined) return undefined
  const file = join(folderOf(place, install), String(number), 'sealed')
  const text = await readFile(file, 'utf8').catch(unlessGone)
  // Removed since it was listed, because there is a newer one.
  if (text === undefined) return openNewest(place, install)
  return { number, ring: unsealed(place, file, text) }
}

async function newestNumber(place: KeyPlace, install: string): Promise<number | undefined> {
  const names = (await readdir(folderOf(place, install)).catch(unlessGone)) ?? []
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number)
  return numbers.length > 0 ? Math.max(...numbers) : undefined
}

async function removeOlder(folder: string, newest: number): Promise<void> {
  const names = await readdir(folder)
  const old = names.filter((name) => /^\d+$/.test(name) && Number(name) < newest)
  // What stays is never read again.
  for (const name of old) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {})
}

async function readShared({ dataDir, key }: KeyPlace): Promise<Kept[] | undefined> {
  const file = sharedFile(dataDir)
  const text = await readFile(file, 'utf8').catch(unlessGone)
  if (!text) return undefined
  const { mtimeMs } = await stat(file)
  const jwks = unsealed<JWK[]>({ key }, file, text)
  return jwks.map((jwk) => ({ jwk, madeAt: Math.floor(mtimeMs) }))
}

function unsealed<T = KeyRing>({ key }: Pick<KeyPlace, 'key'>, file: string, text: string): T {
  try {
    return JSON.parse(unseal(key, text)) as T
  } catch (cause) {
    throw new ConfigError([`QASID_KEY: the file ${file} was sealed under another key.`], { cause })
  }
}

async function makeKeys(madeAt: number): Promise<Kept[]> {
  return Promise.all(
    algorithms.map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      const jwk = await exportJWK(privateKey)
      const named = { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) }
      return { jwk: named, madeAt }
    }),
  )
}

function folderOf({ dataDir }: Pick<KeyPlace, 'dataDir'>, install: string): string {
  return join(dataDir, 'keys', install)
}

function sharedFile(dataDir: string): string {
  return join(dataDir, 'signing-keys')
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}

function unlessThere(error: NodeJS.ErrnoException): undefined {
  if (!['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(error.code ?? '')) throw error
}
