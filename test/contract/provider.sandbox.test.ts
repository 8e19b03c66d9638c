/** The sandbox provider against the sandbox's own carrier, both over HTTP. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startPhones } from '../../sandbox/phones/start-phones.ts'
import type { Address } from '../../src/domain/address.ts'
import type { OutgoingMessage, RawWebhook } from '../../src/providers/provider.ts'
import { type SandboxCredentials, sandbox } from '../../src/providers/sandbox.ts'
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

/** Takes every webhook and keeps it as it came. */
async function startEar() {
  const heard: RawWebhook[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    heard.push({
      method: request.method ?? '',
      url: `https://qasid.example${request.url}`,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, `${value}`])),
      body: Buffer.concat(chunks),
    })
    response.writeHead(200).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { heard, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function start(): Promise<Company<SandboxCredentials>> {
  const ear = await startEar()
  const phones = await startPhones({
    ...{ port: 0, carrierToken: token, webhookSecret, pace: { queuedFor: 2, sentFor: 2, readFor: 2 } },
    senders: Object.entries(senders).map(([channel, own]) => ({
      ...{ channel: channel as keyof typeof senders, address: own, inboundUrl: `${ear.url}/inbound` },
    })),
  })
  return {
    credentials: { baseUrl: phones.url, token, webhookSecret },
    secrets: [token, webhookSecret],
    taken: (outgoing) => taken(phones.url, outgoing),
    callbackUrl: (attemptId) => `${ear.url}/webhooks/sample-clinic/any?attempt=${attemptId}`,
    async write(channel, from, text) {
      await postJson(`${phones.url}/api/phones/${encodeURIComponent(from)}/replies`, { channel, text })
    },
    webhooks: () => ear.heard,
    async stop() {
      await phones.stop()
      ear.server.closeAllConnections()
      ear.server.close()
    },
  }
}

interface OnPhone {
  id: string
  to: string
  text: string
  subject?: string
}

/** The carrier's ledger says which, the phone says what. */
async function taken(url: string, { attemptId, to }: OutgoingMessage) {
  const headers = { authorization: `Bearer ${token}` }
  const ledger = await getJson<{ id: string }[]>(`${url}/carrier/messages?correlation=${attemptId}`, headers)
  if (ledger.length === 0) return []
  const phone = await getJson<OnPhone[]>(`${url}/api/phones/${encodeURIComponent(to)}/messages`)
  return ledger.map(({ id }) => {
    const { to = '', text = '', subject } = phone.find((one) => one.id === id) ?? {}
    return { providerId: id, to, text, ...(subject && { subject }) }
  })
}

async function getJson<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, { headers })
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}`)
  return (await response.json()) as T
}

async function postJson(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}`)
}

const accepted = { kind: 'accepted' } as const

describeProvider(sandbox, {
  start,
  pointedAt: (credentials, baseUrl) => ({ ...credentials, baseUrl }),
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
      wanted: [{ kind: 'misconfigured', code: 'country-not-allowed' }],
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
