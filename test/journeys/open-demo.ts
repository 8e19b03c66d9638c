/**
 * The whole demo as `npm run demo` starts it, on ports of its own, seen from outside: a stranger's FHIR client, the
 * phones, and what Qasid tells about itself. Nothing here reaches into a process except by its port or a signal.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect } from 'vitest'
import { findLeftovers, findProcesses, type Leftovers, nothing } from './leftovers.ts'
import { createPhones, type Phones } from './phones.ts'
import { createSelfReport, type SelfReport } from './self-report.ts'
import { createStranger, type Stranger } from './stranger.ts'
import { until } from './until.ts'
import { readWritten } from './written.ts'

export interface OpenDemo extends SelfReport {
  /** `store` answers only where the EMR keeps none of our records. */
  urls: { qasid: string; emr: string; phones: string; store: string }
  stranger: Stranger
  phones: Phones
  webhookSecret: string
  /** Of the EMR's scripts. */
  apiKey: string
  /** Milliseconds from start until `/ready` said so. */
  readyAfter: number
  /** What it printed. */
  said(): string
  /** The command of the demo’s own shell. */
  qasid(...args: string[]): Promise<{ code: number | null; said: string }>
  /** The pid of the process whose command line holds these words. */
  pidOf(command: string): Promise<number>
  /** Ctrl-C, once. Resolves to what is left when it has ended. */
  stop(): Promise<Leftovers & { code: number | null }>
}

export interface DemoWishes {
  /** Undefined: the demo finds its own. */
  redisUrl?: string
  args?: string[]
  /** Where all processes log to, in full. */
  logTo?: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The first start on a bare machine installs Redis. */
const readyWithin = 300_000

export async function openDemo({ redisUrl, args = [], logTo }: DemoWishes = {}): Promise<OpenDemo> {
  const ports = await freePorts(4)
  const [qasid = 0, emr = 0, phones = 0, store = 0] = ports
  const urls = {
    qasid: `http://localhost:${qasid}`,
    emr: `http://localhost:${emr}`,
    phones: `http://localhost:${phones}`,
    store: `http://localhost:${store}`,
  }
  const folder = await mkdtemp(join(tmpdir(), 'qasid-journey-'))
  const carrierToken = randomBytes(16).toString('hex')
  const webhookSecret = randomBytes(16).toString('hex')
  const apiKey = randomBytes(16).toString('hex')
  const startedAt = performance.now()
  const child = startChild(args, {
    QASID_PORT: String(qasid),
    SANDBOX_EMR_PORT: String(emr),
    SANDBOX_PHONE_PORT: String(phones),
    SANDBOX_STORE_PORT: String(store),
    SANDBOX_CARRIER_TOKEN: carrierToken,
    DEMO_API_KEY: apiKey,
    SANDBOX_WEBHOOK_SECRET: webhookSecret,
    TMPDIR: folder,
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...(logTo && { DEMO_LOG: logTo, QASID_LOG: 'debug' }),
  })
  let stopped: ReturnType<OpenDemo['stop']> | undefined
  const stop = () => {
    stopped ??= end(child, folder, ports)
    return stopped
  }
  try {
    await until('the demo is ready', () => child.isReady(`${urls.qasid}/ready`), { within: readyWithin })
  } catch (error) {
    await stop()
    throw new Error(`The demo does not start:\n${child.said()}`, { cause: error })
  }
  return {
    ...createSelfReport(urls.qasid),
    urls,
    webhookSecret,
    apiKey,
    stranger: createStranger(`${urls.emr}/fhir`),
    phones: createPhones(urls.phones, carrierToken),
    readyAfter: Math.round(performance.now() - startedAt),
    said: child.said,
    pidOf: (command) => pidOf(folder, command),
    qasid: (...args) => runInShell(child.said, args),
    stop,
  }
}

async function end(child: Child, folder: string, ports: number[]) {
  const code = await child.end()
  const left = await findLeftovers(folder, ports)
  await rm(folder, { recursive: true, force: true })
  return { ...left, code }
}

/** Ctrl-C as soon as the EMR is up, long before the demo is ready. Resolves to what is left. */
export async function interruptEarly(): Promise<Leftovers & { code: number | null; said: string }> {
  const [qasid = 0, emr = 0, phones = 0] = await freePorts(3)
  const folder = await mkdtemp(join(tmpdir(), 'qasid-journey-'))
  const child = startChild([], {
    ...{ QASID_PORT: String(qasid), SANDBOX_EMR_PORT: String(emr), SANDBOX_PHONE_PORT: String(phones) },
    TMPDIR: folder,
  })
  await until('the EMR is up', () => child.isReady(`http://localhost:${emr}/fhir/metadata`), {
    within: readyWithin,
    every: 50,
  })
  return { ...(await end(child, folder, [qasid, emr, phones])), said: child.said() }
}

/** One demo for all tests of a file; each file proves again that it wrote nothing invalid, and leaves nothing behind. */
export function borrowDemo(wishes: () => DemoWishes = () => ({})): () => OpenDemo {
  let demo: OpenDemo | undefined
  beforeAll(async () => {
    demo = await openDemo(wishes())
  })
  afterAll(async () => {
    if (!demo) return
    const written = await readWritten(demo.stranger).catch((error: unknown) => error)
    expect(await demo.stop(), demo.said()).toEqual({ ...nothing, code: 0 })
    expect(written).toMatchObject({ faults: [], counts: { Subscription: 3, Basic: 1 } })
  })
  return () => {
    if (!demo) throw new Error('The demo is not open.')
    return demo
  }
}

interface Child {
  said(): string
  /** Throws once the process has ended. */
  isReady(url: string): Promise<boolean>
  end(): Promise<number | null>
}

function startChild(args: string[], env: Record<string, string>): Child {
  const child: ChildProcess = spawn(process.execPath, ['sandbox/demo/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, NODE_ENV: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      said += text
    })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    said: () => said,
    async isReady(url) {
      if (child.exitCode !== null) throw new Error('It ended by itself.')
      const answer = await fetch(url).catch(() => undefined)
      await answer?.body?.cancel()
      return answer?.status === 200
    },
    end() {
      child.kill('SIGINT')
      return ended
    },
  }
}

/** As a stranger would: the file that the demo names, in its last words, is read into a shell. */
async function runInShell(
  said: () => string,
  args: string[],
): Promise<{ code: number | null; said: string }> {
  const file = await until(
    'the demo names a file for a shell',
    async () => /\. (\S+demo\.env)/.exec(said())?.[1],
  )
  const shell = spawn('bash', ['-c', `. ${file}; qasid "$@"`, 'qasid', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let heard = ''
  for (const stream of [shell.stdout, shell.stderr])
    stream.on('data', (text) => {
      heard += text
    })
  return new Promise((resolve) => shell.once('close', (code) => resolve({ code, said: heard })))
}

async function pidOf(folder: string, command: string): Promise<number> {
  const found = (await findProcesses(folder)).find((one) => one.command.includes(command))
  if (!found) throw new Error(`No process of the demo runs ${command}.`)
  return found.pid
}

/** All at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(Array.from({ length: count }, listenAnywhere))
  const ports = probes.map((probe) => {
    const address = probe.address()
    return typeof address === 'object' && address ? address.port : 0
  })
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))))
  return ports
}

function listenAnywhere(): Promise<ReturnType<typeof createServer>> {
  const probe = createServer()
  return new Promise((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(0, () => resolve(probe))
  })
}
