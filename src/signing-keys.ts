/** The keys we sign with as a SMART backend. Made once per deployment, sealed on disk, their public halves served as JWKS. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Config, ConfigError } from './config.ts'
import { seal, unseal } from './seal.ts'

const algorithms = ['ES384', 'RS384'] as const

/** Private JWKs with `kid` and `alg`. Two processes that start together end with the same ones. */
export async function loadSigningKeys({ dataDir, key }: Pick<Config, 'dataDir' | 'key'>): Promise<JWK[]> {
  const file = join(dataDir, 'signing-keys')
  const present = await readKeys(file, key)
  if (present) return present
  const made = await Promise.all(algorithms.map(makeKey))
  try {
    await writeFile(file, seal(key, JSON.stringify(made)), { flag: 'wx', mode: 0o600 })
    return made
  } catch {
    const others = await readKeys(file, key)
    if (others) return others
    throw new ConfigError([`QASID_DATA: the file ${file} cannot be written.`])
  }
}

export function publicHalf(jwk: JWK): JWK {
  const { kty, crv, x, y, n, e, kid, alg, use } = jwk
  return { kty, crv, x, y, n, e, kid, alg, use }
}

async function readKeys(file: string, key: Uint8Array): Promise<JWK[] | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (!text) return undefined
  try {
    return JSON.parse(unseal(key, text)) as JWK[]
  } catch (cause) {
    throw new ConfigError([`QASID_KEY: the file ${file} was sealed under another key.`], { cause })
  }
}

async function makeKey(alg: (typeof algorithms)[number]): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) }
}
