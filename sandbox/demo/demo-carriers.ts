/**
 * Whom the sample clinic's messages go through, by `--carrier`. A carrier has some of the channels; the others stay with the
 * sandbox's own. What it needs stands here as an admin would write it into the install file, and as the company has it.
 */
import { randomBytes } from 'node:crypto'

export const channels = ['whatsapp', 'sms', 'email'] as const
export type DemoChannel = (typeof channels)[number]

export const carrierIds = ['sandbox', 'twilio', 'meta', 'unifonic', 'smtp'] as const
export type CarrierId = (typeof carrierIds)[number]

/** The clinic's account with a company. */
export interface DemoAccount {
  carrier: CarrierId
  channels: readonly DemoChannel[]
  /** As the company has it. */
  account: Record<string, string>
  /** What the install file says of it, besides its secrets. */
  plain: Record<string, string>
  /** What stands there as `env:NAME`, by field: the variables and what they hold. */
  secret: Record<string, { variable: string; value: string }>
}

/** Where the companies' imitations are. */
export interface CarrierPlace {
  /** Of the phones' server, without a slash at its end. */
  url: string
  /** Of the mail server. */
  mailPort: number
}

type Secrets = Record<string, string>

/** `given` secrets are used instead of new ones. */
export function sandboxAccount(url: string, given: { token?: string; webhookSecret?: string }): DemoAccount {
  const secrets = {
    token: given.token || newSecret(),
    webhookSecret: given.webhookSecret || newSecret(),
  }
  return { ...withSecrets('sandbox', secrets), channels, account: secrets, plain: { baseUrl: url } }
}

/** `undefined` for the sandbox's own, which is there in any case. */
export function carrierAccount(carrier: CarrierId, { url, mailPort }: CarrierPlace): DemoAccount | undefined {
  switch (carrier) {
    case 'sandbox':
      return undefined
    case 'twilio': {
      const baseUrl = `${url}/twilio`
      const own = { accountSid: `AC${randomBytes(16).toString('hex')}`, baseUrl }
      const secrets = { authToken: newSecret() }
      return {
        ...withSecrets(carrier, secrets),
        channels: ['sms', 'whatsapp'],
        account: { ...own, ...secrets },
        plain: { ...own, contentUrl: baseUrl },
      }
    }
    case 'meta': {
      const own = { phoneNumberId: '200000000000001', businessAccountId: '100000000000001' }
      const secrets = { accessToken: newSecret(), appSecret: newSecret(), verifyToken: newSecret() }
      return {
        ...withSecrets(carrier, secrets),
        channels: ['whatsapp'],
        account: { ...own, ...secrets },
        plain: { ...own, baseUrl: `${url}/meta` },
      }
    }
    case 'unifonic': {
      const own = { publicId: 'sample-clinic' }
      const secrets = { appSid: newSecret(), webhookToken: newSecret(), secret: newSecret() }
      return {
        ...withSecrets(carrier, secrets),
        channels: ['sms', 'whatsapp'],
        account: { ...own, ...secrets },
        plain: { ...own, baseUrl: `${url}/unifonic`, whatsappUrl: `${url}/unifonic` },
      }
    }
    case 'smtp': {
      const own = { user: 'sample-clinic' }
      const secrets = { password: newSecret(), webhookSecret: newSecret() }
      const server = { host: '127.0.0.1', port: String(mailPort), security: 'none' }
      return {
        ...withSecrets(carrier, secrets),
        channels: ['email'],
        account: { ...own, ...secrets, port: server.port },
        plain: { ...own, ...server, fromName: 'Sample Clinic' },
      }
    }
  }
}

/** `authToken` of `twilio` is in `DEMO_TWILIO_AUTH_TOKEN`. */
function withSecrets(carrier: CarrierId, secrets: Secrets): Pick<DemoAccount, 'carrier' | 'secret'> {
  const secret = Object.entries(secrets).map(([field, value]) => {
    const variable = `DEMO_${carrier}_${field.replace(/[A-Z]/g, '_$&')}`.toUpperCase()
    return [field, { variable, value }]
  })
  return { carrier, secret: Object.fromEntries(secret) }
}

/** What a URL may hold as it is. */
function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
