/**
 * What contract tests against an imitated company share: the phones with that one company behind them, and an ear that takes
 * every webhook. A company's own test adds its credentials.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startPhones } from '../../sandbox/phones/start-phones.ts'
import type { Account, Wire } from '../../sandbox/phones/wire.ts'
import type { Channel } from '../../src/domain/channel.ts'
import type { OutgoingMessage, RawWebhook } from '../../src/providers/provider.ts'
import type { Company, Taken } from './provider-conversation.ts'

/** Of those who order faults and judge templates; no company knows it. */
const token = 'token-for-orders-of-a-test'

export interface CarrierCompany
  extends Required<
    Pick<Company<unknown>, 'taken' | 'forgot' | 'callbackUrl' | 'write' | 'judge' | 'webhooks' | 'stop'>
  > {
  /** Of the phones; the company's API is at `/{wire}` there. */
  url: string
  /** Of a company that does not speak HTTP. */
  port?: number
  misbehave(order: { kind: string; for?: number; ms?: number }): Promise<void>
}

export async function startCarrierCompany(wishes: {
  wire: Wire
  account: Account
  senders: readonly { channel: Channel; address: string }[]
  /** Phones whose WhatsApp window is open, where the company minds it. */
  friends?: readonly string[]
}): Promise<CarrierCompany> {
  const { wire, account, friends = ['+971501234567'] } = wishes
  const ear = await startEar()
  const phones = await startPhones({
    ...{ port: 0, token, wires: [{ wire, account }], pace: { queuedFor: 2, sentFor: 2, readFor: 2 } },
    senders: wishes.senders.map(({ channel, address }) => ({
      ...{ channel, address, wire: wire.id, inboundUrl: `${ear.url}/webhooks/sample-clinic/${channel}` },
    })),
  })
  const order = (path: string, body: object) => ask(`${phones.url}/carrier/${path}`, { body, token })
  const write: CarrierCompany['write'] = async (channel, from, { file, ...said }) => {
    const base64 = file && Buffer.from(file.bytes).toString('base64')
    const body = { channel, ...said, ...(file && { file: { ...file, base64 } }) }
    await ask(`${phones.url}/api/phones/${encodeURIComponent(from)}/replies`, { body })
  }
  if (wire.mindsWindow && wishes.senders.some(({ channel }) => channel === 'whatsapp'))
    for (const friend of friends)
      await write('whatsapp', friend as OutgoingMessage['to'], { text: 'Hello, is anybody there?' })
  return {
    url: phones.url,
    port: phones.ports[wire.id],
    taken: (outgoing) => taken(phones.url, outgoing),
    forgot: async (providerId) =>
      (await ledgerOf(phones.url)).some((one) => one.id === providerId && one.redacted === true),
    callbackUrl: (attemptId) => `${ear.url}/webhooks/sample-clinic/any?attempt=${attemptId}`,
    write,
    judge: (template, decision) => order(`templates/${template}/judge`, { decision }),
    misbehave: (fault) => order('faults', fault),
    webhooks: () => ear.heard,
    async stop() {
      await phones.stop()
      await ear.stop()
    },
  }
}

/** Takes every webhook and keeps it as it came. */
async function startEar() {
  const heard: RawWebhook[] = []
  let url = ''
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    heard.push({
      method: request.method ?? '',
      // Some companies sign it too.
      url: `${url}${request.url}`,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, `${value}`])),
      body: Buffer.concat(chunks),
    })
    response.writeHead(200).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { heard, url, stop }
}

interface Witnessed extends Omit<Taken, 'providerId'> {
  id: string
  channel: Channel
  attempt: string
  text: string
  redacted?: boolean
}

async function ledgerOf(url: string): Promise<Witnessed[]> {
  const answer = await fetch(`${url}/api/ledger`)
  return (await answer.json()) as Witnessed[]
}

/** By the attempt that the company was given; where it was given none, by whom it went to and what it says. */
async function taken(url: string, { attemptId, channel, to, content }: OutgoingMessage): Promise<Taken[]> {
  const all = await ledgerOf(url)
  const mine = all.filter(
    (one) =>
      one.attempt === attemptId ||
      (!one.attempt && one.to === to && one.channel === channel && saysTheSame(one, content)),
  )
  return mine.map(({ id, to, text, subject, template, file, reaction, replyTo }) => ({
    ...{ providerId: id, to, text },
    ...(subject && { subject }),
    ...(template && { template }),
    ...(file && { file }),
    ...(reaction && { reaction }),
    ...(replyTo && { replyTo }),
  }))
}

function saysTheSame({ text, template, file, reaction }: Witnessed, content: OutgoingMessage['content']) {
  switch (content.kind) {
    case 'text':
      return !template && !file && text === content.text
    case 'template':
      return template?.name === content.template.name
    case 'file':
      return file?.contentType === content.file.contentType
    case 'reaction':
      return reaction?.toMessage === content.toMessage
  }
}

async function ask(url: string, { body, token }: { body: object; token?: string }): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}: ${await answer.text()}`)
}
