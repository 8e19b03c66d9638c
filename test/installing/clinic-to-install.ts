/** An EMR to be installed into, a web process that publishes our keys, and the command as an admin types it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4'
import { onTestFinished } from 'vitest'
import type { LikeName } from '../../sandbox/emr/likes/index.ts'
import { type Emr, startEmr } from '../../sandbox/emr/start-emr.ts'
import type { InstallingParts } from '../../src/compose/commands/installing.ts'
import { type InstallingName, runInstalling } from '../../src/compose/commands/run-installing.ts'
import { systemClock } from '../../src/compose/deployment.ts'
import { loadConfig } from '../../src/config.ts'
import type { CapabilityReport } from '../../src/domain/capability-report.ts'
import { publishedByInstall } from '../../src/signing-keys.ts'
import { sampleInstall } from '../unit/install-sample.ts'

const { senders, settings } = sampleInstall
/** What an admin writes. */
export const wished = {
  senders: senders.map((one) => ({
    ...one,
    credentials: { ...one.credentials, webhookSecret: 'env:CARRIER_SECRET' },
  })),
  settings,
}

const key = Buffer.alloc(32, 7)

export interface Ran {
  code: number
  out: string
  err: string
}

export interface Deployment {
  baseUrl: string
  dataDir: string
  config: InstallingParts['config']
  /** As typed after `qasid`. */
  qasid(name: InstallingName, ...args: string[]): Promise<Ran>
  /** The same with `--json`, and what it says. */
  report(name: 'install' | 'doctor', ...args: string[]): Promise<CapabilityReport & { left: string[] }>
  /** What `clinic.json` holds from now on. */
  wish(clinic: object): void
  /** The same deployment at another address of the same web process. */
  movedTo(baseUrl: string): Pick<Deployment, 'qasid'>
  /** Everything in the data folder, by path. */
  files(): Promise<Record<string, string>>
  write(path: string, text: string): Promise<void>
}

/** Who ends what was begun. */
export type Closing = (close: () => void | Promise<void>) => void

interface DeploymentWishes {
  /** False for a deployment whose web process is not up. */
  publishes?: boolean
  env?: Record<string, string>
  /** What `clinic.json` holds. */
  clinic?: object
}

export function startDeployment(wishes: DeploymentWishes = {}): Promise<Deployment> {
  return openDeployment(wishes, onTestFinished)
}

export async function openDeployment(
  { publishes = true, env = {}, clinic = wished }: DeploymentWishes,
  closing: Closing,
): Promise<Deployment> {
  const dataDir = await mkdtemp(join(tmpdir(), 'qasid-installing-'))
  closing(() => rm(dataDir, { recursive: true, force: true }))
  const web = await listen(closing, async (url) => {
    const all = await publishedByInstall({ dataDir, key, now: systemClock })
    const install = /^\/\.well-known\/jwks\/(.+)\.json$/.exec(url)?.[1]
    const keys = install ? all.get(install) : [...all.values()].flat()
    return publishes && keys ? { keys } : undefined
  })
  let wishedNow: object = clinic
  const readText = async (path: string) => {
    if (path !== 'clinic.json') throw new Error('no such file')
    return JSON.stringify(wishedNow)
  }
  const at = (baseUrl: string) => {
    const config = loadConfig({
      ...{ QASID_BASE_URL: baseUrl, QASID_DATA: dataDir, QASID_KEY: key.toString('base64') },
      ...{
        REDIS_URL: 'redis://127.0.0.1:1',
        CARRIER_TOKEN: 'sandbox',
        CARRIER_SECRET: 's'.repeat(32),
        ADMIN_TOKEN: 'sandbox-admin',
        ...env,
      },
    })
    const qasid = async (name: InstallingName, ...args: string[]): Promise<Ran> => {
      const said: { out: string[]; err: string[] } = { out: [], err: [] }
      const out = (line: string) => void said.out.push(line)
      const err = (line: string) => void said.err.push(line)
      const code = await runInstalling(name, args, () => ({ config, readText, out, err }), err)
      return { code, out: said.out.join('\n'), err: said.err.join('\n') }
    }
    return { config, qasid }
  }
  const { config, qasid } = at(web.url)
  return {
    ...{ baseUrl: web.url, dataDir, config, qasid },
    async report(name, ...args) {
      const { out, err } = await qasid(name, ...args, '--json')
      if (!out) throw new Error(err)
      const told = JSON.parse(out) as unknown
      return (Array.isArray(told) ? told[0] : told) as CapabilityReport & { left: string[] }
    },
    movedTo: at,
    wish: (now) => {
      wishedNow = now
    },
    write: (path, text) => writeFile(join(dataDir, path), text),
    async files() {
      const entries = await readdir(dataDir, { recursive: true, withFileTypes: true })
      const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
      const texts = await Promise.all(
        paths.map(async (path) => [path.slice(dataDir.length + 1), await readFile(path, 'utf8')]),
      )
      return Object.fromEntries(texts) as Record<string, string>
    },
  }
}

async function listen(closing: Closing, answer: (url: string) => Promise<unknown>): Promise<{ url: string }> {
  const server = createServer(async (request, response) => {
    const body = await answer(request.url ?? '')
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' })
    response.end(body ? JSON.stringify(body) : '{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A patient, whom nobody has to know by name, with a visit. */
const patient = { resourceType: 'Patient', id: 'p1' } as const
const chart: FhirResource[] = [
  patient,
  { resourceType: 'Practitioner', id: 'dr1' },
  { resourceType: 'Location', id: 'room1', status: 'active' },
  {
    ...{ resourceType: 'Appointment', id: 'v1', status: 'booked', start: '2026-12-01T09:00:00Z' },
    participant: [{ actor: { reference: 'Patient/p1' }, status: 'accepted' }],
  },
]

export async function openHost(
  qasidUrl: string,
  like: LikeName,
  closing: Closing,
  resources = chart,
): Promise<Emr> {
  const emr = await startEmr({ port: 0, qasidUrl, like, resources })
  closing(() => emr.stop())
  return emr
}

/** A plain HAPI beside the host. */
export function openStore(qasidUrl: string, closing: Closing): Promise<Emr> {
  return openHost(qasidUrl, 'hapi', closing, [])
}

export function startHost(qasidUrl: string, like: LikeName): Promise<Emr> {
  return openHost(qasidUrl, like, onTestFinished)
}

export function startStore(qasidUrl: string): Promise<Emr> {
  return openStore(qasidUrl, onTestFinished)
}

export interface Records {
  resources: { type: string; id: string; version: string }[]
  clients: { id: string; name: string }[]
}

/** All that a host holds, and who is known there. */
export async function recordsOf({ url }: Emr): Promise<Records> {
  const answer = await fetch(`${url}/sandbox/records`, { headers: { authorization: 'Bearer sandbox-admin' } })
  return (await answer.json()) as Records
}
