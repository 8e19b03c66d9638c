/** Carrier and phones as one process on this computer only. All memory is gone when it stops, as in a game. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { createCarrier } from './carrier.ts'
import { carrierRoutes, refuse } from './carrier-routes.ts'
import { createFaults } from './faults.ts'
import { createLedger } from './ledger.ts'
import { liveRoutes } from './live-routes.ts'
import type { Links } from './page-frame.ts'
import { phoneApi, phonePages } from './phone-routes.ts'
import { createRecipientRules, type Pace, type Sender } from './recipient-rules.ts'
import { createWebhooks } from './webhooks.ts'

export interface PhonesOptions extends Links {
  /** 0 takes any free port. */
  port: number
  carrierToken: string
  webhookSecret: string
  senders: readonly Sender[]
  /** Milliseconds. */
  pace?: Pace
}

export interface Phones {
  url: string
  /** Lets go of the port and ends everything still under way. */
  stop(): Promise<void>
}

const usualPace: Pace = { queuedFor: 200, sentFor: 400, readFor: 1_500 }

export async function startPhones(options: PhonesOptions): Promise<Phones> {
  const stopping = new AbortController()
  const server = createServer(createApp(options, stopping.signal))
  await listen(server, options.port)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    stop: async () => {
      stopping.abort()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function createApp(options: PhonesOptions, stopped: AbortSignal): Express {
  const { carrierToken: token, webhookSecret: secret, senders, pace = usualPace } = options
  const ledger = createLedger()
  const faults = createFaults()
  const webhooks = createWebhooks({ secret, faults, stopped })
  const carrier = createCarrier({ ledger, webhooks, senders, pace, stopped })
  const phones = { ledger, carrier, links: { emrUrl: options.emrUrl, qasidUrl: options.qasidUrl } }
  const app = express()
  app.disable('x-powered-by')
  app.use(pagesKeepToThemselves)
  app.use('/carrier', carrierRoutes({ token, carrier, rules: createRecipientRules(senders), ledger, faults }))
  app.use('/api/phones', phoneApi(phones))
  app.use('/assets', express.static(fileURLToPath(new URL('public', import.meta.url))))
  app.use(liveRoutes(ledger))
  app.use(phonePages(phones))
  app.use(answerFault)
  return app
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
