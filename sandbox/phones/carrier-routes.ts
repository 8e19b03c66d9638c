/** The carrier's API: what a company's customers see of it. Refusals are `{ code, message }`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { Carrier } from './carrier.ts'
import { type Faults, faultKinds } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { RecipientRules } from './recipient-rules.ts'
import { parseSendRequest, priceOf } from './send-request.ts'

interface CarrierApi {
  token: string
  carrier: Carrier
  rules: RecipientRules
  ledger: Ledger
  faults: Faults
}

export function carrierRoutes(api: CarrierApi): Router {
  const router = Router()
  router.use(onlyWithToken(api.token))
  router.use(express.json({ limit: '256kb' }))
  router.post('/messages', (request, response) => acceptMessage(request, response, api))
  router.get('/messages', (request, response) => listMessages(request, response, api))
  router.post('/faults', (request, response) => orderFault(request, response, api))
  router.delete('/faults', (_request, response) => {
    api.faults.clear()
    response.status(204).end()
  })
  return router
}

async function acceptMessage(request: Request, response: Response, api: CarrierApi): Promise<unknown> {
  const fault = api.faults.take('cut', '500', 'timeout-after-accept', 'early')
  if (fault === 'cut') return request.socket.destroy()
  if (fault === '500') return response.status(500).type('html').send('<h1>Internal Server Error</h1>')
  const parsed = parseSendRequest(request.body)
  if (parsed.kind === 'malformed') return refuse(response, 400, 'malformed', parsed.because)
  const refusal = api.rules.judge(parsed.request)
  if (refusal) {
    if (refusal.retryAfter) response.set('Retry-After', String(refusal.retryAfter))
    return refuse(response, refusal.status, refusal.code, refusal.message)
  }
  const { message, report } = api.carrier.take(parsed.request)
  if (fault === 'timeout-after-accept') return report()
  if (fault === 'early') await report()
  response.status(201).json({ id: message.id, status: 'queued', ...priceOf(parsed.request) })
  return fault === 'early' ? undefined : report()
}

function listMessages(request: Request, response: Response, { ledger }: CarrierApi): void {
  const { correlation } = request.query
  const found = ledger.outbox(correlation === undefined ? undefined : String(correlation))
  response.json(found.map(({ id, status, correlation }) => ({ id, status, correlation })))
}

const faultOrder = z.object({ kind: z.enum(faultKinds), for: z.int().positive().optional() })

function orderFault(request: Request, response: Response, { faults }: CarrierApi): Response {
  const order = faultOrder.safeParse(request.body)
  if (!order.success) return refuse(response, 400, 'malformed', `kind is one of ${faultKinds.join(', ')}`)
  faults.order(order.data.kind, order.data.for)
  return response.status(204).end()
}

function onlyWithToken(token: string) {
  const expected = digest(`Bearer ${token}`)
  return (request: Request, response: Response, next: NextFunction) => {
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) return next()
    refuse(response, 401, 'unauthorized', 'The token is missing or wrong.')
  }
}

/** Equal lengths, as a comparison in constant time needs them. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export function refuse(response: Response, status: number, code: string, message: string): Response {
  return response.status(status).json({ code, message })
}
