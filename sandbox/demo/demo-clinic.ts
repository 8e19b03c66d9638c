/** How the sample clinic is installed: the install file and the environment that Qasid reads. Secrets are made anew at each start, unless they are given. */
import { randomBytes } from 'node:crypto'

export interface DemoPorts {
  qasid: number
  emr: number
  phones: number
}

export const install = 'sample-clinic'

/** One number for both phone channels, as clinics have it. */
const senders = [
  { id: 'whatsapp', channel: 'whatsapp', address: '+15550100001', perSecond: 20 },
  { id: 'sms', channel: 'sms', address: '+15550100002', perSecond: 20 },
  { id: 'email', channel: 'email', address: 'hello@sample-clinic.example', perSecond: 20 },
] as const

export interface DemoSecrets {
  key: string
  carrierToken: string
  webhookSecret: string
}

/** Whoever wants to speak to the carrier as the clinic, or as the carrier, gives the two by their variables. */
export function makeSecrets(env: Record<string, string | undefined>): DemoSecrets {
  const secret = () => randomBytes(32).toString('base64')
  return {
    key: secret(),
    carrierToken: env.SANDBOX_CARRIER_TOKEN || secret(),
    webhookSecret: env.SANDBOX_WEBHOOK_SECRET || secret(),
  }
}

/** As an admin would write it; `manifest` is the plugin's own, for the scopes it asks for. */
export function installFile(
  ports: DemoPorts,
  manifest: {
    smart: {
      apps: { scopes: { v2: string[] } }[]
      services: { scopes: { v2: string[] }; optionalScopes?: { v2: string[] } }[]
    }
  },
  options: { quietHours: boolean; now: Date },
): object {
  const [app] = manifest.smart.apps
  const [service] = manifest.smart.services
  const serviceScopes = [...(service?.scopes.v2 ?? []), ...(service?.optionalScopes?.v2 ?? [])]
  return {
    id: install,
    host: {
      fhirBase: `http://localhost:${ports.emr}/fhir`,
      clientId: 'qasid-worker',
      scope: serviceScopes.join(' '),
    },
    app: { clientId: 'qasid-app', scope: (app?.scopes.v2 ?? []).join(' ') },
    senders: senders.map((sender) => ({
      ...sender,
      provider: 'sandbox',
      credentials: {
        baseUrl: `http://localhost:${ports.phones}`,
        token: 'env:DEMO_CARRIER_TOKEN',
        webhookSecret: 'env:DEMO_WEBHOOK_SECRET',
      },
    })),
    settings: settings(options),
  }
}

function settings({ quietHours, now }: { quietHours: boolean; now: Date }): object {
  const plan = ['whatsapp', 'sms', 'email']
  const rule = (id: string, before: string) => ({
    id,
    before,
    plan,
    template: 'visit-reminder',
    bookedLate: 'send-now',
  })
  return {
    clinic: 'Sample Clinic',
    organization: 'Organization/sample-clinic',
    zone: 'Asia/Dubai',
    country: 'AE',
    language: 'en',
    rules: [rule('48h', 'PT48H'), rule('2h', 'PT2H')],
    remindChangesSince: now.toISOString(),
    ...(quietHours && { quietHours: { from: '21:00', to: '08:00' } }),
  }
}

export function qasidEnvironment(
  ports: DemoPorts,
  secrets: DemoSecrets,
  place: { redisUrl: string; redisPrefix: string; dataDir: string },
): Record<string, string> {
  return {
    QASID_PORT: String(ports.qasid),
    QASID_BASE_URL: `http://localhost:${ports.qasid}`,
    QASID_KEY: secrets.key,
    QASID_DATA: place.dataDir,
    QASID_REDIS_PREFIX: place.redisPrefix,
    REDIS_URL: place.redisUrl,
    DEMO_CARRIER_TOKEN: secrets.carrierToken,
    DEMO_WEBHOOK_SECRET: secrets.webhookSecret,
  }
}

export function phonesEnvironment(ports: DemoPorts, secrets: DemoSecrets): Record<string, string> {
  return {
    SANDBOX_PHONE_PORT: String(ports.phones),
    SANDBOX_CARRIER_TOKEN: secrets.carrierToken,
    SANDBOX_WEBHOOK_SECRET: secrets.webhookSecret,
    SANDBOX_QASID_URL: `http://localhost:${ports.qasid}`,
    SANDBOX_EMR_URL: `http://localhost:${ports.emr}`,
    SANDBOX_SENDERS: JSON.stringify(
      senders.map(({ id, address, channel }) => ({
        address,
        channel,
        inboundUrl: `http://localhost:${ports.qasid}/webhooks/${install}/${id}`,
      })),
    ),
  }
}

export function emrEnvironment(ports: DemoPorts): Record<string, string> {
  return {
    SANDBOX_EMR_PORT: String(ports.emr),
    SANDBOX_QASID_URL: `http://localhost:${ports.qasid}`,
    SANDBOX_PHONE_URL: `http://localhost:${ports.phones}`,
  }
}
