/** Carriers and phones as one process on this computer only. All memory is gone when it stops, as in a game. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { createCarrier, type WiredAccount } from './carrier.ts'
import { createDesk } from './desk.ts'
import { createFaults } from './faults.ts'
import { createFileShelf } from './file-shelf.ts'
import { createLedger } from './ledger.ts'
import { liveRoutes } from './live-routes.ts'
import { orderRoutes } from './order-routes.ts'
import type { Links } from './page-frame.ts'
import { phoneApi, phonePages } from './phone-routes.ts'
import type { Pace, Sender } from './recipient-rules.ts'
import { refuse } from './refuse.ts'
import { createTemplateShelf } from './template-shelf.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'
import type { CarrierDesk, WireTemplate } from './wire.ts'
import { witnessRoutes } from './witness-routes.ts'

export interface PhonesOptions extends Links {
  /** 0 takes any free port. */
  port: number
  /** For those who order faults and judge templates. */
  token: string
  /** The companies, and the clinic's account at each. */
  wires: readonly WiredAccount[]
  senders: readonly Sender[]
  /** Milliseconds. */
  pace?: Pace
  /** Milliseconds until a template that nobody judged is approved by itself; without it, never. */
  approvedAfter?: number
}

export interface Phones {
  url: string
  /** Of the companies that do not speak HTTP, by their ids. */
  ports: Record<string, number>
  /** Lets go of the ports and ends everything still under way. */
  stop(): Promise<void>
}

const usualPace: Pace = { queuedFor: 200, sentFor: 400, readFor: 1_500 }

export async function startPhones(options: PhonesOptions): Promise<Phones> {
  refuseOddSenders(options)
  const stopping = new AbortController()
  let url = ''
  const { app, desks } = createApp(options, stopping.signal, () => url)
  const server = createServer(app)
  await listen(server, options.port)
  const { port } = server.address() as AddressInfo
  url = `http://localhost:${port}`
  const others: { id: string; port: number; stop(): Promise<void> }[] = []
  const stop = async () => {
    stopping.abort()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await Promise.all([closed, ...others.map((other) => other.stop())])
  }
  try {
    for (const { wire, desk } of desks)
      if (wire.listen)
        others.push({ id: wire.id, ...(await wire.listen(desk, Number(desk.account.port ?? 0))) })
  } catch (error) {
    await stop()
    throw error
  }
  return { url, ports: Object.fromEntries(others.map(({ id, port }) => [id, port])), stop }
}

function refuseOddSenders({ senders, wires }: PhonesOptions): void {
  const odd = senders.find((sender) => !wires.some(({ wire }) => wire.id === sender.wire))
  if (odd) throw new Error(`The ${odd.channel} sender names the carrier ${odd.wire}, which has no account.`)
}

interface OpenDesk extends WiredAccount {
  desk: CarrierDesk
}

function createApp(
  options: PhonesOptions,
  stopped: AbortSignal,
  baseUrl: () => string,
): { app: Express; desks: OpenDesk[] } {
  const { senders, wires: companies, pace = usualPace, approvedAfter } = options
  const ledger = createLedger()
  const faults = createFaults()
  const files = createFileShelf(stopped)
  const webhooks = createWebhooks({ faults, stopped })
  const carrier = createCarrier({ ledger, webhooks, faults, companies, senders, pace, stopped })
  const desks = companies.map((company): OpenDesk => {
    const judged = (template: WireTemplate) => tellOfTemplate(template, company, senders, webhooks)
    const templates = createTemplateShelf({ judged, approvedAfter, stopped })
    const parts = { company, senders, carrier, ledger, faults, files, templates, baseUrl, stopped }
    return { ...company, desk: createDesk(parts) }
  })
  const phones = { ledger, carrier, files, links: { emrUrl: options.emrUrl, qasidUrl: options.qasidUrl } }
  const app = express()
  app.disable('x-powered-by')
  app.use(pagesKeepToThemselves)
  const shelves = desks.map(({ desk }) => desk.templates)
  app.use('/carrier', orderRoutes({ token: options.token, faults, shelves }))
  for (const { wire, desk } of desks) if (wire.routes) app.use(wire.mount ?? `/${wire.id}`, wire.routes(desk))
  app.use('/api', witnessRoutes(ledger, shelves))
  app.use('/api/phones', phoneApi(phones))
  app.use('/assets', express.static(fileURLToPath(new URL('public', import.meta.url))))
  app.use(liveRoutes(ledger))
  app.use(phonePages(phones))
  app.use(answerFault)
  return { app, desks }
}

/** Told to every sender that templates are for. */
function tellOfTemplate(
  template: WireTemplate,
  { wire, account }: WiredAccount,
  senders: readonly Sender[],
  webhooks: Webhooks,
): void {
  if (!wire.templateCall) return
  const call = wire.templateCall
  for (const sender of senders.filter((one) => one.wire === wire.id && one.channel === 'whatsapp')) {
    // As it was judged now, however often it is told.
    const judged = { ...template }
    void (async () => {
      const told = (signing: Parameters<typeof call>[3]) => call(judged, sender, account, signing)
      if (!(await webhooks.post(wire.id, told))) await webhooks.repeat(wire.id, told)
    })()
  }
}

function pagesKeepToThemselves(_request: Request, response: Response, next: NextFunction): void {
  response.set({ 'content-security-policy': "default-src 'self'", 'x-content-type-options': 'nosniff' })
  next()
}

/** A body that is no JSON is the caller's fault; anything else is ours. Express needs all four parameters. */
function answerFault(
  error: { status?: number; stack?: string },
  _request: Request,
  response: Response,
  _next: NextFunction,
): unknown {
  if (error.status && error.status < 500) {
    return refuse(response, error.status, 'malformed', 'The request is not understood.')
  }
  console.error('The phones met a fault:', error.stack)
  // Half an answer cannot be taken back.
  if (response.headersSent) return response.destroy()
  return refuse(response, 500, 'fault', 'The carrier has a fault of its own.')
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken: stop what uses it, or set SANDBOX_PHONE_PORT to another.`
      reject(cause.code === 'EADDRINUSE' ? new Error(taken, { cause }) : cause)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}
