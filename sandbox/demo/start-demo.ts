/** Starts the whole demo in order (Redis, EMR, phones, web, worker) and ends it in reverse, leaving nothing behind. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import type { LikeName } from '../emr/likes/index.ts'
import { provideRedis } from '../provide/redis.ts'
import { type CarrierId, carrierIds } from './demo-carriers.ts'
import {
  type DemoPorts,
  emrEnvironment,
  makeClinic,
  phonesEnvironment,
  qasidEnvironment,
  shellEnvironment,
} from './demo-clinic.ts'
import { adminToken, demoHosts } from './demo-hosts.ts'
import { installClinic } from './install-clinic.ts'
import { choosePorts } from './ports.ts'
import { startProcess, type Watched } from './process.ts'
import { until } from './until.ts'

export interface Demo {
  ports: DemoPorts
  /** Resolves with a sentence when a part fell that cannot be started again. */
  fell: Promise<string>
  stop(): Promise<void>
}

type Environment = Record<string, string | undefined>
const root = fileURLToPath(new URL('../..', import.meta.url))

export async function startDemo(wishes: {
  env: Environment
  args: string[]
  say(line: string): void
  /** Whoever aborts while it starts gets an error, and nothing is left. */
  signal: AbortSignal
}): Promise<Demo> {
  const { env, say, signal } = wishes
  const options = readOptions(wishes.args)
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of undo.splice(0).reverse()) await end()
  }
  try {
    const ports = await choosePorts(env)
    const redis = await provideRedis({ env, say })
    undo.push(() => redis.stop())
    signal.throwIfAborted()
    await answers(redis.url)
    const place = {
      redisUrl: redis.url,
      redisPrefix: `qasid-demo-${randomBytes(4).toString('hex')}`,
      dataDir: await makeDataDir(),
    }
    await mkdir(join(place.dataDir, 'installs'))
    undo.push(
      () => rm(place.dataDir, { recursive: true, force: true }),
      () => forget(place),
    )
    const clinic = makeClinic(env, ports, options.carrier)
    const watched: Watched[] = []
    const start = (
      name: string,
      script: string,
      own: Environment,
      more: { args?: string[]; restart?: boolean } = {},
    ) => {
      const part = startProcess({ name, script: join(root, script), env: { ...env, ...own }, say, ...more })
      undo.push(() => part.stop())
      watched.push(part)
      return part
    }
    const qasid = qasidEnvironment(clinic, place)
    const host = demoHosts[options.like]
    start('The EMR', 'sandbox/emr/main.ts', emrEnvironment(ports, options.like))
    if (host.hasStore)
      start('The store', 'sandbox/emr/main.ts', storeEnvironment(ports), { args: ['--empty'] })
    start('The phones', 'sandbox/phones/main.ts', phonesEnvironment(clinic))
    const begun = Promise.race(watched.map((part) => part.fell))
    await until(`http://localhost:${ports.emr}/fhir/metadata`, 'The EMR', { fell: begun, signal })
    if (host.hasStore)
      await until(`http://localhost:${ports.store}/fhir/metadata`, 'The store', { fell: begun, signal })
    const shell = join(place.dataDir, 'demo.env')
    await writeFile(
      shell,
      shellEnvironment(clinic, { ...qasid, SANDBOX_ADMIN_TOKEN: adminToken }) + qasidCommand(),
      { mode: 0o600 },
    )
    start('Qasid', 'src/cli.ts', qasid, { args: ['serve'] })
    const fell = Promise.race(watched.map((part) => part.fell))
    // The worker signs in at the EMR, which asks the web process for the keys: it would have to try again a minute later.
    await until(`http://localhost:${ports.qasid}/.well-known/jwks.json`, 'Qasid', { fell, signal })
    // After the EMR has its visits: what is in the book by now was reminded by whatever the clinic had before.
    await installClinic({
      env: { ...env, ...qasid, SANDBOX_ADMIN_TOKEN: adminToken },
      clinic,
      options,
      place,
    })
    start('Qasid’s worker', 'src/cli.ts', qasid, { args: ['work'], restart: true })
    await until(`http://localhost:${ports.qasid}/ready`, 'Qasid', { fell, signal })
    greet(ports, { ...options, shell, launches: host.launches }, say)
    return { ports, fell, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface DemoOptions {
  quietHours: boolean
  carrier: CarrierId
  /** Which EMR the sandbox's own is like. */
  like: LikeName
}

function readOptions(args: string[]): DemoOptions {
  const likes = Object.keys(demoHosts) as LikeName[]
  const takes = `--quiet-hours --carrier ${carrierIds.join('|')} --like ${likes.join('|')}`
  const options: DemoOptions = { quietHours: false, carrier: 'sandbox', like: 'full' }
  const words = args.flatMap((arg) => arg.split('='))
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = word === '--carrier' || word === '--like' ? words.shift() : undefined
    const carrier = word === '--carrier' && carrierIds.find((id) => id === value)
    const like = word === '--like' && likes.find((id) => id === value)
    if (word === '--quiet-hours') options.quietHours = true
    else if (carrier) options.carrier = carrier
    else if (like) options.like = like
    else throw new Error(`${[word, value].join(' ').trim()} is not known. The demo takes: ${takes}`)
  }
  return options
}

/** With the Node that runs the demo: the shell's own may be too old. */
function qasidCommand(): string {
  const quoted = [process.execPath, join(root, 'src/cli.ts')].map(
    (one) => `'${one.replaceAll("'", "'\\''")}'`,
  )
  return `qasid() { ${quoted.join(' ')} "$@"; }\n`
}

function makeDataDir(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'qasid-demo-'))
}

