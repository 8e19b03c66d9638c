/**
 * How the sample clinic is installed: what its admin writes, and the environment that each process reads. Every channel is with
 * one of the carriers in `demo-carriers.ts`.
 */
import { randomBytes } from 'node:crypto'
import {
  type CarrierId,
  carrierAccount,
  type DemoAccount,
  type DemoChannel,
  sandboxAccount,
} from './demo-carriers.ts'

export interface DemoPorts {
  qasid: number
  emr: number
  phones: number
  /** Of the mail server, where there is one. */
  mail: number
  /** Of the FHIR server beside an EMR that keeps none of our records. */
  store: number
}

export const install = 'sample-clinic'

const senders = [
  { id: 'whatsapp', channel: 'whatsapp', address: '+15550100001', perSecond: 80 },
  { id: 'sms', channel: 'sms', address: '+15550100002', perSecond: 80 },
  { id: 'email', channel: 'email', address: 'hello@sample-clinic.example', perSecond: 80 },
] as const

/** What a demo is made of; all secrets are new. */
export interface DemoClinic {
  ports: DemoPorts
  /** Seals what Qasid keeps. */
  key: string
  /** For the EMR's own scripts. */
  apiKey: string
  /** The one that was asked for first, the sandbox's own last: a channel is with the first that has it. */
  accounts: readonly DemoAccount[]
}

/** Whoever wants to speak to the sandbox's carrier as the clinic, or as the carrier, gives its two secrets by their variables. */
export function makeClinic(
  env: Record<string, string | undefined>,
  ports: DemoPorts,
  carrier: CarrierId,
): DemoClinic {
  const url = `http://localhost:${ports.phones}`
  const asked = carrierAccount(carrier, { url, mailPort: ports.mail })
  const given = { token: env.SANDBOX_CARRIER_TOKEN, webhookSecret: env.SANDBOX_WEBHOOK_SECRET }
  const accounts = [...(asked ? [asked] : []), sandboxAccount(url, given)]
  const key = randomBytes(32).toString('base64')
  return { ports, key, apiKey: env.DEMO_API_KEY || randomBytes(24).toString('base64url'), accounts }
}

function accountFor({ accounts }: DemoClinic, channel: DemoChannel): DemoAccount {
  const account = accounts.find(({ channels }) => channels.includes(channel))
  if (!account) throw new Error(`No carrier of the demo has ${channel}.`)
  return account
}

function credentialsOf({ plain, secret }: DemoAccount): Record<string, string> {
  const named = Object.entries(secret).map(([field, { variable }]) => [field, `env:${variable}`])
  return { ...plain, ...Object.fromEntries(named) }
}

/** What an admin writes for `qasid install --with`. */
export function clinicFile(clinic: DemoClinic, options: { quietHours: boolean; now: Date }): object {
  const emr = `http://localhost:${clinic.ports.emr}`
  return {
    id: install,
    cds: { clients: [{ iss: emr, jku: `${emr}/cds/jwks` }] },
    api: [{ id: 'scripts', key: 'env:DEMO_API_KEY' }],
    senders: senders.map((sender) => {
      const account = accountFor(clinic, sender.channel)
      return { ...sender, provider: account.carrier, credentials: credentialsOf(account) }
    }),
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
    // Some EMRs book what nobody has confirmed yet.
    remindOn: ['proposed', 'pending', 'booked'],
    ...(quietHours && { quietHours: { from: '21:00', to: '08:00' } }),
  }
}

export function qasidEnvironment(
  { ports, key, apiKey, accounts }: DemoClinic,
  place: { redisUrl: string; redisPrefix: string; dataDir: string },
): Record<string, string> {
  return {
    QASID_PORT: String(ports.qasid),
    QASID_BASE_URL: `http://localhost:${ports.qasid}`,
    QASID_KEY: key,
    DEMO_API_KEY: apiKey,
    QASID_DATA: place.dataDir,
    QASID_REDIS_PREFIX: place.redisPrefix,
    REDIS_URL: place.redisUrl,
    ...Object.fromEntries(
      accounts.flatMap(({ secret }) => Object.values(secret).map(({ variable, value }) => [variable, value])),
    ),
  }
}

/** What a stranger's shell needs to drive the demo: the API, the `qasid` command, and orders to the carriers. */
export function shellEnvironment(clinic: DemoClinic, qasid: Record<string, string>): string {
  const { token = '' } = clinic.accounts.find(({ carrier }) => carrier === 'sandbox')?.account ?? {}
  const all = { ...qasid, SANDBOX_CARRIER_TOKEN: token }
  return Object.entries(all)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('')
}

/** Milliseconds until a company approves a template by itself. */
const approvedAfter = 1_000

export function phonesEnvironment(clinic: DemoClinic): Record<string, string> {
  const { ports, accounts } = clinic
  const { token = '', webhookSecret = '' } =
    accounts.find(({ carrier }) => carrier === 'sandbox')?.account ?? {}
  const others = accounts.filter(({ carrier }) => carrier !== 'sandbox')
  return {
    SANDBOX_PHONE_PORT: String(ports.phones),
    SANDBOX_CARRIER_TOKEN: token,
    SANDBOX_WEBHOOK_SECRET: webhookSecret,
    SANDBOX_QASID_URL: `http://localhost:${ports.qasid}`,
    SANDBOX_EMR_URL: `http://localhost:${ports.emr}`,
    SANDBOX_APPROVED_AFTER: String(approvedAfter),
    SANDBOX_ACCOUNTS: JSON.stringify(
      Object.fromEntries(others.map(({ carrier, account }) => [carrier, account])),
    ),
    SANDBOX_SENDERS: JSON.stringify(
      senders.map(({ id, address, channel }) => ({
        address,
        channel,
        wire: accountFor(clinic, channel).carrier,
        inboundUrl: `http://localhost:${ports.qasid}/webhooks/${install}/${id}`,
      })),
    ),
  }
}

export function emrEnvironment(ports: DemoPorts, like: string): Record<string, string> {
  return {
    SANDBOX_LIKE: like,
    SANDBOX_EMR_PORT: String(ports.emr),
    SANDBOX_QASID_URL: `http://localhost:${ports.qasid}`,
    SANDBOX_PHONE_URL: `http://localhost:${ports.phones}`,
  }
}
