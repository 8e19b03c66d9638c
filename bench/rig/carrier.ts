/**
 * A stranger's carrier, as a process of its own: it takes the sandbox provider's sends by base URL, answers after a set
 * time, and keeps a ledger of its own, which outlives whoever sends. It knows nothing of us and refuses no repetition:
 * what is sent twice is on its ledger twice.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Entry, Orders } from './carrier-ledger.ts'

const { CARRIER_TOKEN = '', CARRIER_WEBHOOK_SECRET = '' } = process.env
const receiptAfter = 300

const ledger: Entry[] = []
/** When the first to each address came. */
const arrivals = new Map<string, number>()
const byAttempt = new Map<string, Entry[]>()
const seen = { sends: 0 }
const orders: Orders = { answersAfter: 50, receipts: 'none', refuse: 0, drop: 0, every: 1 }

const server = createServer((request, response) => {
  void answer(request, response).catch(() => response.destroy())
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://carrier')
  const body = await readBody(request)
  if (request.headers.authorization !== `Bearer ${CARRIER_TOKEN}`)
    return say(response, 401, { code: 'unauthorized' })
  switch (`${request.method} ${url.pathname}`) {
    case 'POST /carrier/messages':
      return take(response, body as Sent)
    case 'GET /carrier/messages':
      return say(response, 200, (byAttempt.get(url.searchParams.get('correlation') ?? '') ?? []).map(toKnown))
    case 'GET /carrier/account':
      return say(response, 200, {})
    case 'GET /ledger':
      return say(response, 200, ledger)
    case 'GET /ledger/arrival':
      return say(response, 200, { at: arrivals.get(url.searchParams.get('mark') ?? '') })
    case 'GET /ledger/count':
      return say(response, 200, { accepted: ledger.length })
    case 'POST /orders':
      Object.assign(orders, body)
      return say(response, 200, orders)
    default:
      return say(response, 404, {})
  }
}

interface Sent {
  to: string
  text?: string
  correlation: string
  callbackUrl?: string
}

function take(response: ServerResponse, sent: Sent): void {
  seen.sends += 1
  const turn = seen.sends % orders.every
  if (orders.refuse > 0 && turn === Math.floor(orders.every / 2)) {
    orders.refuse -= 1
    say(response, 429, { code: 'rate-limited' })
    return
  }
  const entry: Entry = {
    id: randomUUID(),
    attempt: sent.correlation,
    mark: createHash('sha256').update(sent.to).digest('hex').slice(0, 16),
    at: Date.now(),
    segments: Math.max(1, Math.ceil((sent.text ?? '').length / 160)),
    answered: false,
  }
  ledger.push(entry)
  if (!arrivals.has(entry.mark)) arrivals.set(entry.mark, entry.at)
  byAttempt.set(entry.attempt, [...(byAttempt.get(entry.attempt) ?? []), entry])
  if (orders.drop > 0 && turn === 0) {
    orders.drop -= 1
    response.destroy()
    return
  }
  setTimeout(() => reply(response, entry, sent), orders.answersAfter)
}

function reply(response: ServerResponse, entry: Entry, sent: Sent): void {
  // Whoever asked has died: nobody will ever see this answer.
  if (response.destroyed || response.socket?.destroyed !== false) return
  entry.answered = true
  say(response, 202, { id: entry.id, segments: entry.segments })
  if (orders.receipts === 'answered' && sent.callbackUrl) {
    const { callbackUrl } = sent
    setTimeout(() => void tell(callbackUrl, entry), receiptAfter)
  }
}

/** Like most companies it tries again for a while. */
async function tell(callbackUrl: string, entry: Entry): Promise<void> {
  const { id, attempt: correlation } = entry
  const body = JSON.stringify({ type: 'status', id, status: 'delivered', at: now(), correlation })
  const signature = createHmac('sha256', CARRIER_WEBHOOK_SECRET).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-mock-signature': `sha256=${signature}` }
  for (let tries = 0; tries < 30; tries += 1) {
    const told = await fetch(callbackUrl, { method: 'POST', headers, body }).catch(() => undefined)
    await told?.arrayBuffer().catch(() => undefined)
    if (told?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

function toKnown({ id }: Entry) {
  return { id, status: 'delivered', at: now() }
}

function now(): string {
  return new Date().toISOString()
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return parts.length > 0 ? JSON.parse(Buffer.concat(parts).toString()) : undefined
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