/** It keeps our records, and knows of the host only by its address. */
function storeEnvironment(ports: DemoPorts): Environment {
  return {
    ...emrEnvironment(ports, 'hapi'),
    SANDBOX_EMR_PORT: String(ports.store),
  }
}

/** Throws one sentence: without Redis nothing would ever be ready, and nobody would know why. */
async function answers(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl, { lazyConnect: true, connectTimeout: 3_000, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    await redis.connect()
    await redis.ping()
  } catch {
    throw new Error(`Redis at ${new URL(redisUrl).host} does not answer: start it, or leave REDIS_URL unset.`)
  } finally {
    redis.disconnect()
  }
}

/** A Redis that was given to us keeps nothing of ours. */
async function forget({ redisUrl, redisPrefix }: { redisUrl: string; redisPrefix: string }): Promise<void> {
  const redis = new Redis(redisUrl, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    await redis.connect()
    let cursor = '0'
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${redisPrefix}:*`, 'COUNT', 500)
      if (keys.length > 0) await redis.unlink(...keys)
      cursor = next
    } while (cursor !== '0')
  } catch {
    // It is gone already, and our keys with it.
  } finally {
    redis.disconnect()
  }
}

function greet(
  ports: DemoPorts,
  { carrier, like, shell, launches }: DemoOptions & { shell: string; launches: boolean },
  say: (line: string) => void,
): void {
  const patient = `http://localhost:${ports.emr}/patients/patient-018`
  say(`
Qasid is ready${carrier === 'sandbox' ? '' : `, sending through the sandbox’s ${carrier}`}${like === 'full' ? '' : `, in an EMR like ${like}`}. Open:

  the clinic's EMR     http://localhost:${ports.emr}/
  a patient's chart    ${patient}
  patients' phones     http://localhost:${ports.phones}/
  Qasid's own health   http://localhost:${ports.qasid}/health
  its API              http://localhost:${ports.qasid}/api/openapi.json

Book a visit for tomorrow in the chart: the reminder comes to the patient's phone within seconds.
${answering(carrier)}, and look at the chart again. ${launches ? '"Launch Messages" opens the conversation.' : 'This EMR launches no apps.'}
What works in this EMR, and how: qasid doctor.
For scripts (the API's key, the carriers' token, the qasid command): . ${shell}
Ctrl-C stops everything.`)
}

/** Unifonic's SMS come from a name, and its WhatsApp templates are approved in its own console. */
function answering(carrier: CarrierId): string {
  return carrier === 'unifonic'
    ? 'An SMS of this carrier cannot be answered: write to the clinic by WhatsApp, on the phone'
    : 'Answer it there (1, X, STOP)'
}
