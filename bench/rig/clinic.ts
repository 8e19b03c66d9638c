/** How the rig's clinic is installed: one sender, at the stranger's carrier; no rules, so that only we write requests. */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readAskedScopes } from './asked-scopes.ts'
import type { Carrier } from './carrier-ledger.ts'

export const install = 'bench'
export const sender = 'sms'

export interface ClinicWishes {
  folder: string
  ports: { web: number; emr: number }
  redisUrl: string
  carrier: Carrier
  /** Of the sender. */
  perSecond: number
  concurrency: number
}

export interface Clinic {
  webUrl: string
  apiKey: string
  /** Of web and worker. */
  env: Record<string, string>
}

/** Writes the install file as an admin would. */
export async function installClinic(wishes: ClinicWishes): Promise<Clinic> {
  const { folder, ports, redisUrl, carrier, concurrency } = wishes
  const apiKey = randomBytes(24).toString('base64url')
  const webUrl = `http://localhost:${ports.web}`
  await mkdir(join(folder, 'installs'), { recursive: true })
  await writeFile(join(folder, 'installs', `${install}.json`), JSON.stringify(await installFile(wishes)))
  const env = {
    QASID_PORT: String(ports.web),
    QASID_BASE_URL: webUrl,
    QASID_KEY: randomBytes(32).toString('base64'),
    QASID_DATA: folder,
    QASID_CONCURRENCY: String(concurrency),
    QASID_LOG: 'info',
    REDIS_URL: redisUrl,
    BENCH_CARRIER_TOKEN: carrier.token,
    BENCH_WEBHOOK_SECRET: carrier.webhookSecret,
    BENCH_API_KEY: apiKey,
  }
  return { webUrl, apiKey, env }
}

async function installFile({ ports, carrier, perSecond }: ClinicWishes): Promise<object> {
  const { app, service } = await readAskedScopes()
  return {
    id: install,
    host: { fhirBase: `http://localhost:${ports.emr}/fhir`, clientId: 'qasid-worker', scope: service },
    app: { clientId: 'qasid-app', scope: app },
    api: [{ id: 'bench', key: 'env:BENCH_API_KEY' }],
    senders: [
      {
        ...{ id: sender, provider: 'sandbox', channel: 'sms', address: '+15550100002', perSecond },
        credentials: {
          baseUrl: carrier.url,
          token: 'env:BENCH_CARRIER_TOKEN',
          webhookSecret: 'env:BENCH_WEBHOOK_SECRET',
        },
      },
    ],
    settings: {
      ...{ clinic: 'Bench Clinic', organization: 'Organization/sample-clinic' },
      ...{ zone: 'Asia/Dubai', country: 'AE', language: 'en', rules: [] },
      remindChangesSince: new Date().toISOString(),
    },
  }
}
