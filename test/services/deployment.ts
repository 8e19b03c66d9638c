/**
 * A deployment as `qasid serve` and `qasid work` run it, in this process: a Redis of its own, an EMR for each install, one
 * carrier for all of them. All speak over HTTP; nothing is replaced.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FhirResource } from 'fhir/r4'
import { sandbox } from '../../sandbox/carriers/sandbox.ts'
import type { LikeName } from '../../sandbox/emr/likes/index.ts'
import { type Emr, startEmr } from '../../sandbox/emr/start-emr.ts'
import { startPhones } from '../../sandbox/phones/start-phones.ts'
import { provideRedis } from '../../sandbox/provide/redis.ts'
import { startServe } from '../../src/compose/serve.ts'
import { startWork } from '../../src/compose/work.ts'
import { type Config, loadConfig } from '../../src/config.ts'
import { freePorts } from '../journeys/open-demo.ts'
import { createPhones, type Phones } from '../journeys/phones.ts'
import { createStranger, type Stranger } from '../journeys/stranger.ts'
import { until } from '../journeys/until.ts'
import { createMemoryLog } from './redis-under-test.ts'

export interface ClinicWish {
  id: string
  /** The number that it writes from, by SMS. */
  number: string
  resources: readonly FhirResource[]
  like?: LikeName
  /** Its records stand in an empty server beside the host. */
  isSidecar?: boolean
  /** Who may ask by CDS Hooks, beside the host itself. */
  cds?: { iss: string; jku: string }[]
}

export interface Clinic {
  id: string
  number: string
  host: Emr
  /** Where our records are: the host too, unless there is a sidecar. */
  store: Emr
  atHost: Stranger
  atStore: Stranger
  apiKey: string
  /** As the host's own staff, past its FHIR interface and whatever ails it. */
  put(resource: FhirResource & { id: string }): Promise<void>
  remove(reference: string): Promise<void>
  /** `Type/id/version` of all that a server holds, in order. */
  recordsOf(server: Emr): Promise<string[]>
}

export interface Deployment {
  url: string
  config: Config
  env: Record<string, string>
  phones: Phones
  /** What the carrier took, of all clinics. */
  ledger(): Promise<{ id: string; from: string; to: string; text: string; status: string }[]>
  webhookSecret: string
  log: ReturnType<typeof createMemoryLog>
  clinics: Clinic[]
  stop(): Promise<void>
}

/** Quick, so that a whole story is short. Milliseconds. */
const pace = { queuedFor: 50, sentFor: 400, readFor: 800 }

