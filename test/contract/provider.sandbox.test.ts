/** The sandbox provider against the sandbox's own carrier, both over HTTP. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { sandbox as wire } from '../../sandbox/carriers/sandbox.ts'
import type { Address } from '../../src/domain/address.ts'
import { instant } from '../../src/domain/time.ts'
import { type SandboxCredentials, sandbox } from '../../src/providers/sandbox.ts'
import { startCarrierCompany } from './carrier-company.ts'
import { nobodysUrl } from './misbehaving-company.ts'
import { describeProvider } from './provider.ts'
import type { Company } from './provider-conversation.ts'

const address = (text: string) => text as Address
const senders = {
  sms: address('+15550100001'),
  whatsapp: address('+15550100002'),
  email: address('hello@clinic.example'),
}
const token = 'carrier-token-of-a-test'
const webhookSecret = 'webhook-secret-of-a-test'

async function start(): Promise<Company<SandboxCredentials>> {
  const { url, ...company } = await startCarrierCompany({
    ...{ wire, account: { token, webhookSecret } },
    senders: Object.entries(senders).map(([channel, own]) => ({
      ...{ channel: channel as keyof typeof senders, address: own },
    })),
  })
  return {
    ...company,
    credentials: { baseUrl: url, token, webhookSecret },
    secrets: [token, webhookSecret],
  }
}

const accepted = { kind: 'accepted' } as const

describeProvider(sandbox, {
  start,
  pointedAt: (credentials, baseUrl) => ({ ...credentials, baseUrl }),
  mistaken: (credentials) => ({ ...credentials, token: 'another' }),
  senders,
  recipients: {
    sms: address('+971501234567'),
    whatsapp: address('+971501234567'),
    email: address('ada@home.example'),
  },
  answers: [
    {
      ...{ when: 'no such number', channel: 'sms', to: address('+15005550001') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'invalid-recipient' }],
    },
    {
      ...{ when: 'a number that cannot be reached', channel: 'sms', to: address('+15005550002') },
      wanted: [{ kind: 'rejected', reason: 'recipient-unreachable', code: 'recipient-unreachable' }],
    },
    {
      ...{ when: 'a country that is not switched on', channel: 'sms', to: address('+15005550003') },
      wanted: [{ kind: 'rejected', reason: 'recipient-not-allowed', code: 'country-not-allowed' }],
    },
    {
      ...{ when: 'a person who opted out at the carrier', channel: 'sms', to: address('+15005550004') },
      wanted: [{ kind: 'opted-out', code: 'opted-out' }],
    },
    {
      ...{ when: 'no mobile', channel: 'sms', to: address('+15005550009') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'not-a-mobile' }],
    },
    {
      ...{ when: 'too fast, twice', channel: 'sms', to: address('+15005550011') },
      wanted: [{ kind: 'throttled', waitFor: 1_000 }, { kind: 'throttled', waitFor: 1_000 }, accepted],
    },
    {
      ...{ when: 'not taken, twice', channel: 'sms', to: address('+15005550012') },
      wanted: [
        { kind: 'unreachable', code: 'try-later' },
        { kind: 'unreachable', code: 'try-later' },
        accepted,
      ],
    },
    {
      ...{ when: 'free text after 24 hours', channel: 'whatsapp', to: address('+15005550013') },
      wanted: [{ kind: 'rejected', reason: 'outside-window', code: 'outside-window' }],
    },
    {
      ...{ when: 'no such mailbox', channel: 'email', to: address('bounce@home.example') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'invalid-recipient' }],
    },
    {
      ...{ when: 'a busy mailbox', channel: 'email', to: address('later@home.example') },
      wanted: [{ kind: 'unreachable', code: 'try-later' }],
    },
    {
      ...{ when: 'a landline', channel: 'sms', to: address('+97142345678') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'not-a-mobile' }],
    },
    {
      ...{ when: 'what is no number', channel: 'sms', to: address('+0') },
      wanted: [{ kind: 'rejected', reason: 'invalid-recipient', code: 'invalid-recipient' }],
    },
  ],
  usual: {
    sms: ['queued', 'sent', 'delivered'],
    whatsapp: ['queued', 'sent', 'delivered', 'read'],
    email: ['queued', 'sent', 'delivered'],
  },
  endings: [
    {
      ...{ when: 'anyone', channel: 'sms', to: address('+971501234567') },
      wanted: ['queued', 'sent', 'delivered'],
    },
    {
      ...{ when: 'anyone on WhatsApp', channel: 'whatsapp', to: address('+971501234567') },
      wanted: ['queued', 'sent', 'delivered', 'read'],
    },
    {
      ...{ when: 'anyone by e-mail', channel: 'email', to: address('ada@home.example') },
      wanted: ['queued', 'sent', 'delivered'],
    },
    {
      ...{ when: 'taken, never arrived', channel: 'sms', to: address('+15005550010') },
      wanted: ['queued', 'sent', 'undelivered'],
    },
    {
      ...{ when: 'no receipt ever', channel: 'sms', to: address('+15005550014') },
      wanted: ['queued', 'sent'],
    },
    {
      ...{ when: 'twice and out of order', channel: 'sms', to: address('+15005550015') },
      wanted: ['delivered', 'queued', 'queued', 'sent', 'delivered'],
    },
  ],
  exceptions: [],
})

describe('The sandbox besides', () => {
  let company: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    company = await start()
  })
  afterAll(() => company.stop())

  it('tells files that are gone, altered, or out of reach apart', async () => {
    const from = address('+971501234567')
    const scan = { contentType: 'image/png', name: 'scan.png', bytes: Buffer.from('a picture') }
    await company.write('whatsapp', from, { file: scan })
    const file = await vi.waitFor(async () => {
      const [webhook] = company.webhooks()
      const parsed = webhook && (await sandbox.parse(webhook, instant(0), company.credentials))
      const [event] = parsed?.kind === 'events' ? parsed.events : []
      if (event?.kind !== 'inbound' || !event.files?.[0]) throw new Error('nothing is heard of it yet')
      return event.files[0]
    })
    expect(file).toMatchObject({ kind: 'image', name: 'scan.png', sha256: expect.any(String) })
    const fetch = (wanted: typeof file, given = company.credentials) =>
      sandbox.fetchFile?.(wanted, given, 100)
    expect(await fetch(file)).toMatchObject({ kind: 'file', contentType: 'image/png' })
    expect(await fetch({ ...file, location: 'none' })).toEqual({ kind: 'refused', because: 'gone' })
    expect(await fetch({ ...file, sha256: 'another' })).toEqual({ kind: 'refused', because: 'altered' })
    const away = { ...company.credentials, baseUrl: await nobodysUrl() }
    expect(await fetch(file, away)).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED' })
    const stranger = { ...company.credentials, token: 'another' }
    expect(await fetch(file, stranger)).toEqual({ kind: 'unreachable', code: 'http-401' })
  })

  it('a number that is not the account’s is told by the health check', async () => {
    const sender = { channel: 'sms' as const, address: address('+15550109999') }
    expect(await sandbox.checkHealth(sender, company.credentials)).toEqual({
      ...{ kind: 'misconfigured', code: 'unknown-sender' },
    })
  })
})
