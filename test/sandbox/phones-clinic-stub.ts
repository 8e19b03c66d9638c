/** A clinic's web server that keeps every webhook it gets, raw, and answers as the test wants. */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'
import { sandbox } from '../../sandbox/carriers/sandbox.ts'
import { type Phones, startPhones } from '../../sandbox/phones/start-phones.ts'

export interface Webhook {
  url: string
  raw: string
  event: Record<string, string>
  signature: string | undefined
}

export interface ClinicStub {
  url: string
  webhooks: Webhook[]
  /** Status codes for the next webhooks, one each; 204 afterwards. */
  answers: number[]
  stop(): Promise<void>
}

export async function startClinicStub(): Promise<ClinicStub> {
  const webhooks: Webhook[] = []
  const answers: number[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const raw = Buffer.concat(chunks).toString()
    const signature = request.headers['x-mock-signature']?.toString()
    webhooks.push({ url: request.url ?? '', raw, event: JSON.parse(raw), signature })
    response.writeHead(answers.shift() ?? 204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webhooks,
    answers,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const token = 'carrier-token-of-a-test'
export const secret = 'webhook-secret-of-a-test'
export const smsSender = '+15550100001'
export const whatsappSender = '+15550100002'
export const mailSender = 'desk@sample-clinic.example'

export function startTestPhones(clinic: ClinicStub): Promise<Phones> {
  const inboundUrl = (sender: string) => `${clinic.url}/webhooks/sample-clinic/${sender}`
  return startPhones({
    port: 0,
    token,
    wires: [{ wire: sandbox, account: { token, webhookSecret: secret } }],
    pace: { queuedFor: 5, sentFor: 5, readFor: 5 },
    senders: [
      { address: smsSender, wire: 'sandbox', channel: 'sms', inboundUrl: inboundUrl('sms') },
      { address: whatsappSender, wire: 'sandbox', channel: 'whatsapp', inboundUrl: inboundUrl('whatsapp') },
      { address: mailSender, wire: 'sandbox', channel: 'email', inboundUrl: inboundUrl('email') },
    ],
  })
}

export const senderOf: Record<string, string> = {
  sms: smsSender,
  whatsapp: whatsappSender,
  email: mailSender,
}

/** The sandbox's carrier as the clinic calls it. */
export function createCaller(phones: () => Phones, clinic: () => ClinicStub) {
  const carrier = (path: string, init: RequestInit = {}, bearer = token) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
    return fetch(`${phones().url}/carrier${path}`, { ...init, headers })
  }
  const send = (wish: Record<string, unknown> = {}, init: RequestInit = {}) => {
    const message = {
      channel: 'sms',
      from: senderOf[String(wish.channel ?? 'sms')],
      to: '+971500000018',
      text: 'Your visit is tomorrow at 10:00.',
      correlation: 'attempt-1',
      callbackUrl: `${clinic().url}/webhooks/sample-clinic/sms?attempt=attempt-1`,
      ...wish,
    }
    return carrier('/messages', { method: 'POST', body: JSON.stringify(message), ...init })
  }
  return {
    carrier,
    send,
    fault: (kind: string, times?: number, more: object = {}) =>
      carrier('/faults', { method: 'POST', body: JSON.stringify({ kind, for: times, ...more }) }),
    statuses: () => clinic().webhooks.map(({ event }) => event.status),
    ledger: async (correlation: string) => (await carrier(`/messages?correlation=${correlation}`)).json(),
  }
}

/** A patient's phone, by its API. */
export function createPhone(phones: () => Phones, address: string) {
  const url = (path: string) => `${phones().url}/api/phones/${encodeURIComponent(address)}/${path}`
  return {
    messages: async () => (await fetch(url('messages'))).json(),
    reply: (body: unknown) =>
      fetch(url('replies'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    page: async () => (await fetch(`${phones().url}/phones/${encodeURIComponent(address)}`)).text(),
  }
}

export function signatureOf(raw: string): string {
  return `sha256=${createHmac('sha256', secret).update(raw).digest('hex')}`
}

/** Waits for a fact, patiently enough for a busy machine. */
export function eventually(fact: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(fact, { timeout: 10_000, interval: 10 })
}