/** `beforeWork` is called when the web process answers and nobody has worked yet. */
export async function startDeployment(
  wishes: ClinicWish[],
  beforeWork: (clinics: Clinic[]) => Promise<unknown> = async () => {},
): Promise<Deployment> {
  const undo: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of undo.splice(0).reverse()) await end()
  }
  try {
    return { ...(await start(wishes, beforeWork, undo)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  wishes: ClinicWish[],
  beforeWork: (clinics: Clinic[]) => Promise<unknown>,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<Deployment, 'stop'>> {
  const redis = await provideRedis({ env: { ...process.env, REDIS_URL: undefined } })
  undo.push(() => redis.stop())
  const [port = 0] = await freePorts(1)
  const url = `http://localhost:${port}`
  const secrets = { token: newSecret(), webhookSecret: newSecret() }
  const senders = wishes.map(({ id, number }) => ({
    ...({
      address: number,
      channel: 'sms',
      wire: 'sandbox',
      inboundUrl: `${url}/webhooks/${id}/sms`,
    } as const),
  }))
  const wires = [{ wire: sandbox, account: secrets }]
  const carrier = await startPhones({ port: 0, token: secrets.token, wires, senders, pace })
  undo.push(() => carrier.stop())
  const folder = await mkdtemp(join(tmpdir(), 'qasid-deployment-'))
  undo.push(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'installs'))

  const clinics: Clinic[] = []
  for (const wish of wishes) {
    const clinic = await openClinic(wish, url, undo)
    clinics.push(clinic)
    const file = await installFile(wish, clinic, carrier.url)
    await writeFile(join(folder, 'installs', `${wish.id}.json`), JSON.stringify(file))
  }
  const env = {
    ...{ QASID_PORT: String(port), QASID_BASE_URL: url, QASID_KEY: randomBytes(32).toString('base64') },
    ...{ QASID_DATA: folder, QASID_CONCURRENCY: '5', QASID_LOG: 'warn', REDIS_URL: redis.url },
    ...{ CARRIER_TOKEN: secrets.token, WEBHOOK_SECRET: secrets.webhookSecret },
    ...Object.fromEntries(clinics.map(({ id, apiKey }) => [keyVariable(id), apiKey])),
  }
  const config = loadConfig(env)
  const log = createMemoryLog()
  undo.push(await startServe(config, log))
  await beforeWork(clinics)
  undo.push(await startWork(config, log))
  await until('all clinics are ready', async () => (await fetch(`${url}/ready`)).status === 200, {
    within: 60_000,
  })
  const ledger = async () => (await (await fetch(`${carrier.url}/api/ledger`)).json()) as never
  const phones = createPhones(carrier.url, secrets.token)
  return { url, config, env, phones, ledger, webhookSecret: secrets.webhookSecret, log, clinics }
}

async function openClinic(
  { id, number, resources, like, isSidecar }: ClinicWish,
  qasidUrl: string,
  undo: (() => Promise<unknown>)[],
): Promise<Clinic> {
  const open = async (options: Partial<Parameters<typeof startEmr>[0]>) => {
    const emr = await startEmr({ port: 0, qasidUrl, ...options })
    undo.push(() => emr.stop())
    return emr
  }
  const host = await open({ resources, ...(like && { like }) })
  const store = isSidecar ? await open({ like: 'hapi' }) : host
  const records = (server: Emr, path = '', init: RequestInit = {}) =>
    fetch(`${server.url}/sandbox/records${path}`, {
      ...init,
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
    })
  return {
    ...{ id, number, host, store, apiKey: newSecret() },
    atHost: createStranger(host.fhirUrl),
    atStore: createStranger(store.fhirUrl),
    async put(resource) {
      const path = `/${resource.resourceType}/${resource.id}`
      const { ok, status } = await records(host, path, { method: 'PUT', body: JSON.stringify(resource) })
      if (!ok) throw new Error(`The EMR's staff could not save ${path}: ${status}`)
    },
    remove: async (reference) => void (await records(host, `/${reference}`, { method: 'DELETE' })),
    async recordsOf(server) {
      const all = (await (await records(server)).json()) as {
        resources: { type: string; id: string; version: string }[]
      }
      return all.resources.map(({ type, id, version }) => `${type}/${id}/${version}`)
    },
  }
}

async function installFile(
  { id, number, isSidecar, cds = [] }: ClinicWish,
  { host, store }: Clinic,
  baseUrl: string,
): Promise<object> {
  const { app, service } = await scopes()
  const credentials = { baseUrl, token: 'env:CARRIER_TOKEN', webhookSecret: 'env:WEBHOOK_SECRET' }
  return {
    id,
    host: { fhirBase: host.fhirUrl, clientId: 'qasid-worker', scope: service },
    ...(isSidecar && { store: { fhirBase: store.fhirUrl } }),
    app: { clientId: 'qasid-app', scope: app },
    cds: { clients: [{ iss: host.url, jku: `${host.url}/cds/jwks` }, ...cds] },
    api: [{ id: 'scripts', key: `env:${keyVariable(id)}` }],
    senders: [
      { id: 'sms', provider: 'sandbox', channel: 'sms', address: number, perSecond: 80, credentials },
    ],
    settings: {
      ...{ clinic: `Clinic ${id}`, organization: 'Organization/sample-clinic', zone: 'Asia/Dubai' },
      ...{ country: 'AE', language: 'en' },
      rules: [
        { id: '48h', before: 'PT48H', plan: ['sms'], template: 'visit-reminder', bookedLate: 'send-now' },
      ],
      remindChangesSince: new Date().toISOString(),
    },
  }
}

interface Asked {
  scopes: { v2: string[] }
  optionalScopes?: { v2: string[] }
}

/** What the plugin's own manifest asks for. */
async function scopes(): Promise<{ app: string; service: string }> {
  const text = await readFile(new URL('../../plugin.manifest.json', import.meta.url), 'utf8')
  const { smart } = JSON.parse(text) as { smart: { apps: Asked[]; services: Asked[] } }
  const all = (asked?: Asked) => [...(asked?.scopes.v2 ?? []), ...(asked?.optionalScopes?.v2 ?? [])].join(' ')
  return { app: all(smart.apps[0]), service: all(smart.services[0]) }
}

/** Of the key of a clinic's own scripts. */
function keyVariable(id: string): string {
  return `API_KEY_${id.toUpperCase().replaceAll('-', '_')}`
}

function newSecret(): string {
  return randomBytes(24).toString('base64url')
}
