/**
 * `qasid keys`: which keys each install signs with at its EMR, and how old they are; `qasid keys rotate` brings in the next
 * ones; `qasid keys --public` prints what an EMR is given that fetches no keys by itself. Nothing private is ever printed.
 */
import { ConfigError, loadConfig } from '../../config.ts'
import { day, hour, instant, minute, toIso } from '../../domain/time.ts'
import { readInstalls } from '../../install-file.ts'
import {
  forgetSharedKeys,
  type KeyPlace,
  listSigningKeys,
  loadSigningKeys,
  rotateSigningKeys,
} from '../../signing-keys.ts'
import { systemClock } from '../deployment.ts'
import type { Answer } from './answer.ts'
import { toTable } from './table.ts'
import { type Given, readArguments, textOf, UsageError } from './usage.ts'

export interface KeyParts {
  /** Where the keys are, and the ids of the installs. */
  open(): Promise<{ place: KeyPlace; installs: string[] }>
  out(line: string): void
  err(line: string): void
}

/** Of the deployment that the environment describes. */
export async function openKeys(): ReturnType<KeyParts['open']> {
  const config = loadConfig()
  const files = await readInstalls(config)
  return { place: { ...config, now: systemClock }, installs: files.map(({ id }) => id) }
}

const options = { public: { type: 'boolean' }, 'at-once': { type: 'boolean' } } as const

/** Resolves to the exit code. */
export async function runKeys(args: string[], parts: KeyParts): Promise<0 | 1 | 2> {
  try {
    const given = readArguments(args, options)
    const run = wayOf(given)
    const { place, installs } = await parts.open()
    const { lines, json, code } = await run(place, chosen(installs, textOf(given, 'install')), given)
    if (given.values.json) parts.out(JSON.stringify(json))
    else for (const line of lines) (code === 0 ? parts.out : parts.err)(line)
    return code
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ConfigError)) throw error
    parts.err(error.message)
    return error instanceof UsageError ? 2 : 1
  }
}

type Way = (place: KeyPlace, installs: string[], given: Given) => Promise<Answer>

function wayOf({ positionals, values }: Given): Way {
  const [word, ...more] = positionals
  if (more.length > 0 || (word !== undefined && word !== 'rotate'))
    throw new UsageError('Write qasid keys, or qasid keys rotate.')
  if (word === 'rotate' && values.public) throw new UsageError('Rotate first, then print with --public.')
  if (word !== 'rotate' && values['at-once']) throw new UsageError('Only rotate takes --at-once.')
  return word === 'rotate' ? rotate : values.public ? printPublic : list
}

function chosen(installs: string[], wanted: string | undefined): string[] {
  if (installs.length === 0)
    throw new UsageError('There is no install yet: put its file under installs/ of QASID_DATA.')
  if (wanted === undefined) return installs
  if (installs.includes(wanted)) return [wanted]
  throw new UsageError(`There is no install of that name; there are: ${installs.join(', ')}.`)
}

const list: Way = async (place, installs) => {
  const all = await Promise.all(
    installs.map(async (install) =>
      (await listSigningKeys(place, install)).map((one) => ({ install, ...one })),
    ),
  )
  const keys = all.flat()
  const rows = keys.map(({ install, state, alg, kid, madeAt }) => [
    ...[install, state, alg, kid, sayAge(place.now() - madeAt)],
  ])
  const json = keys.map(({ madeAt, ...key }) => ({ ...key, madeAt: toIso(instant(madeAt)) }))
  return { lines: toTable(['install', 'state', 'alg', 'kid', 'age'], rows), json, code: 0 }
}

/** As `/.well-known/jwks.json` serves it. */
const printPublic: Way = async (place, installs) => {
  const all = await Promise.all(
    installs.map(async (install) => (await loadSigningKeys(place, install)).published()),
  )
  const jwks = { keys: [...new Map(all.flat().map((jwk) => [jwk.kid, jwk])).values()] }
  return { lines: [JSON.stringify(jwks, null, 2)], json: jwks, code: 0 }
}

const rotate: Way = async (place, installs, { values }) => {
  const atOnce = values['at-once'] === true
  const rotated = await Promise.all(
    installs.map(async (install) => ({
      install,
      ...(await rotateSigningKeys(place, install, { atOnce })),
    })),
  )
  const isWhole = rotated.every(({ kind }) => kind === 'rotated')
  if (isWhole && values.install === undefined) await forgetSharedKeys(place)
  const lines = rotated.map((one) =>
    one.kind === 'rotated'
      ? `${one.install}: the next keys are current now, and new ones come next.`
      : `${one.install}: not rotated. Its EMR may not have fetched the next keys yet: rotate after ${toIso(instant(one.goodAt))}, or now with --at-once.`,
  )
  const json = rotated.map(({ install, kind }) => ({ install, rotated: kind === 'rotated' }))
  return { lines, json, code: isWhole ? 0 : 1 }
}

function sayAge(howLong: number): string {
  const units = [
    ['day', day],
    ['hour', hour],
    ['minute', minute],
  ] as const
  const [name, unit] = units.find(([, one]) => howLong >= one) ?? ['minute', minute]
  const count = Math.floor(howLong / unit)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
